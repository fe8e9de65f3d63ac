import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import type { AccessRole, Permission } from '../../src/core/access/permission.ts';
import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { writeRunbook } from './open-runs.ts';
import { openTestApi } from './open-api.ts';
import type { TestApi } from './open-api.ts';

/** The launch that is asked about, and another one that the same installation serves, whose people are others. */
export const own = 'shop-cutover';
export const other = 'kiosk-cutover';

type Rights = readonly { launch: string; environments: readonly string[]; roles: readonly AccessRole[] }[];

/** Somebody who asks, and what they are where; written down by hand, so that no rule of the product says what it should answer. */
export interface Member {
  /** Person of the documents; null for an account that stands for nobody. */
  person: string | null;
  rights: Rights;
  /** `ended`: signed in, and then the session was ended or the account switched off. */
  via: 'nobody' | 'session' | 'ended' | 'token';
  /** Of a token: everything that one can have, or what the route does not ask for. */
  scopes: 'all' | 'others' | null;
}

const everywhere = ['production', 'staging'];
const inOwn = (roles: readonly AccessRole[], environments = everywhere): Rights => [
  { launch: own, environments, roles },
];
const session = { via: 'session', scopes: null } as const;
const lead = { person: 'leo', rights: inOwn(['lead']) };

/** Everybody who may come to the door. */
export const cast: { readonly [name: string]: Member } = {
  nobody: { person: null, rights: [], via: 'nobody', scopes: null },
  'account without a person': { person: null, rights: [], ...session },
  'person of no launch': { person: 'zoe', rights: [], ...session },
  'person without a right': { person: 'pat', rights: [], ...session },
  viewer: { person: 'viola', rights: inOwn(['viewer']), ...session },
  operator: { person: 'olga', rights: inOwn(['operator']), ...session },
  approver: { person: 'april', rights: inOwn(['approver']), ...session },
  lead: { ...lead, ...session },
  'lead of staging': { person: 'stella', rights: inOwn(['lead'], ['staging']), ...session },
  'admin of staging': { person: 'stan', rights: inOwn(['admin'], ['staging']), ...session },
  'admin of this launch': { person: 'amy', rights: inOwn(['admin']), ...session },
  'admin of everything': {
    person: 'ada',
    rights: [...inOwn(['admin']), { launch: other, environments: everywhere, roles: ['admin'] }],
    ...session,
  },
  'lead of another launch': {
    person: 'xenia',
    rights: [{ launch: other, environments: everywhere, roles: ['operator', 'approver', 'lead'] }],
    ...session,
  },
  'token with every scope': { ...lead, via: 'token', scopes: 'all' },
  'token without the scope': { ...lead, via: 'token', scopes: 'others' },
  'automation by token': { person: 'robo', rights: inOwn(['operator']), via: 'token', scopes: 'all' },
  'account that was switched off': { person: 'dora', rights: inOwn(['lead']), via: 'ended', scopes: null },
  'session that was ended': { person: 'rex', rights: inOwn(['lead']), via: 'ended', scopes: null },
};

/** Names of runs in each place, and the request for approval of the one that wants one. */
export interface Stage {
  api: TestApi;
  /** By `LAUNCH ENVIRONMENT`. */
  runs: { readonly [place: string]: string };
  request: string;
  /** Headers with which a member asks; `scope` is what the route wants, for tokens that have everything else. */
  headersOf(name: string, scope: string | null): Record<string, string>;
  close(): Promise<void>;
}

/** What a token can be made for: permissions that are not for humans alone. */
const tokenScopes: readonly Permission[] = [
  ...([
    'launch.view',
    'run.view',
    'audit.view',
    'data.view',
    'check.run',
    'run.start',
    'run.hold',
    'run.resume',
  ] as const),
  ...(['run.cancel', 'step.run', 'secret.use', 'queue.requeue', 'approval.request'] as const),
];

/** Serves both launches, with a run in every place, and signs everybody in who can. */
export async function openStage(): Promise<Stage> {
  const beside = mkdtempSync(join(tmpdir(), 'tminus-beside-'));
  await prepareShopLaunch(beside);
  const api = await openTestApi({ besides: [beside] });
  writeLaunch(api.launch.directory, (text) => text);
  writeLaunch(beside, toOther);
  await giveRights(api, beside);
  const headers = new Map<string, Record<string, string>>();
  for (const [name, member] of Object.entries(cast)) headers.set(name, await signIn(api, member));
  await endSome(api);
  const narrow = await makeTokens(api, headers);
  return {
    api,
    ...(await orderRuns(api)),
    headersOf(name, scope) {
      const member = cast[name]!;
      if (member.scopes !== 'others') return headers.get(name)!;
      return scope === 'launch.view' ? narrow.withoutLaunchView : narrow.withLaunchView;
    },
    async close() {
      await api.close();
      rmSync(beside, { recursive: true });
    },
  };
}

/** The people of the cast stand in both documents where they have to; what they may is given to them, and not by the document. */
function writeLaunch(directory: string, change: (text: string) => string): void {
  writeRunbook(directory);
  const file = join(directory, 'launch.md');
  const text = change(readFileSync(file, 'utf8'));
  const isOwn = text.includes(`id: ${own}`);
  const people = ['pat', 'viola', 'olga', 'april', 'leo', 'stella', 'stan', 'amy', 'dora', 'rex'];
  const lines = [...(isOwn ? people : []), 'ada'].map((id) => `  ${id}: { name: ${id} }`);
  if (isOwn) lines.push('  robo: { name: Robo, automation: true }');
  writeFileSync(file, text.replace(/^people:\n/mu, `people:\n${lines.join('\n')}\n`));
}

/** The same launch of other people: whoever is somebody in one is nobody in the other. */
function toOther(text: string): string {
  const names = { alice: 'xenia', bob: 'yuri', carol: 'wanda', dave: 'vlad', erin: 'uma', 'deploy-bot': 'bee-bot' };
  const renamed = Object.entries(names).reduce(
    (now, [from, to]) => now.replace(new RegExp(`\\b${from}\\b`, 'gu'), to),
    text,
  );
  return renamed.replace(`id: ${own}`, `id: ${other}`);
}

async function giveRights({ store, launch: { directory } }: TestApi, beside: string): Promise<void> {
  const readers = { checks: checkReaders, steps: stepReaders };
  const rest = { expiresAt: null, delegates: null, breakGlass: false, reason: 'the cast of the matrix' };
  for (const { launch } of [await loadPlan(directory, readers), await loadPlan(beside, readers)]) {
    const first = { ...rest, holder: { kind: 'person', id: 'ada' }, role: 'admin', giver: null } as const;
    await giveGrant(store, launch, { ...first, environment: 'production' });
    if (launch.id === other) continue;
    const wanted = new Map(Object.values(cast).map((member) => [member.person, member.rights]));
    for (const [person, rights] of wanted) {
      if (person === null || person === 'ada' || person === 'xenia') continue;
      const holder = { kind: 'person', id: person } as const;
      for (const { environments, roles } of rights)
        for (const environment of environments)
          for (const role of roles)
            await giveGrant(store, launch, { ...rest, holder, role, giver: 'ada', environment });
    }
  }
}

const password = 'a long sentence that only tests know';

async function signIn(api: TestApi, { person, via }: Member): Promise<Record<string, string>> {
  if (via === 'nobody') return { origin: api.url };
  // Tokens are made by the account of their person, which exists by then or is made here.
  if (person !== null) return api.headersOf(person);
  const email = 'stranger@shop.example';
  const { code } = await api.identity.accounts.invite({ name: 'stranger', email, person: null }, 'test');
  await api.identity.accounts.redeem({ code, password }, '127.0.0.1');
  const answer = await fetch(`${api.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: api.url },
    body: JSON.stringify({ email, password }),
  });
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
  if (answer.status !== 200) throw new Error(`sign-in of the stranger: expected 200, got ${answer.status}`);
  return { cookie: cookie.join('; '), origin: api.url };
}

async function accountOf(api: TestApi, person: string): Promise<string> {
  const account = (await api.identity.accounts.list()).find((each) => each.person === person);
  if (!account) throw new Error(`account of ${person}: expected one, got none`);
  return account.id;
}

async function endSome(api: TestApi): Promise<void> {
  await api.identity.accounts.setDisabled(await accountOf(api, 'dora'), true, 'test');
  await api.identity.sessions.revokeAll(await accountOf(api, 'rex'), null, 'test');
}

interface NarrowTokens {
  withLaunchView: Record<string, string>;
  withoutLaunchView: Record<string, string>;
}

async function makeTokens(api: TestApi, headers: Map<string, Record<string, string>>): Promise<NarrowTokens> {
  const make = async (person: string, scopes: readonly Permission[]): Promise<Record<string, string>> => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const wish = { name: 'matrix', scopes, expiresAt };
    const { text } = await api.identity.tokens.create(await accountOf(api, person), wish);
    return { authorization: `Bearer ${text}` };
  };
  headers.set('token with every scope', await make('leo', tokenScopes));
  headers.set('automation by token', await make('robo', tokenScopes));
  return {
    withLaunchView: await make('leo', ['launch.view']),
    withoutLaunchView: await make(
      'leo',
      tokenScopes.filter((each) => each !== 'launch.view'),
    ),
  };
}

/** One run in each environment of each launch; nothing works here, so that they stay as they are. */
async function orderRuns(api: TestApi): Promise<Pick<Stage, 'runs' | 'request'>> {
  const runs: Record<string, string> = {};
  let request = '';
  for (const [launch, person] of [
    [own, 'carol'],
    [other, 'wanda'],
  ] as const) {
    for (const environment of everywhere) {
      const place = `/api/launches/${launch}`;
      const plan = await api.send(person, 'GET', `${place}/procedures/runbook/plan?environment=${environment}`);
      const { version } = plan.body as { version: string };
      const t0 = new Date(Date.now() + 7_200_000).toISOString();
      const body = { procedure: 'runbook', expectedVersion: version, reason: 'the stage of the matrix', t0 };
      const ordered = await api.send(person, 'POST', `${place}/runs?environment=${environment}`, { body });
      if (ordered.status !== 201) throw new Error(`order of a run: expected 201, got ${JSON.stringify(ordered.body)}`);
      const made = ordered.body as { run: string; request: string | null };
      runs[`${launch} ${environment}`] = made.run;
      if (launch === own) request = made.request ?? request;
    }
  }
  return { runs, request };
}
