import { sign } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

interface Act {
  action: string;
  done: { ref: string; subject: string | null; how: string | null; proof: string | null } | null;
}
interface Pass {
  id: string;
  person: string;
  acts: Act[];
  isComplete: boolean;
  sha256: string | null;
  entry: string | null;
  endedAt: string | null;
}
interface Prepared {
  canonical: string;
  key: string;
}

const launch = '/api/launches/shop-cutover';
const passes = `${launch}/acceptance`;
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;
const begin = async (person: string): Promise<Pass> => (await api.send(person, 'POST', passes)).body as Pass;
const read = async (id: string): Promise<Pass> => (await api.send('alice', 'GET', `${passes}/${id}`)).body as Pass;
const done = async (id: string): Promise<string[]> =>
  (await read(id)).acts.flatMap((act) => (act.done === null ? [] : [act.action]));

function signedBy(person: string, { canonical, key }: Prepared): object {
  const value = sign(null, Buffer.from(canonical), api.launch.people[person]!.privateKeyPem).toString('base64');
  return { format: 'tminus/signed/1', statement: JSON.parse(canonical), signature: { person, key, value } };
}

/** A no-go of carol, with why. */
async function block(comment: string): Promise<void> {
  const gate = `${launch}/gates/ready`;
  const { subjectSha256 } = (await api.send('alice', 'GET', gate)).body as { subjectSha256: string };
  const body = { vote: 'no-go', comment, role: 'operator', seen: subjectSha256 };
  const prepared = await api.send('carol', 'POST', `${gate}/votes/prepare`, { body });
  const cast = await api.send('carol', 'POST', `${gate}/votes`, { body: signedBy('carol', prepared.body as Prepared) });
  expect([prepared.status, cast.status]).toEqual([200, 201]);
}

const prepare = (person: string, id: string, criterion = 'day-of-work'): Promise<Answer> =>
  api.send(person, 'POST', `${passes}/${id}/prepare`, { body: { criterion, comment: 'a day of orders, none lost' } });

describe('the guided acceptance pass over HTTP', () => {
  it('D12 records the six actions from what was really done, in their order, and then takes the signature as evidence', async () => {
    const { id } = await begin('carol');
    // What she did before, and what she is asked for, is no action of the pass.
    await api.send('carol', 'GET', '/api/home');
    expect(await done(id)).toEqual([]);
    await api.signIn('carol');
    expect(await done(id)).toEqual(['sign-in']);
    // A gate that had not stood on Home is no work that was opened.
    await api.send('carol', 'GET', `${launch}/gates/ready`);
    await api.send('carol', 'GET', '/api/home');
    expect(await done(id)).toEqual(['sign-in', 'see-work']);
    await api.send('carol', 'GET', `${launch}/gates/ready`);
    expect(await done(id)).toEqual(['sign-in', 'see-work', 'open-work']);
    await api.send('alice', 'GET', `${launch}/document?path=launch.md`);
    expect(await done(id)).not.toContain('use-document');
    await api.send('carol', 'GET', `${launch}/document?path=launch.md`);
    expect(await done(id)).toEqual(['sign-in', 'see-work', 'open-work', 'use-document']);
    const early = await prepare('carol', id);
    expect([early.status, codeOf(early)]).toEqual([409, 'acceptance_refused']);
    expect((early.body as { detail: string }).detail).toContain('finish-work, see-waiting');
    await block('the order desk has no phone');
    expect(await done(id)).toContain('finish-work');
    expect(await done(id)).not.toContain('see-waiting');
    await api.send('carol', 'GET', '/api/home');
    const whole = await read(id);
    expect(whole).toMatchObject({ isComplete: true, person: 'carol', entry: null, endedAt: null });
    expect(whole.acts.map(({ done: row }) => row?.ref.split('/')[0])).toEqual([
      'identity',
      'sight',
      'sight',
      'log',
      'sight',
      'sight',
    ]);
    expect(whole.acts[3]?.done).toMatchObject({
      subject: 'gate:ready',
      how: 'blocked',
      proof: 'the order desk has no phone',
    });

    const prepared = (await prepare('carol', id)).body as Prepared;
    expect(prepared.canonical).toContain(whole.sha256);
    const body = signedBy('carol', prepared);
    const bySomebodyElse = await api.send('alice', 'POST', `${passes}/${id}/sign`, { body });
    expect(bySomebodyElse.status).toBe(403);
    const signed = await api.send('carol', 'POST', `${passes}/${id}/sign`, { body });
    expect(signed.status).toBe(201);
    const ended = await read(id);
    expect(ended).toMatchObject({ isComplete: true, sha256: whole.sha256, acts: whole.acts });
    expect(ended.entry).toBe((signed.body as { id: string }).id);
    const record = await api.send('alice', 'GET', `${launch}/evidence/${ended.entry}`);
    expect(JSON.stringify(record.body)).toContain(`acceptance pass ${id}`);
    const again = await api.send('carol', 'POST', `${passes}/${id}/sign`, { body });
    expect([again.status, codeOf(again)]).toEqual([409, 'acceptance_refused']);
  });

  it('D12 the pass of one person is not that of another, a new one takes the place of the old, and a machine has none', async () => {
    const first = await begin('carol');
    const other = await prepare('alice', first.id);
    expect([other.status, codeOf(other)]).toEqual([409, 'acceptance_refused']);
    const second = await begin('carol');
    expect((await read(first.id)).endedAt).not.toBeNull();
    expect((await read(second.id)).endedAt).toBeNull();
    expect(await done(second.id)).toEqual([]);
    const bot = await api.send('deploy-bot', 'POST', passes);
    expect([bot.status, codeOf(bot)]).toEqual([403, 'role_missing']);
    const none = await api.send('alice', 'GET', `${passes}/p-0000000000000000`);
    expect([none.status, codeOf(none)]).toEqual([404, 'acceptance_unknown']);
    const stranger = await api.send(null, 'POST', passes);
    expect([stranger.status, codeOf(stranger)]).toEqual([401, 'signed_out']);
    expect(api.trouble).toEqual([]);
  });

  it('D12 the same request sent twice with one key begins one pass', async () => {
    const headers = { 'idempotency-key': 'a-pass-of-erin' };
    const one = await api.send('erin', 'POST', passes, { headers });
    const two = await api.send('erin', 'POST', passes, { headers });
    expect([one.status, (two.body as Pass).id]).toEqual([201, (one.body as Pass).id]);
  });
});
