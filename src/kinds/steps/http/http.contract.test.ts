import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { stepContext } from '../../../../tests/contract/step-context.ts';
import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { closedPort } from '../../../../tests/doubles/silent-server.ts';
import { startLedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import type { LedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import { createTargetPolicy } from '../../target-policy.ts';
import { createHttpStep } from './kind.ts';

let ledger: LedgerServer;
let nowhere: string;
beforeAll(async () => {
  ledger = await startLedgerServer();
  nowhere = `127.0.0.1:${await closedPort()}`;
});
afterAll(() => ledger.stop());
const httpStepKind = createHttpStep(createTargetPolicy({ retries: 0 }));
const canary = 'canary-7c1f-e04b/93+d2=';
const allowed = () => ({ allow: [ledger.host, nowhere] });
const order = (host = ledger.host) => ({
  url: `http://${host}/orders`,
  json: { item: 7 },
  probe: { url: `http://${host}/orders`, expect: ['json.count == 1'] },
  undo: { method: 'DELETE', url: `http://${host}/orders` },
});

stepKindContract({
  kind: httpStepKind,
  keyed: true,
  success: () => ({ written: order(), given: allowed(), target: `${ledger.url}/orders` }),
  trouble: () => ({ written: { url: `${ledger.url}/no` }, given: allowed() }),
  slow: () => ({ written: { url: `${ledger.url}/slow` }, given: allowed() }),
  misspelt: { written: { url: 'https://a.test', metod: 'PUT' }, wrong: 'metod', meant: 'method' },
  forbidden: () => ({
    written: { url: `${ledger.url}/orders` },
    given: { ...allowed(), forbidden: [ledger.host] },
    touched: () => ledger.calls.length,
  }),
  secret: () => {
    const before = ledger.calls.length;
    return {
      written: {
        url: `${ledger.url}/echo`,
        headers: { authorization: 'Bearer {{ secret "api/key" }}' },
        expect: ['json.authorization == ""'],
      },
      given: { ...allowed(), secrets: { 'api/key': canary } },
      canary,
      arrived: () => ledger.calls.slice(before).some(({ headers }) => headers.authorization === `Bearer ${canary}`),
    };
  },
  probe: () => {
    ledger.clear();
    return {
      written: order(),
      given: allowed(),
      effects: () => ledger.effects(),
      unreachable: { written: order(nowhere), given: allowed() },
    };
  },
});

describe('an http step', () => {
  it('T22 stops sending to a target that fails again and again, and says when it tries next', async () => {
    const { url, close } = await startFailing();
    const spec = specOf({ method: 'GET', url });
    const { context } = stepContext({ allow: [new URL(url).host] });
    for (let count = 0; count < 5; count += 1) expect((await httpStepKind.run(spec, context)).detail).toContain('500');
    expect(await httpStepKind.run(spec, context)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(
        /failed too often lately; nothing was sent, try again in (?:[345]\d|60) s/,
      ) as string,
    });
    await close();
  });

  const specOf = (written: object) => {
    const read = httpStepKind.readSpec(written as never);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    return read.spec;
  };

  it('O13 hands key and fence to the target on writes only', async () => {
    const { context } = stepContext({ ...allowed(), idempotencyKey: 'run-9:switch:0', fence: 42 });
    await httpStepKind.run(specOf(order()), context);
    expect(ledger.calls.at(-1)!.headers).toMatchObject({ 'idempotency-key': 'run-9:switch:0', 'tminus-fence': '42' });
    await httpStepKind.run(specOf({ method: 'GET', url: `${ledger.url}/orders` }), context);
    expect(ledger.calls.at(-1)!.headers).not.toHaveProperty('idempotency-key');
  });

  it('O13 tells by the probe whether an interrupted write took effect: before it and after it', async () => {
    ledger.clear();
    const abort = new AbortController();
    const { context } = stepContext({ ...allowed(), signal: abort.signal });
    const slow = specOf({ ...order(), url: `${ledger.url}/slow` });
    setTimeout(() => abort.abort(), 200);
    expect(await httpStepKind.run(slow, context)).toMatchObject({ outcome: 'stopped' });
    const later = stepContext(allowed()).context;
    expect(await httpStepKind.probe!(slow, later)).toMatchObject({ result: 'not_applied' });
    await httpStepKind.run(specOf(order()), later);
    expect(await httpStepKind.probe!(slow, later)).toMatchObject({ result: 'applied' });
  });

  it('A9 an inside address that the environment does not allow is not reached', async () => {
    const before = ledger.calls.length;
    expect(await httpStepKind.run(specOf(order()), stepContext().context)).toMatchObject({
      outcome: 'failed',
      facts: { trouble: 'egress_blocked' },
    });
    expect(ledger.calls.length).toBe(before);
  });

  it('A13 a value stays a value: it opens no secret', async () => {
    const variables = { TMINUS_CANDIDATE_VERSION: '{{ secret "api/key" }}', TMINUS_HOST: ledger.url };
    const { context, opened } = stepContext({ ...allowed(), variables, secrets: { 'api/key': canary } });
    const spec = specOf({
      url: '{{ host }}/orders',
      body: '{{ candidate.version }}',
      expect: ['status == 201'],
    });
    expect(await httpStepKind.run(spec, context)).toMatchObject({ outcome: 'done' });
    expect(ledger.calls.at(-1)!.body).toBe('{{ secret "api/key" }}');
    expect(opened).toEqual([]);
  });

  it('reads a fence with its expectations', () => {
    const text = 'POST https://a.test/switch\ncontent-type: text/plain\n\nnow\nexpect status == 202';
    expect(
      httpStepKind.readFence({ language: 'http', attributes: { undo: 'back', timeout: '5s' }, text }),
    ).toMatchObject({
      ok: true,
      spec: { method: 'POST', body: 'now', expect: ['status == 202'], timeout: 5000 },
    });
    expect(httpStepKind.readFence({ language: 'http', attributes: { folow: '1' }, text }).ok).toBe(false);
  });
});

async function startFailing(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((_, response) => response.writeHead(500).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
