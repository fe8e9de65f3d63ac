import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { humanStep } from '../../src/core/procedure/runs.fixture.ts';
import { announceByWebhook } from '../../src/engine/runs/announce-by-webhook.ts';
import { readMessages } from '../../src/store/message.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

interface Taken {
  headers: IncomingMessage['headers'];
  body: string;
}

describe('messages of runs', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;
  let server: Server;
  const taken: Taken[] = [];
  let refuse = 1;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    server = createServer((request, response) => {
      void text(request).then((body) => {
        taken.push({ headers: request.headers, body });
        response.writeHead(refuse-- > 0 ? 503 : 200).end();
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const announce = announceByWebhook({ url, key: 'k' });
    // The launch of the harness declares no comms, and what is not declared does not leave.
    const withComms: typeof announce = (message) => {
      const environments = message.launch.environments.map((one) => ({ ...one, comms: 'on' as const }));
      return announce({ ...message, launch: { ...message.launch, environments } });
    };
    await engine.work({ announce: withComms });
  });

  afterAll(async () => {
    await engine.close();
    await new Promise((resolve) => server.close(resolve));
    await database.drop();
  });

  it('F56 a person who is waited for is called at the webhook, again under the same key where it was not taken, and signed', async () => {
    const run = await engine.start(ledgerPlan([humanStep('sign')]));
    const giveUp = performance.now() + 60_000;
    while (taken.length < 2 && performance.now() < giveUp) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken.map(({ body }) => JSON.parse(body) as { text: string })).toMatchObject([
      { text: 'sign waits for you (carol)' },
      { text: 'sign waits for you (carol)' },
    ]);
    const [first, second] = taken as [Taken, Taken];
    expect(second.headers['idempotency-key']).toBe(first.headers['idempotency-key']);
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(second.headers['tminus-signature'])) ?? [];
    expect(signature).toBe(createHmac('sha256', 'k').update(`${seconds}.${second.body}`).digest('hex'));
    expect(await readMessages(engine.store, run)).toMatchObject([
      { what: 'call', people: ['carol'], body: 'sign waits for you' },
    ]);
  });
});
