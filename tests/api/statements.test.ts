import { sign } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

interface Prepared {
  canonical: string;
  sha256: string;
  challenge: string;
  person: string;
  key: string;
}

const votes = '/api/launches/shop-cutover/gates/ready/votes';
const words = '/api/launches/shop-cutover/attestations';

/** What a browser with the key file of that person makes of a prepared statement. */
function signedBy(person: string, { canonical, key }: Prepared, text = canonical): object {
  const value = sign(null, Buffer.from(text), api.launch.people[person]!.privateKeyPem).toString('base64');
  const statement = JSON.parse(text) as { person: string };
  return { format: 'tminus/signed/1', statement, signature: { person: statement.person, key, value } };
}

const subject = async (): Promise<string> =>
  ((await api.send('alice', 'GET', '/api/launches/shop-cutover/gates/ready')).body as { subjectSha256: string })
    .subjectSha256;

const prepare = async (person: string, body: object = {}): Promise<Answer> =>
  api.send(person, 'POST', `${votes}/prepare`, {
    body: { vote: 'no-go', comment: 'the orders are not there', seen: await subject(), ...body },
  });

const codeOf = ({ body }: Answer): string => (body as { code: string }).code;

describe('statements that people sign', () => {
  it('O21 S5 a vote is prepared, signed with the declared key, and stands in the decision', async () => {
    const prepared = (await prepare('alice')).body as Prepared;
    expect(prepared).toMatchObject({ person: 'alice', key: api.launch.people['alice']!.publicKey });
    const cast = await api.send('alice', 'POST', votes, { body: signedBy('alice', prepared) });
    expect([cast.status, typeof (cast.body as { id: unknown }).id]).toEqual([201, 'string']);
    const gate = await api.send('alice', 'GET', '/api/launches/shop-cutover/gates/ready');
    expect(JSON.stringify(gate.body)).toContain('the orders are not there');
  });

  it('A28 a page that shows an older decision prepares nothing, and is told which one holds', async () => {
    const stale = await prepare('alice', { seen: '0'.repeat(64) });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'version_conflict']);
    expect((stale.body as { current: string }).current).toBe(await subject());
  });

  it('S5 one changed letter, the key of another, and a word handed in for another are refused', async () => {
    const prepared = (await prepare('alice')).body as Prepared;
    const changed = { ...(signedBy('alice', prepared) as { statement: { vote: string } }) };
    changed.statement.vote = 'go';
    const sent = [
      await api.send('alice', 'POST', votes, { body: changed }),
      await api.send('alice', 'POST', votes, { body: signedBy('bob', prepared) }),
      await api.send('bob', 'POST', votes, { body: signedBy('alice', prepared) }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([409, 409, 403]);
    expect(codeOf(sent[2]!)).toBe('signature_invalid');
  });

  it('D11 an account whose person is not in the launch, and nobody, cannot vote', async () => {
    const nobody = await api.send(null, 'POST', votes, {
      body: signedBy('alice', (await prepare('alice')).body as Prepared),
    });
    expect([nobody.status, codeOf(nobody)]).toEqual([401, 'signed_out']);
    expect((await prepare('mallory')).status).toBe(403);
  });

  it('A39 the same request sent twice with one key is one vote, and gets the same answer', async () => {
    const body = signedBy('carol', (await prepare('carol')).body as Prepared);
    const headers = { 'idempotency-key': 'vote-of-carol-1' };
    const both = await Promise.all([1, 2].map(async () => api.send('carol', 'POST', votes, { body, headers })));
    const again = await api.send('carol', 'POST', votes, { body, headers });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const first = both.find(({ status }) => status === 201);
    expect(again.body).toEqual(first?.body);
    const other = await api.send('carol', 'POST', votes, {
      body: { ...body, format: 'tminus/signed/1', signature: { person: 'carol', key: 'x', value: 'y' } },
      headers,
    });
    expect([other.status, codeOf(other)]).toEqual([409, 'key_reused']);
  });

  it('C15 a word on a human criterion is sealed as its evidence; without the proof or the role it is not even prepared', async () => {
    const wish = { criterion: 'day-of-work', comment: 'took twelve orders, refunded one, closed the day' };
    const prepared = await api.send('carol', 'POST', `${words}/prepare`, { body: wish });
    expect(prepared.status).toBe(200);
    const sealed = await api.send('carol', 'POST', words, { body: signedBy('carol', prepared.body as Prepared) });
    expect(sealed.status).toBe(201);
    const bot = await api.send('deploy-bot', 'POST', `${words}/prepare`, { body: wish });
    expect([403, 409]).toContain(bot.status);
    const machine = await api.send('carol', 'POST', `${words}/prepare`, { body: { ...wish, criterion: 'smoke' } });
    expect(machine.status).toBe(400);
    expect(api.trouble).toEqual([]);
  });

  it('A22 a vote that a page of another origin sends with the cookies of alice is refused', async () => {
    const body = signedBy('alice', (await prepare('alice')).body as Prepared);
    const sent = await api.send('alice', 'POST', votes, { body, headers: { origin: 'https://evil.example' } });
    expect([sent.status, codeOf(sent)]).toEqual([403, 'origin_refused']);
  });
});
