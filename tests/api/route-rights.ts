import type { AccessRole } from '../../src/core/access/permission.ts';

/** Who may ask for a route, as people decided it: written by hand, and held against what the product says and does. */
export interface RouteRights {
  /**
   * `anybody` before signing in, too; `account`: whoever has one; `launch`, `run`: who holds a role in the place that the address names; `documents`: in the
   * environment of the launch; `within`: in any of its environments; `somewhere`: in any place of the installation; `everywhere`: in each.
   */
  where: 'anybody' | 'account' | 'launch' | 'within' | 'documents' | 'run' | 'somewhere' | 'everywhere';
  /** The permission that a token has to name; null where none is asked for. */
  scope: string | null;
  roles: readonly AccessRole[];
  /** A token is refused, whatever its scopes: this is done by people. */
  people?: boolean;
  /** Fields of a body, a query or an address for which a value made from the description would be refused before anybody asks who it is. */
  sample?: { body?: unknown; query?: string; params?: Record<string, string> };
}

const a = (where: RouteRights['where'], scope: string | null, roles: string, more: Partial<RouteRights> = {}) => ({
  where,
  scope,
  roles: roles.split(' ').filter(Boolean) as AccessRole[],
  ...more,
});

const all = 'viewer operator approver lead admin';
const works = 'operator lead';
const holds = 'operator approver lead admin';
const people = { people: true };
const anybody = a('anybody', null, '');
const account = a('account', null, '');
const ownOnly = a('account', null, '', people);
const manages = a('everywhere', 'account.manage', 'admin', people);
const installs = a('everywhere', 'installation.manage', 'admin', people);
const sees = a('launch', 'launch.view', all);
const reads = a('documents', 'launch.view', all);
const watches = a('run', 'run.view', all);
const watchesIn = a('within', 'run.view', all);
const watchesAny = a('somewhere', 'run.view', all);
const later = '2099-01-01T00:00:00Z';
const isSaid = { reason: 'the matrix asks', expectedVersion: '999999' };
const signed = {
  format: 'tminus/signed/1',
  statement: { person: 'mallory' },
  signature: { person: 'mallory', key: 'ed25519:AAAA', value: 'AAAA' },
};
const deed = (scope: string, roles: string, body: object = {}): RouteRights =>
  a('run', scope, roles, { sample: { body: { ...isSaid, ...body } } });
const byPeople = (scope: string, roles: string, body: object): RouteRights => ({
  ...deed(scope, roles, body),
  ...people,
});
const moves = (scope: string, roles: string): RouteRights => ({
  ...a('documents', scope, roles, people),
  sample: { body: { path: 'none.md', expectedVersion: '0'.repeat(64), expectedNumber: 0, reason: 'the matrix asks' } },
});

/**
 * Every route. To add one, write one line: its method and address as in the description, where rights are looked for, the permission, and the roles that carry
 * it; `sample` only where a value made from the schema is not good enough.
 */
export const routeRights: { readonly [route: string]: RouteRights } = {
  'GET /api/livez': anybody,
  'GET /api/readyz': anybody,
  'GET /api/status': anybody,
  'GET /api/me': anybody,
  'GET /api/demo': anybody,
  'POST /api/demo/people/{person}/become': anybody,
  'POST /api/demo/fix': anybody,
  'POST /api/demo/mend': anybody,
  'POST /api/demo/spoil': anybody,
  'POST /api/setup': anybody,
  'POST /api/setup/people': anybody,
  'POST /api/redeem': anybody,
  'POST /api/browser-reports': anybody,

  'GET /api/me/rights': account,
  'GET /api/me/sessions': account,
  'GET /api/me/events': ownOnly,
  'GET /api/me/passkeys': ownOnly,
  'GET /api/me/tokens': ownOnly,
  'POST /api/me/tokens': a('account', null, '', {
    people: true,
    sample: { body: { name: 'x', scopes: [], expiresAt: later } },
  }),
  'DELETE /api/me/tokens/{token}': ownOnly,
  'DELETE /api/me/sessions': ownOnly,
  'DELETE /api/me/sessions/{session}': ownOnly,
  'GET /api/launches': account,
  'GET /api/events': account,
  'GET /api/events/stream': account,

  'GET /api/accounts': manages,
  'POST /api/accounts': { ...manages, sample: { body: { name: 'x', email: 'ada@shop.example', person: null } } },
  'POST /api/accounts/{account}/reset': manages,
  'POST /api/accounts/{account}/person': manages,
  'POST /api/accounts/{account}/state': manages,
  'DELETE /api/accounts/{account}/factors': manages,
  'GET /api/accounts/{account}/events': manages,
  'GET /api/sessions': manages,
  'DELETE /api/sessions/{session}': manages,
  'GET /api/tokens': manages,
  'DELETE /api/tokens/{token}': manages,
  'GET /api/browser-reports': a('somewhere', 'grant.give', 'admin', people),

  'GET /api/webhooks': installs,
  'POST /api/webhooks': { ...installs, sample: { body: { id: 'matrix', url: 'no-url', secret: {} } } },
  'DELETE /api/webhooks/{webhook}': installs,
  'POST /api/webhooks/{webhook}/test': installs,
  'POST /api/webhooks/{webhook}/replay': installs,

  'GET /api/audit': a('somewhere', 'audit.view', holds),
  'GET /api/audit/for': a('somewhere', 'audit.view', holds, { sample: { query: 'subject=run:none' } }),
  'GET /api/queues': watchesAny,
  'GET /api/dead-letters': watchesAny,
  'POST /api/dead-letters/requeue': a('somewhere', 'queue.requeue', works),
  'POST /api/dead-letters/archive': a('somewhere', 'queue.requeue', works),
  'GET /api/workers': watchesAny,
  'POST /api/workers/{worker}/wish': a('somewhere', 'queue.requeue', works, {
    sample: { body: { slots: null, drain: false, ...isSaid } },
  }),
  'GET /api/status/details': watchesAny,
  'GET /api/metrics': watchesAny,
  'GET /api/home': a('somewhere', 'launch.view', all),
  'POST /api/home/notices/dismiss': a('somewhere', 'launch.view', all),
  'GET /api/me/notices': a('somewhere', 'launch.view', all, people),
  'PUT /api/me/notices': a('somewhere', 'launch.view', all, people),
  'POST /api/me/notices/test': a('somewhere', 'launch.view', all, people),

  'GET /api/launches/{launch}': sees,
  'GET /api/launches/{launch}/outlook': sees,
  'GET /api/launches/{launch}/recurring': a('launch', 'run.view', all),
  'GET /api/launches/{launch}/gates': sees,
  'GET /api/launches/{launch}/gates/{gate}': sees,
  'GET /api/launches/{launch}/checks': sees,
  'GET /api/launches/{launch}/procedures/{procedure}/plan': sees,
  'GET /api/launches/{launch}/rehearsals': watchesIn,
  'GET /api/launches/{launch}/rehearsals/{rehearsal}': watchesIn,
  'GET /api/launches/{launch}/holds': watchesIn,
  'GET /api/launches/{launch}/runs': watchesIn,
  'GET /api/launches/{launch}/grants': sees,
  'POST /api/launches/{launch}/grants': a('launch', 'launch.view', 'admin', {
    people: true,
    sample: {
      body: {
        holder: { kind: 'group', id: 'no-such-group' },
        role: 'viewer',
        environment: '$environment',
        expiresAt: null,
        delegates: null,
        breakGlass: false,
        reason: 'the matrix asks',
      },
    },
  }),
  // Whose right it is decides; the use case is asked by itself beside the matrix.
  'POST /api/launches/{launch}/grants/end': {
    ...sees,
    people: true,
    sample: { body: { grant: 'g-000000000000', holder: null, environment: null, reason: 'the matrix asks' } },
  },
  'POST /api/launches/{launch}/gates/{gate}/poll': a('launch', 'poll.call', 'lead', people),
  'DELETE /api/launches/{launch}/gates/{gate}/poll': a('launch', 'poll.call', 'lead', people),
  'POST /api/launches/{launch}/checks': a('launch', 'check.run', works, {
    sample: { body: { only: ['no-such-criterion'] } },
  }),
  'DELETE /api/launches/{launch}/checks': a('launch', 'check.run', works),
  'POST /api/launches/{launch}/gates/{gate}/votes/prepare': sees,
  'POST /api/launches/{launch}/gates/{gate}/votes': { ...sees, sample: { body: signed } },
  'POST /api/launches/{launch}/attestations/prepare': sees,
  'POST /api/launches/{launch}/attestations': { ...sees, sample: { body: signed } },
  'POST /api/launches/{launch}/waivers/prepare': a('launch', 'waiver.sign', 'lead', people),
  'POST /api/launches/{launch}/waivers': a('launch', 'waiver.sign', 'lead', { people: true, sample: { body: signed } }),
  'POST /api/launches/{launch}/runs': a('launch', 'run.start', works),
  'POST /api/launches/{launch}/runs/cancel': a('launch', 'run.cancel', works),
  'POST /api/launches/{launch}/holds': a('launch', 'run.hold', holds),
  'POST /api/launches/{launch}/holds/{hold}/lift': a('launch', 'run.resume', works),
  'POST /api/launches/{launch}/rehearsals': a('launch', 'run.start', works),
  'DELETE /api/launches/{launch}/rehearsals': a('launch', 'run.start', works),

  'GET /api/launches/{launch}/rollouts': sees,
  'POST /api/launches/{launch}/rollouts/{rollout}/shifts': a('launch', 'run.start', works),
  'GET /api/launches/{launch}/way-back': sees,
  'POST /api/launches/{launch}/drills/{drill}/attestations/prepare': sees,
  'POST /api/launches/{launch}/drills/{drill}/attestations': { ...sees, sample: { body: signed } },
  'POST /api/launches/{launch}/rollbacks/{procedure}/start': a('launch', 'run.start', works),
  'POST /api/launches/{launch}/rollouts/{rollout}/take-back': a('launch', 'run.hold', holds),
  'GET /api/launches/{launch}/shifts/{shift}': sees,
  'GET /api/launches/{launch}/shifts/{shift}/points': sees,
  'GET /api/launches/{launch}/shifts/{shift}/journal': sees,
  'POST /api/launches/{launch}/shifts/{shift}/promote': a('launch', 'rollout.promote', 'lead', people),
  'POST /api/launches/{launch}/shifts/{shift}/hold': a('launch', 'run.hold', holds),
  'POST /api/launches/{launch}/shifts/{shift}/resume': a('launch', 'run.resume', works),
  'POST /api/launches/{launch}/shifts/{shift}/abort': a('launch', 'run.hold', holds),
  'POST /api/launches/{launch}/shifts/{shift}/note': a('launch', 'step.attest', 'operator approver lead', people),
  'GET /api/launches/{launch}/datasets': sees,
  'GET /api/launches/{launch}/datasets/{dataset}/reconcile': a('launch', 'data.view', 'operator approver lead'),
  'POST /api/launches/{launch}/datasets/{dataset}/reconcile': a('launch', 'check.run', works),
  'DELETE /api/launches/{launch}/datasets/{dataset}/work': a('launch', 'check.run', works),
  'POST /api/launches/{launch}/datasets/{dataset}/imports': a('launch', 'check.run', works),
  'GET /api/launches/{launch}/datasets/{dataset}/imports/{batch}/deletions': a(
    'launch',
    'data.view',
    'operator approver lead',
  ),
  'POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/approval/prepare': a(
    'launch',
    'approval.vote',
    'approver lead',
    people,
  ),
  'POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/approval': a(
    'launch',
    'approval.vote',
    'approver lead',
    { people: true, sample: { body: signed } },
  ),
  'POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/apply': a('launch', 'run.start', works),
  'POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/roll-back': a('launch', 'run.cancel', works),
  'POST /api/launches/{launch}/datasets/{dataset}/archives': a('launch', 'run.start', works),
  'POST /api/launches/{launch}/datasets/{dataset}/drills': a('launch', 'run.start', works),
  'GET /api/launches/{launch}/datasets/{dataset}/fixes': sees,
  'POST /api/launches/{launch}/datasets/{dataset}/fixes': a('launch', 'check.run', works),
  'GET /api/launches/{launch}/datasets/{dataset}/fixes/{fix}': a('launch', 'data.view', 'operator approver lead'),
  'POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/approval/prepare': a(
    'launch',
    'approval.vote',
    'approver lead',
    people,
  ),
  'POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/approval': a('launch', 'approval.vote', 'approver lead', {
    people: true,
    sample: { body: signed },
  }),
  'POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/apply': a('launch', 'run.start', works),
  'POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/undo': a('launch', 'run.cancel', works),

  'GET /api/launches/{launch}/acceptance': sees,
  'POST /api/launches/{launch}/acceptance': sees,
  'GET /api/launches/{launch}/acceptance/{pass}': sees,
  'POST /api/launches/{launch}/acceptance/{pass}/prepare': sees,
  'POST /api/launches/{launch}/acceptance/{pass}/sign': { ...sees, sample: { body: signed } },

  'GET /api/launches/{launch}/documents': reads,
  'GET /api/launches/{launch}/document': { ...reads, sample: { query: 'path=launch.md' } },
  'POST /api/launches/{launch}/document/lint': { ...reads, sample: { body: { path: 'launch.md', text: 'x' } } },
  'PUT /api/launches/{launch}/document': a('documents', 'document.edit', 'lead', people),
  'GET /api/launches/{launch}/picture': { ...reads, sample: { query: 'path=none.png' } },

  'GET /api/launches/{launch}/document/review': { ...reads, sample: { query: 'path=launch.md' } },
  'GET /api/launches/{launch}/document/version': {
    ...reads,
    sample: { query: `path=launch.md&version=${'0'.repeat(64)}` },
  },
  'GET /api/launches/{launch}/document/copy': { ...reads, sample: { query: 'path=launch.md' } },
  'POST /api/launches/{launch}/document/submit': moves('document.submit', works),
  'POST /api/launches/{launch}/document/withdraw': moves('document.submit', works),
  'POST /api/launches/{launch}/document/begin-review': moves('document.review', 'operator approver lead'),
  'POST /api/launches/{launch}/document/request-changes': moves('document.review', 'operator approver lead'),
  'POST /api/launches/{launch}/document/pass-review': moves('document.review', 'operator approver lead'),
  'POST /api/launches/{launch}/document/approve': moves('document.approve', 'approver lead'),
  'POST /api/launches/{launch}/document/reject': moves('document.approve', 'approver lead'),
  'POST /api/launches/{launch}/document/lock': moves('document.lock', 'lead'),
  'POST /api/launches/{launch}/document/unlock': moves('document.lock', 'lead'),
  // Who submits or reviews may speak; the use case is asked by itself beside the matrix.
  'POST /api/launches/{launch}/document/threads': {
    ...reads,
    sample: { body: { path: 'none.md', line: null, text: 'x', expectedVersion: '0'.repeat(64) } },
  },
  'POST /api/launches/{launch}/document/threads/{thread}': {
    ...reads,
    sample: { params: { thread: '1' }, body: { path: 'none.md', deed: 'resolve', text: '' } },
  },

  'GET /api/launches/{launch}/evidence': reads,
  'GET /api/launches/{launch}/evidence/{id}': reads,
  'GET /api/launches/{launch}/evidence/{id}/bytes/{sha256}': {
    ...reads,
    sample: { params: { sha256: '0'.repeat(64) } },
  },
  'GET /api/launches/{launch}/bundles/{id}': a('launch', 'audit.view', holds),
  'POST /api/launches/{launch}/gates/{gate}/decisions': a('launch', 'check.run', works),

  'GET /api/runs': watchesAny,
  'GET /api/approvals': watchesAny,
  'GET /api/runs/{run}': watches,
  'GET /api/runs/{run}/steps/{step}': watches,
  'GET /api/runs/{run}/log': watches,
  'GET /api/runs/{run}/events': watches,
  'GET /api/runs/{run}/holds': watches,
  'GET /api/launches/{launch}/checkpoints': reads,
  'GET /api/runs/{run}/forecast': { ...watches, sample: { query: 'samples=50' } },
  'GET /api/runs/{run}/undo-plan': watches,
  'GET /api/runs/{run}/compare': watches,
  'GET /api/runs/{run}/approvals': watches,
  'GET /api/runs/{run}/approvals/{request}': watches,
  'POST /api/runs/{run}/hold': deed('run.hold', holds),
  'POST /api/runs/{run}/resume': deed('run.resume', works, { hold: 'none' }),
  'POST /api/runs/{run}/decline': byPeople('step.attest', 'operator approver lead', { step: 'look' }),
  'POST /api/runs/{run}/skip': byPeople('step.skip', 'lead', { step: 'look' }),
  'POST /api/runs/{run}/retry': deed('run.resume', works, { step: 'look' }),
  'POST /api/runs/{run}/begin-late': deed('run.resume', works, { step: 'look' }),
  'POST /api/runs/{run}/settle': deed('run.resume', works, { step: 'look', outcome: 'done' }),
  'POST /api/runs/{run}/retarget': byPeople('run.retarget', 'lead', { t0: later }),
  'POST /api/runs/{run}/recycle': byPeople('run.retarget', 'lead', { point: 'none' }),
  'POST /api/runs/{run}/cancel': deed('run.cancel', works),
  'POST /api/runs/{run}/undo': deed('run.cancel', works),
  'POST /api/runs/{run}/start': deed('run.start', works),
  'POST /api/runs/{run}/steps/{step}/confirmations/prepare': a('run', 'step.attest', 'operator approver lead', people),
  'POST /api/runs/{run}/steps/{step}/confirmations': a('run', 'step.attest', 'operator approver lead', {
    people: true,
    sample: { body: signed },
  }),
  'POST /api/runs/{run}/approvals': deed('approval.request', works, { what: 'run' }),
  'POST /api/runs/{run}/approvals/{request}/votes/prepare': { ...watches, people: true },
  'POST /api/runs/{run}/approvals/{request}/votes': { ...watches, people: true, sample: { body: signed } },
  'POST /api/runs/{run}/break-glass': a('run', 'approval.bypass', '', people),
};
