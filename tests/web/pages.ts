/** What a walk through all pages fills into their addresses. */
export interface PlacesToWalk {
  run: string;
  evidence: string;
}

/** A page of the cockpit, and what proves that its real content stands on it. */
export interface PageToWalk {
  /** As the router knows it. */
  route: string;
  /** Its address: where a route has parameters or several views, one for each. */
  at: (places: PlacesToWalk) => string;
  /** Text that only real content brings; the page counts as there with it. */
  shows: string | RegExp;
  /** Null for somebody who is not signed in. */
  person: string | null;
  /** Status with which the API refuses something here, and has to. */
  refusal?: string;
}

const launch = '/launches/shop-cutover';

/** Every page, in one line each. A route without one fails the walk. */
export const pagesToWalk: readonly PageToWalk[] = [
  { route: '/', at: () => '/', shows: 'Look whether it is frozen', person: 'alice' },
  { route: '/launches/$launch', at: () => launch, shows: 'Gift cards', person: 'alice' },
  { route: '/launches/$launch/gates', at: () => `${launch}/gates`, shows: 'ready for T-0', person: 'alice' },
  {
    route: '/launches/$launch/gates/$gate',
    at: () => `${launch}/gates/ready`,
    shows: 'Shortest way to GO',
    person: 'alice',
  },
  { route: '/launches/$launch/data', at: () => `${launch}/data`, shows: 'Datasets in production', person: 'alice' },
  {
    route: '/launches/$launch/data/$dataset',
    at: () => `${launch}/data/orders`,
    shows: 'A restore was rehearsed today',
    person: 'alice',
  },
  {
    route: '/launches/$launch/rollouts',
    at: () => `${launch}/rollouts`,
    shows: 'Never begun',
    person: 'alice',
  },
  {
    route: '/launches/$launch/rollback',
    at: () => `${launch}/rollback`,
    shows: 'declares no way back',
    person: 'alice',
  },
  {
    route: '/launches/$launch/rollouts/$shift',
    at: () => `${launch}/rollouts/shift-gone`,
    shows: 'expected one that was started, got none',
    person: 'alice',
    refusal: '404',
  },
  { route: '/launches/$launch/evidence', at: () => `${launch}/evidence`, shows: /backup|api-health/, person: 'alice' },
  {
    route: '/launches/$launch/evidence/$id',
    at: ({ evidence }) => `${launch}/evidence/${evidence}`,
    shows: /[0-9a-f]{12}/,
    person: 'alice',
  },
  { route: '/launches/$launch/documents', at: () => `${launch}/documents`, shows: 'sop/orders.md', person: 'alice' },
  {
    route: '/launches/$launch/documents/$',
    at: () => `${launch}/documents/launch.md`,
    shows: 'The legacy shop has taken orders',
    person: 'alice',
  },
  {
    route: '/launches/$launch/acceptance',
    at: () => `${launch}/acceptance`,
    shows: 'You have no pass',
    person: 'alice',
  },
  { route: '/launches/$launch/runs', at: () => `${launch}/runs`, shows: /run-[a-z0-9]+/, person: 'alice' },
  ...['timeline', 'steps', 'graph', 'compare', 'approvals', 'events'].map((view) => ({
    route: '/launches/$launch/runs/$run',
    at: ({ run }: PlacesToWalk) => `${launch}/runs/${run}?view=${view}`,
    shows: 'Look whether it is frozen',
    person: 'alice',
  })),
  {
    route: '/launches/$launch/runs/$run',
    at: ({ run }) => `${launch}/runs/${run}?step=look`,
    shows: 'Look whether it is frozen',
    person: 'alice',
  },
  { route: '/queue', at: () => '/queue', shows: 'expected room, got none', person: 'alice' },
  { route: '/audit', at: () => '/audit', shows: /alice|carol/, person: 'alice' },
  ...['account', 'sessions', 'tokens', 'people', 'rights', 'status', 'reports'].map((tab) => ({
    route: '/settings',
    at: () => `/settings?tab=${tab}`,
    shows: /\S/,
    person: 'bob',
  })),
  { route: '/demo', at: () => '/demo', shows: /demo/i, person: 'alice', refusal: '404' },
  { route: '/sign-in', at: () => '/sign-in', shows: /password/i, person: null },
  { route: '/setup', at: () => '/setup', shows: /\S/, person: null },
  { route: '/redeem', at: () => '/redeem', shows: /code/i, person: null },
  { route: '/status', at: () => '/status', shows: /\S/, person: null },
];
