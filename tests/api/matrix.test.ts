import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cast, openStage, other, own } from './cast.ts';
import type { Member, Stage } from './cast.ts';
import { readRoutes, sampleOf } from './described-routes.ts';
import type { DescribedRoute } from './described-routes.ts';
import { routeRights } from './route-rights.ts';
import type { RouteRights } from './route-rights.ts';

let stage: Stage;
let routes: DescribedRoute[];
beforeAll(async () => {
  stage = await openStage();
  // Whether a worker sends mail is not asked here: whoever may ask for a test message is to get as far as one.
  await sql`insert into tminus.notice_channel (channel, sender) values ('mail', 'launch@shop.example')`.execute(
    stage.api.store.tables,
  );
  routes = await readRoutes(stage.api);
});
afterAll(() => stage.close());

/** What a request is about. Of the last launch and run there is none. */
interface Place {
  name: string;
  launch: string;
  environment: string;
  isThere: boolean;
  /** Whether the address says it, as `?environment=`. */
  says: boolean;
}

const places: readonly Place[] = [
  { name: 'own launch', launch: own, environment: 'production', isThere: true, says: false },
  { name: 'own launch, staging', launch: own, environment: 'staging', isThere: true, says: true },
  { name: 'other launch', launch: other, environment: 'production', isThere: true, says: false },
  { name: 'unknown launch', launch: 'no-such-launch', environment: 'production', isThere: false, says: false },
];

type Outcome = 'let in' | 'signed_out' | 'permission_denied' | 'launch_missing' | 'run_unknown';

/** What has to come of it, by the hand-written table and the hand-written cast alone. */
function expectedOf(rights: RouteRights, member: Member, place: Place): Outcome {
  if (rights.where === 'anybody') return 'let in';
  if (member.via === 'nobody' || member.via === 'ended') return 'signed_out';
  const isToken = member.via === 'token';
  if (rights.where === 'account') return isToken && rights.people ? 'permission_denied' : 'let in';
  if (member.person === null) return 'permission_denied';
  if (isToken && (member.scopes === 'others' || isForHumans(rights))) return 'permission_denied';
  const isPlaced = ['launch', 'within', 'documents', 'run'].includes(rights.where);
  if (isPlaced && !place.isThere) return rights.where === 'run' ? 'run_unknown' : 'launch_missing';
  if (isToken && rights.people) return 'permission_denied';
  const holds = (launch: string, environment: string): boolean =>
    member.rights.some(
      (one) =>
        one.launch === launch &&
        one.environments.includes(environment) &&
        one.roles.some((role) => rights.roles.includes(role)),
    );
  const all = [own, other].flatMap((launch) => ['production', 'staging'].map((each) => [launch, each] as const));
  if (rights.where === 'somewhere') return all.some((one) => holds(...one)) ? 'let in' : 'permission_denied';
  if (rights.where === 'everywhere') return all.every((one) => holds(...one)) ? 'let in' : 'permission_denied';
  if (rights.where === 'within')
    return all.some(([launch, each]) => launch === place.launch && holds(launch, each))
      ? 'let in'
      : 'permission_denied';
  return holds(place.launch, place.environment) ? 'let in' : 'permission_denied';
}

/** No token can be made for these. */
const humanScopes = new Set([
  'document.edit',
  'document.submit',
  'document.review',
  'document.approve',
  'document.lock',
  'run.retarget',
  'rollout.promote',
  'step.skip',
  'step.attest',
  'approval.vote',
  'approval.bypass',
  'waiver.sign',
  'poll.call',
  'grant.give',
  'grant.revoke',
  'account.manage',
  'installation.manage',
]);

function isForHumans({ scope }: RouteRights): boolean {
  return scope !== null && humanScopes.has(scope);
}

/** The places in which a route can be asked for: what names no launch and no run is asked once. */
function placesOf({ path, parameters }: DescribedRoute): readonly Place[] {
  if (path.includes('{run}')) return places;
  if (!path.includes('{launch}')) return places.slice(0, 1);
  return parameters.some(({ name }) => name === 'environment') ? places : places.filter(({ says }) => !says);
}

const values: { readonly [name: string]: string } = { gate: 'ready', step: 'look', procedure: 'runbook' };

function toRequest(route: DescribedRoute, { sample = {} }: RouteRights, place: Place): { url: string; body: unknown } {
  const run = stage.runs[`${place.launch} ${place.environment}`] ?? 'no-such-run';
  const named: Record<string, string> = {
    ...values,
    request: stage.request,
    ...sample.params,
    launch: place.launch,
    run,
  };
  const path = route.path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => named[name] ?? `no-such-${name}`);
  const isNamed = place.says && path.includes('/launches/');
  const query = [...(sample.query ? [sample.query] : []), ...(isNamed ? [`environment=${place.environment}`] : [])];
  const body = sample.body ?? (route.body ? sampleOf(route.body) : undefined);
  return {
    url: `${stage.api.url}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    body: body && JSON.parse(JSON.stringify(body).replaceAll('$environment', place.environment)),
  };
}

async function ask(route: DescribedRoute, rights: RouteRights, name: string, place: Place): Promise<string> {
  const { url, body } = toRequest(route, rights, place);
  const answer = await fetch(url, {
    method: route.method,
    headers: {
      ...stage.headersOf(name, rights.scope),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) {
    await answer.body?.cancel();
    return 'let in';
  }
  const text = await answer.text();
  const { code = '', detail = '' } = (type.includes('problem') ? JSON.parse(text) : {}) as Record<string, string>;
  const isMissing =
    (code === 'launch_missing' && url.includes('/launches/')) || (code === 'run_unknown' && url.includes('/api/runs/'));
  if (isMissing || code === 'signed_out' || code === 'permission_denied') return code;
  // What broke, or was refused before anybody asked who it is, was not let in.
  if (answer.status >= 500 && code !== 'leaving') return `${answer.status} ${detail}`;
  return code === 'request_invalid' || code === 'origin_refused' ? `${code} ${detail}` : 'let in';
}

interface Cell {
  route: DescribedRoute;
  name: string;
  place: Place;
}

const asWritten = 'as the table says';

/** What is wrong, with what to do. */
function tell(wrong: readonly string[]): string {
  if (wrong.length === 0) return asWritten;
  const advice =
    'a route was added, removed or changed: write its line in tests/api/route-rights.ts, from what people decided and not from what it does';
  return `${wrong.length} are not as the table says; ${advice}\n${wrong.join('\n')}`;
}

describe('S9 every route, asked by everybody', () => {
  it('S9 no route is served that the table does not have, and each asks for what the table says', () => {
    const described = routes.map(({ name }) => name);
    expect(described.length).toBeGreaterThan(100);
    const unwritten = described.filter((name) => !(name in routeRights)).map((name) => `${name}: not in the table`);
    const gone = Object.keys(routeRights).filter((name) => !described.includes(name));
    const words = { anybody: 'public', account: 'signed-in', somewhere: 'any', everywhere: 'any' };
    const others = routes.flatMap(({ name, access }) => {
      const { where, scope } = routeRights[name] ?? { where: 'anybody', scope: null };
      const of = where in words ? words[where as keyof typeof words] : where;
      const wanted = scope === null ? of : `${scope} of ${of}`;
      return access === wanted || !(name in routeRights) ? [] : [`${name}: expected ${wanted}, described as ${access}`];
    });
    expect(tell([...unwritten, ...gone.map((name) => `${name}: not served`), ...others])).toBe(asWritten);
  });

  it(
    'S9 A36 everybody gets what the table gives them and nothing else, in every launch, environment and run',
    { timeout: 900_000 },
    async () => {
      const cells: Cell[] = routes.flatMap((route) =>
        placesOf(route).flatMap((place) => Object.keys(cast).map((name) => ({ route, name, place }))),
      );
      const wrong: string[] = [];
      const counts = new Map<string, number>();
      const begun = performance.now();
      const queue = cells.values();
      const walk = async (): Promise<void> => {
        for (const { route, name, place } of queue) {
          const rights = routeRights[route.name];
          const wanted = rights ? expectedOf(rights, cast[name]!, place) : 'a line in the table';
          const got = rights ? await ask(route, rights, name, place) : 'none';
          if (got === wanted) counts.set(got, (counts.get(got) ?? 0) + 1);
          else wrong.push(`${route.name} | ${name} | ${place.name} | expected ${wanted}, got ${got}`);
        }
      };
      await Promise.all(Array.from({ length: 6 }, walk));
      const sums = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
      const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
      process.stdout.write(`matrix: ${cells.length} cells of ${routes.length} routes in ${seconds} s: ${sums}\n`);
      expect(tell(wrong)).toBe(asWritten);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(cells.length);
      expect(counts.size).toBe(5);
      expect(stage.api.trouble).toEqual([]);
    },
  );
});
