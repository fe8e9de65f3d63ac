import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readRoutes } from './described-routes.ts';
import { openTestApi } from './open-api.ts';
import type { TestApi } from './open-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

interface Round {
  round: { endedAtMs: number | null; done: { criterion: string; outcome: string }[]; trouble: string | null } | null;
}

describe('the server of the API', () => {
  it('O39 describes itself in OpenAPI 3.1, with who may ask for each route', async () => {
    const { status, body } = await api.send(null, 'GET', '/api/openapi.json');
    const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, object>> };
    expect([status, openapi]).toEqual([200, '3.1.0']);
    const operations = Object.values(paths).flatMap((one) => Object.values(one));
    expect(operations.length).toBeGreaterThan(5);
    expect(operations.filter((one) => !('x-tminus-access' in one) || !('operationId' in one))).toEqual([]);
  });

  it('S9 nobody sees launches; a person does', async () => {
    const nobody = await api.send(null, 'GET', '/api/launches');
    expect([nobody.status, nobody.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json; charset=utf-8',
    ]);
    expect(nobody.body).toMatchObject({ code: 'signed_out', status: 401, retry: 'no' });
    const alice = await api.send('alice', 'GET', '/api/launches');
    expect(alice.body).toMatchObject({ items: [{ id: 'shop-cutover', trouble: null }] });
  });

  it('S9 whoever is not let in hears that, whatever they sent: no schema, no size and no syntax before it', async () => {
    const closed = (await readRoutes(api)).filter(({ access, method }) => access !== 'public' && method !== 'GET');
    expect(closed.length).toBeGreaterThan(40);
    const answers = await Promise.all(
      closed.map(async ({ method, path }) => {
        const url = `${path.replaceAll(/\{\w+\}/gu, 'none')}?tenant=1`;
        const { status, body } = await api.send(null, method, url, { body: { isAdmin: true } });
        return `${status} ${(body as { code: string }).code}`;
      }),
    );
    expect(new Set(answers)).toEqual(new Set(['401 signed_out']));
    const waivers = '/api/launches/shop-cutover/waivers';
    const without = await api.send('mallory', 'POST', waivers, { body: { isAdmin: true } });
    expect([without.status, (without.body as { code: string }).code]).toEqual([403, 'permission_denied']);
    const headers = { ...(await api.headersOf('mallory')), 'content-type': 'application/json' };
    const broken = await fetch(`${api.url}${waivers}`, { method: 'POST', headers, body: '{"a":' });
    expect(broken.status).toBe(403);
    // The same from somebody who may: now it is about what they sent.
    const alice = await api.send('alice', 'POST', waivers, { body: { isAdmin: true } });
    expect([alice.status, (alice.body as { code: string }).code]).toEqual([400, 'request_invalid']);
  });

  it('O39 an answer that has not changed is not sent again', async () => {
    const first = await api.send('alice', 'GET', '/api/launches');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/u);
    const again = await api.send('alice', 'GET', '/api/launches', { headers: { 'if-none-match': etag } });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('A37 a field that the description does not name is refused, and so is an address that there is not', async () => {
    const unknown = await api.send('alice', 'GET', '/api/events?tenant=1');
    expect([unknown.status, (unknown.body as { code: string }).code]).toEqual([400, 'request_invalid']);
    const nowhere = await api.send('alice', 'GET', '/api/nowhere');
    expect([nowhere.status, (nowhere.body as { code: string }).code]).toEqual([404, 'route_unknown']);
    expect(api.trouble).toEqual([]);
  });

  it('O31 the availability of the API is counted from its answers, and an error of ours lowers it', async () => {
    const read = async (): Promise<{ value: number | null; from: string } | undefined> => {
      const { body } = await api.send('alice', 'GET', '/api/status/details');
      return (body as { metrics: { id: string; value: number | null; from: string }[] }).metrics.find(
        ({ id }) => id === 'api-availability',
      );
    };
    expect(await read()).toMatchObject({
      value: 100,
      from: expect.stringMatching(/^(\d+) of \1 answers of this server$/u),
    });
    await sql`alter table tminus.notice_dismissal rename to gone`.execute(api.store.tables);
    const broken = await api.send('alice', 'POST', '/api/home/notices/dismiss', { body: { notices: ['x'] } });
    await sql`alter table tminus.gone rename to notice_dismissal`.execute(api.store.tables);
    expect([broken.status, api.trouble.splice(0).length]).toEqual([500, 1]);
    await expect.poll(async () => (await read())?.value, { timeout: 60_000 }).toBeLessThan(100);
  });

  it('T19 keeps what browsers refused to do, and shows it to nobody who may not see it', async () => {
    const report = {
      'csp-report': { 'document-uri': `${api.url}/launches?secret=1`, 'effective-directive': 'script-src' },
    };
    const headers = { 'content-type': 'application/csp-report' };
    const sent = await api.send(null, 'POST', '/api/browser-reports', { body: report, headers });
    expect(sent.status).toBe(204);
    expect((await api.send('bob', 'GET', '/api/browser-reports')).status).toBe(403);
  });

  it('F13 decides every gate now, with its tree down to the bytes; what is not there is a clear 404', async () => {
    const gates = await api.send('alice', 'GET', '/api/launches/shop-cutover/gates');
    expect(gates.body).toMatchObject({ items: [{ id: 'ready', outcome: 'no-go', met: 0 }] });
    const gate = await api.send('alice', 'GET', '/api/launches/shop-cutover/gates/ready');
    expect(gate.body).toMatchObject({ outcome: 'no-go', tree: { kind: 'gate', id: 'ready' } });
    expect((gate.body as { shortestWay: unknown[] }).shortestWay.length).toBeGreaterThan(0);
    const none = await api.send('alice', 'GET', '/api/launches/shop-cutover/gates/nowhere');
    expect([none.status, (none.body as { code: string }).code]).toEqual([404, 'gate_unknown']);
    const elsewhere = await api.send('alice', 'GET', '/api/launches/other/gates');
    expect([elsewhere.status, (elsewhere.body as { code: string }).code]).toEqual([404, 'launch_missing']);
  });

  it('F13 a round of checks seals what it sees: with nothing running everything is unknown, and nothing passes', async () => {
    const path = '/api/launches/shop-cutover/checks';
    const begun = await api.send('dave', 'POST', path, { body: {} });
    expect(begun.status).toBe(202);
    let state = (await api.send('dave', 'GET', path)).body as Round;
    for (let tries = 0; tries < 1_000 && state.round?.endedAtMs === null; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      state = (await api.send('dave', 'GET', path)).body as Round;
    }
    expect(state.round?.trouble).toBeNull();
    expect(state.round?.done.length).toBeGreaterThan(3);
    expect(state.round?.done.filter(({ outcome }) => outcome === 'pass')).toEqual([]);
    expect(api.trouble).toEqual([]);
  });
});
