import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { Loading } from '../kit/loading.tsx';
import { BrokenPage } from './broken-page.tsx';
import { loadPage } from './load-page.tsx';
import { pageFiles } from './page-files.ts';
import { isRunbookView } from './runbook-view.ts';
import type { RunbookView } from './runbook-view.ts';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell.tsx';
import { toGateSearch } from './gate-search.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: loadPage('home', pageFiles.home),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Where to go afterwards; anything but a path of our own is dropped, so that a link cannot lead elsewhere.
  validateSearch: ({ next, failed }): { next?: string; failed?: 'provider' } => ({
    ...(typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}),
    ...(failed === 'provider' ? { failed } : {}),
  }),
  component: loadPage('signIn', pageFiles.signIn),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: loadPage('setup', pageFiles.setup),
});
const redeem = createRoute({
  getParentRoute: () => root,
  path: '/redeem',
  component: loadPage('redeem', pageFiles.redeem),
});
const status = createRoute({
  getParentRoute: () => root,
  path: '/status',
  component: loadPage('status', pageFiles.status),
});
const launch = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch',
  validateSearch: toGateSearch,
  component: loadPage('launch', pageFiles.launch),
});
const gates = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/gates',
  validateSearch: toGateSearch,
  component: loadPage('gates', pageFiles.gates),
});
const gate = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/gates/$gate',
  validateSearch: toGateSearch,
  component: loadPage('gate', pageFiles.gate),
});
const evidence = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/evidence',
  component: loadPage('evidence', pageFiles.evidence),
});
const evidenceRecord = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/evidence/$id',
  component: loadPage('evidenceRecord', pageFiles.evidenceRecord),
});
const documents = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/documents',
  component: loadPage('documents', pageFiles.documents),
});
/** The same page with the path of one document in `_splat`. */
const oneDocument = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/documents/$',
  component: loadPage('documents', pageFiles.documents),
});
const data = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/data',
  validateSearch: toGateSearch,
  component: loadPage('data', pageFiles.data),
});
const dataset = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/data/$dataset',
  validateSearch: toGateSearch,
  component: loadPage('data', pageFiles.dataset),
});
const rollouts = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/rollouts',
  validateSearch: toGateSearch,
  component: loadPage('rollouts', pageFiles.rollouts),
});
const rollback = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/rollback',
  validateSearch: toGateSearch,
  component: loadPage('rollouts', pageFiles.rollback),
});
const shift = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/rollouts/$shift',
  validateSearch: toGateSearch,
  component: loadPage('rollouts', pageFiles.shift),
});
const acceptance = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/acceptance',
  component: loadPage('acceptance', pageFiles.acceptance),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/runs',
  component: loadPage('runs', pageFiles.runs),
});
const runbook = createRoute({
  getParentRoute: () => root,
  path: '/launches/$launch/runs/$run',
  // Which view, and which step is open beside it: a link shows what whoever sends it saw.
  validateSearch: ({ step, view }): { step?: string; view?: RunbookView } => ({
    ...(typeof step === 'string' || typeof step === 'number' ? { step: String(step) } : {}),
    ...(isRunbookView(view) ? { view } : {}),
  }),
  component: loadPage('runbook', pageFiles.runbook),
});
const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  component: loadPage('queue', pageFiles.queue),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: loadPage('audit', pageFiles.audit),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: ({ tab }): { tab?: string } => (typeof tab === 'string' ? { tab } : {}),
  component: loadPage('settings', pageFiles.settings),
});

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: loadPage('demo', pageFiles.demo),
});

const paths = [home, signIn, setup, launch, gates, gate, evidence, evidenceRecord, documents, oneDocument] as const;
const morePaths = [
  data,
  dataset,
  rollouts,
  rollback,
  shift,
  acceptance,
  runs,
  runbook,
  queue,
  audit,
  settings,
  redeem,
  status,
  demo,
] as const;

/** Every component of the kit, for tests and for whoever writes pages; not in the product. */
const gallery = TMINUS_KIT
  ? [
      createRoute({
        getParentRoute: () => root,
        path: '/kit',
        component: lazyRouteComponent(() => import('../pages/kit/page.tsx'), 'Page'),
      }),
    ]
  : [];

/** Every address of the UI and the page behind it. */
export const router = createRouter({
  routeTree: root.addChildren([...paths, ...morePaths, ...(gallery as never[])]),
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  // By itself the router keeps the bars for half a second more, when the page is there.
  defaultPendingMinMs: 0,
  defaultPendingComponent: Loading,
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
