import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { makeLetter, orderRun } from './make-letter.ts';
import { nameAdmin } from './name-admin.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';
import { writeRunbook } from './open-runs.ts';

let api: TestApi;
let run: string;
beforeAll(async () => {
  api = await openTestApi();
  writeRunbook(api.launch.directory);
  await nameAdmin(api, 'dave');
  run = await orderRun(api);
}, 180_000);
afterAll(() => api.close());

interface Letter {
  id: string;
  queue: string;
  reason: string;
  work: { does: string; run: string; step: string; title: string; writes: boolean; interrupted: string };
}

const codeOf = ({ status, body }: Answer): [number, string] => [status, (body as { code: string }).code];
const letters = async (person = 'carol'): Promise<Letter[]> => {
  const { status, body } = await api.send(person, 'GET', '/api/dead-letters');
  if (status === 200) return (body as { items: Letter[] }).items;
  throw new Error(`dead letters as ${person}: expected 200, got ${status} ${JSON.stringify(body)}`);
};
const act = (person: string | null, name: string, ids: string[], headers = {}): Promise<Answer> =>
  api.send(person, 'POST', `/api/dead-letters/${name}`, {
    body: { letters: ids, reason: 'the disk has room now' },
    headers,
  });
const dead = async (): Promise<number | undefined> => {
  const { body } = await api.send('carol', 'GET', '/api/queues');
  return (body as { queues: { queue: string; dead: number }[] }).queues.find(({ queue }) => queue === 'steps')?.dead;
};

describe('dead letters over HTTP', () => {
  it('O31 tells what a letter would do if it were sent again, and what its last try said', async () => {
    expect(await dead()).toBe(0);
    const id = await makeLetter(api, run, 'freeze');
    expect(await dead()).toBe(1);
    const [letter] = await letters();
    expect(letter).toMatchObject({ id, queue: 'steps', reason: 'disk of the target: expected room, got none' });
    expect(letter?.work).toMatchObject({ does: 'run', run, step: 'freeze', writes: true, interrupted: 'rerun' });
  });

  it('O05 nobody, whoever may only look, and a person of no launch requeue nothing', async () => {
    const [letter] = await letters();
    const ids = [letter?.id ?? ''];
    const wish = {
      holder: { kind: 'person', id: 'vera' },
      role: 'viewer',
      environment: 'staging',
      expiresAt: null,
      delegates: null,
      breakGlass: false,
      reason: 'watches',
    };
    expect((await api.send('dave', 'POST', '/api/launches/shop-cutover/grants', { body: wish })).status).toBe(201);
    // What one may look at is believed for a second; what one may do is asked each time.
    await vi.waitFor(async () => expect(await letters('vera')).toHaveLength(1), { timeout: 60_000 });
    expect(codeOf(await act(null, 'requeue', ids))).toEqual([401, 'signed_out']);
    expect(codeOf(await act('vera', 'requeue', ids))).toEqual([403, 'permission_denied']);
    expect(codeOf(await act('mallory', 'archive', ids))).toEqual([403, 'permission_denied']);
    expect(codeOf(await api.send('mallory', 'GET', '/api/dead-letters'))).toEqual([403, 'permission_denied']);
    expect(await letters()).toHaveLength(1);
  });

  it('A39 a letter is requeued once, by however many press: the second is told that nothing was done', async () => {
    const [letter] = await letters();
    const ids = [letter?.id ?? ''];
    expect(codeOf(await act('carol', 'requeue', [...ids, crypto.randomUUID()]))).toEqual([409, 'letter_unknown']);
    expect(await letters()).toHaveLength(1);
    const headers = { 'idempotency-key': 'requeue-of-the-freeze' };
    const first = await act('carol', 'requeue', ids, headers);
    expect([first.status, first.body]).toEqual([200, { requeued: 1 }]);
    expect((await act('carol', 'requeue', ids, headers)).body).toEqual({ requeued: 1 });
    expect(codeOf(await act('alice', 'requeue', ids))).toEqual([409, 'letter_unknown']);
    const { rows } = await api.store.database.pool.query(
      'select action, person, reason from tminus.dead_letter_action where letter = $1',
      ids,
    );
    expect(rows).toEqual([{ action: 'requeued', person: 'carol', reason: 'the disk has room now' }]);
  });

  it('O31 a letter that is set aside is not carried out, and keeps nobody back', async () => {
    const other = await orderRun(api);
    const id = await makeLetter(api, other, 'freeze');
    expect((await act('carol', 'archive', [id])).body).toEqual({ archived: 1 });
    expect((await letters()).map((letter) => letter.id)).not.toContain(id);
    expect(codeOf(await act('carol', 'archive', [id]))).toEqual([409, 'letter_unknown']);
    expect(codeOf(await act('carol', 'archive', []))).toEqual([400, 'request_invalid']);
  });

  it('T33 the status is derived: public without reasons, with them for whoever may see a launch', async () => {
    const summary = await api.send(null, 'GET', '/api/status');
    expect(summary.status).toBe(200);
    const { level, parts } = summary.body as { level: string; parts: { component: string; level: string }[] };
    expect(['operational', 'degraded', 'partial', 'major', 'unknown']).toContain(level);
    expect(parts.map(({ component }) => component)).toEqual(['database', 'engine', 'queue', 'workers', 'metrics']);
    expect(JSON.stringify(summary.body)).not.toContain('why');
    expect(codeOf(await api.send(null, 'GET', '/api/status/details'))).toEqual([401, 'signed_out']);
    expect(codeOf(await api.send('mallory', 'GET', '/api/status/details'))).toEqual([403, 'permission_denied']);
    const details = (await api.send('carol', 'GET', '/api/status/details')).body as {
      level: string;
      parts: { component: string; why: string }[];
      metrics: { id: string; value: number | null; from: string }[];
    };
    expect(details.parts.every(({ why }) => why.length > 0)).toBe(true);
    expect(details.metrics.every(({ from }) => from.length > 0)).toBe(true);
    expect(api.trouble).toEqual([]);
  });
});
