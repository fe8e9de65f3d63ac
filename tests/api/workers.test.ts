import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nameAdmin } from './name-admin.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
let processes: { id: string; child: ChildProcess }[];

beforeAll(async () => {
  api = await openTestApi();
  await nameAdmin(api, 'dave');
  processes = await Promise.all([startProcess(), startProcess()]);
}, 180_000);
afterAll(async () => {
  for (const { child } of processes ?? []) {
    child.stdin?.end();
    const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    clearTimeout(late);
  }
  await api.close();
});

async function startProcess(): Promise<{ id: string; child: ChildProcess }> {
  const { store } = api;
  const args = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'worker-process.ts')];
  const child = spawn(process.execPath, [...args, store.dataDirectory, store.database.url, 'shop-cutover'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`worker: expected its id, got exit ${code}`);
  });
  gone.catch(() => undefined);
  const [said] = (await Promise.race([once(child.stdout, 'data'), gone])) as [Buffer];
  return { id: said.toString().trim(), child };
}

interface Told {
  id: string;
  state: string;
  slots: number;
  wishVersion: string;
  launches: { launch: string }[];
  wish: { person: string; reason: string } | null;
}

const codeOf = ({ status, body }: Answer): [number, string] => [status, (body as { code: string }).code];
const told = async (id: string): Promise<Told> => {
  const { items } = (await api.send('carol', 'GET', '/api/workers')).body as { items: Told[] };
  const found = items.find((worker) => worker.id === id);
  if (found === undefined) throw new Error(`worker ${id}: expected it to be told of, got ${JSON.stringify(items)}`);
  return found;
};
const wish = (person: string | null, id: string, wanted: object): Promise<Answer> =>
  api.send(person, 'POST', `/api/workers/${encodeURIComponent(id)}/wish`, {
    body: { slots: null, drain: false, reason: 'the machine is mended', expectedVersion: '0', ...wanted },
  });
const becomes = async (id: string, state: string, slots: number): Promise<void> => {
  await expect
    .poll(async () => told(id).then((worker) => [worker.state, worker.slots]), { timeout: 60_000, interval: 250 })
    .toEqual([state, slots]);
};

describe('workers of other processes', () => {
  it('O05 are told of; nobody, a stranger and whoever may only operate staging want nothing of them', async () => {
    const [first] = processes;
    const id = first?.id ?? '';
    await becomes(id, 'working', 3);
    expect((await told(id)).launches).toMatchObject([{ launch: 'shop-cutover' }]);
    const grant = {
      holder: { kind: 'person', id: 'erin' },
      role: 'lead',
      environment: 'staging',
      expiresAt: null,
      delegates: null,
      breakGlass: false,
      reason: 'leads staging',
    };
    expect((await api.send('dave', 'POST', '/api/launches/shop-cutover/grants', { body: grant })).status).toBe(201);
    const own = 'document/operator/erin/production';
    const end = { grant: own, holder: null, environment: null, reason: 'staging alone' };
    expect((await api.send('dave', 'POST', '/api/launches/shop-cutover/grants/end', { body: end })).status).toBe(200);
    expect(codeOf(await wish(null, id, { drain: true }))).toEqual([401, 'signed_out']);
    expect(codeOf(await wish('mallory', id, { drain: true }))).toEqual([403, 'permission_denied']);
    expect(codeOf(await wish('erin', id, { drain: true }))).toEqual([403, 'permission_denied']);
    expect(codeOf(await wish('carol', 'nowhere/1/x', { drain: true }))).toEqual([404, 'worker_unknown']);
    expect(codeOf(await wish('carol', id, { slots: 65 }))).toEqual([400, 'request_invalid']);
    expect((await told(id)).wish).toBeNull();
  });

  it('O31 one is drained and the other goes on; it works again with the slots that it had', async () => {
    const [first, second] = processes.map(({ id }) => id) as [string, string];
    expect((await wish('carol', first, { drain: true })).status).toBe(202);
    await becomes(first, 'draining', 0);
    await becomes(second, 'working', 3);
    expect((await told(second)).wish).toBeNull();
    expect((await told(first)).wish).toMatchObject({ person: 'carol', reason: 'the machine is mended' });
    // Drained is not silent: it says that it is there, again after the quarter of a minute that makes others silent.
    await pause(16_000);
    await becomes(first, 'draining', 0);
    const { wishVersion } = await told(first);
    expect((await wish('alice', first, { expectedVersion: wishVersion })).status).toBe(202);
    await becomes(first, 'working', 3);
  }, 180_000);

  it('O31 D16 slots are changed from afar, on the wish that was seen', async () => {
    const second = processes[1]?.id ?? '';
    expect((await wish('carol', second, { slots: 5 })).status).toBe(202);
    const late = await wish('alice', second, { slots: 1 });
    expect(codeOf(late)).toEqual([409, 'version_conflict']);
    await becomes(second, 'working', 5);
    const { wishVersion } = await told(second);
    expect((late.body as { current: string }).current).toBe(wishVersion);
    expect((await wish('carol', second, { slots: 2, expectedVersion: wishVersion })).status).toBe(202);
    await becomes(second, 'working', 2);
    expect(api.trouble).toEqual([]);
  }, 180_000);
});
