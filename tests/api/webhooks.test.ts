import { createHmac, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { giveGrant } from '../../src/engine/access/give-grant.ts';
import type { Delivery } from '../../src/engine/delivery.ts';
import { openDelivery } from '../../src/engine/delivery/open-delivery.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { enqueueEvents } from '../../src/engine/webhook/enqueue-events.ts';
import { openWebhooks } from '../../src/engine/webhook/open-webhooks.ts';
import type { Webhooks } from '../../src/engine/webhook/open-webhooks.ts';
import { openWebhookDesk } from '../../src/engine/webhook/webhook-desk.ts';
import type { WebhookDesk } from '../../src/engine/webhook/webhook-desk.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { envProvider } from '../../src/kinds/secrets/env/provider.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { createTargetPolicy } from '../../src/kinds/target-policy.ts';
import { readAlarms } from '../../src/store/alarm.ts';
import { openTestApi } from './open-api.ts';
import type { TestApi } from './open-api.ts';
import { openReceiver } from './open-receiver.ts';
import type { Received, Receiver } from './open-receiver.ts';
import { putRun, writeEvents } from './write-events.ts';

const key = Buffer.from('a key of thirty-two bytes, or so');
const secret = `whsec_${key.toString('base64')}`;
const environment = { HOOK_SECRET: secret, SHORT: 'too short' };
let api: TestApi;
let delivery: Delivery;
let desk: WebhookDesk;
let receiver: Receiver;
const opened: Webhooks[] = [];

beforeAll(async () => {
  api = await openTestApi();
  await putRun(api.store, { id: 'run-own', launch: 'shop-cutover', environment: 'staging' });
  await putRun(api.store, { id: 'run-bank', launch: 'bank-cutover', environment: 'production' });
  // The queue of the product with less patience.
  const queues = [{ name: 'webhooks', attempts: 2, backoffSeconds: 1, backoffMaxSeconds: 1 }];
  delivery = await openDelivery(api.store, { queues });
  desk = openWebhookDesk(api.store, delivery, ['env']);
});
beforeEach(async () => {
  for (const webhooks of opened.splice(0)) await webhooks.close();
  for (const { id } of await desk.list()) await desk.remove(id);
  await delivery.cancelQueue('webhooks');
  await receiver?.close();
  receiver = await openReceiver();
});
afterAll(async () => {
  for (const webhooks of opened) await webhooks.close();
  await receiver.close();
  await delivery.stop({ graceSeconds: 1 });
  await api.close();
});

async function open(
  allow: readonly string[] = [receiver.host],
  { failures = 1_000, openMs = 1_000 } = {},
): Promise<unknown[]> {
  const trouble: unknown[] = [];
  const webhooks = await openWebhooks({
    store: api.store,
    delivery,
    secrets: { providers: [envProvider], environment, workspace: '/', prefix: null },
    mask: () => undefined,
    allow,
    policy: createTargetPolicy({ retries: 0, timeoutMs: 60_000, longestPauseMs: 0, failures, openMs }),
    report: (error) => trouble.push(error),
  });
  opened.push(webhooks);
  return trouble;
}

const add = (patch: object = {}): Promise<unknown> =>
  desk.add({
    id: 'hook',
    url: receiver.url,
    secret: { env: 'HOOK_SECRET' },
    launches: null,
    types: null,
    createdBy: 'alice',
    ...patch,
  });

const idOf = ({ body }: Received): string => (JSON.parse(body) as { id: string }).id;
const idsOf = (requests: readonly Received[]): number[] =>
  requests.map((one) => Number(idOf(one))).toSorted((a, b) => a - b);

/** Written a second time, from the text of Standard Webhooks. */
function isSigned({ headers, body }: Received): boolean {
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = createHmac('sha256', key).update(text).digest();
  const [version, got = ''] = (headers['webhook-signature'] ?? '').split(',');
  const given = Buffer.from(got, 'base64');
  return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (await isSo()) return;
    await pause(50);
  }
  throw new Error(`expected ${what}, got none`);
}

describe('webhooks', () => {
  it('O15 send what is wanted, as CloudEvents, signed over the very bytes; a changed byte is seen', async () => {
    await add({ launches: ['shop-cutover'], types: ['step'] });
    await writeEvents(api.store, 'run-bank', 2);
    await writeEvents(api.store, 'run-own', 1, { type: 'approval.given' });
    const last = await writeEvents(api.store, 'run-own', 3, { filler: 'é' });
    const begunAt = Math.floor(Date.now() / 1000);
    await open();
    await receiver.until(3);
    await pause(700);
    expect(idsOf(receiver.received)).toEqual([last - 2, last - 1, last]);
    const [first] = receiver.received as [Received];
    expect(first.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(first.body)).toMatchObject({
      specversion: '1.0',
      type: 'tminus.step.started',
      subject: 'run-own',
      environment: 'staging',
      mode: 'rehearsal',
    });
    const sentAt = Number(first.headers['webhook-timestamp']);
    expect([sentAt >= begunAt, sentAt <= Date.now() / 1000]).toEqual([true, true]);
    expect(receiver.received.map(isSigned)).toEqual([true, true, true]);
    expect(isSigned({ ...first, body: first.body.replace('é', 'e') })).toBe(false);
  });

  it('O15 a shift of traffic goes where its launch is wanted, and says launch, environment and shift', async () => {
    await add({ launches: ['shop-cutover'], types: ['rollout'] });
    const place = { launch: 'shop-cutover', environment: 'production', rollout: 'checkout', stands: 'watching' };
    const last = await writeEvents(api.store, null, 1, { type: 'rollout.moved', shift: 's-1', ...place });
    await writeEvents(api.store, null, 1, { type: 'rollout.moved', shift: 's-2', ...place, launch: 'bank-cutover' });
    await writeEvents(api.store, null, 1, { type: 'system.notice', ...place });
    await open();
    await receiver.until(1);
    await pause(700);
    expect(idsOf(receiver.received)).toEqual([last]);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      type: 'tminus.rollout.moved',
      source: 'urn:tminus:launch:shop-cutover',
      subject: 's-1',
      launch: 'shop-cutover',
      environment: 'production',
      mode: 'live',
    });
  });

  it('F56 a message that was not taken comes again under its id, and then no more', async () => {
    await add();
    const last = await writeEvents(api.store, 'run-own', 2);
    // Each the first time: which of the two comes when is up to whoever sends.
    receiver.answer = (one) => ({
      status: idsOf(receiver.received).filter((id) => id === Number(idOf(one))).length === 1 ? 500 : 204,
    });
    await open();
    await receiver.until(4);
    await pause(1_500);
    expect(idsOf(receiver.received)).toEqual([last - 1, last - 1, last, last]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it('F56 nothing is lost or enqueued twice where the enqueuing breaks off, and where two do it at once', async () => {
    await add();
    const last = await writeEvents(api.store, 'run-own', 700);
    const breaks = { send: () => Promise.reject(new Error('the process died here')) };
    await expect(enqueueEvents(api.store, breaks)).rejects.toThrow('died here');
    expect((await desk.read('hook')).position).toBe(last - 700);
    const rounds = async (): Promise<void> => {
      for (let round = 0; round < 4; round++) await enqueueEvents(api.store, delivery);
    };
    await Promise.all([rounds(), rounds()]);
    expect((await desk.read('hook')).position).toBe(last);
    await open();
    await receiver.until(700);
    await pause(500);
    const wanted = Array.from({ length: 700 }, (_, index) => last - 699 + index);
    expect(idsOf(receiver.received)).toEqual(wanted);
  }, 180_000);

  it('O15 what is given up is a dead letter, and arrives when it is requeued', async () => {
    await add();
    const cursor = await writeEvents(api.store, 'run-own', 1);
    receiver.answer = () => ({ status: 503 });
    await open();
    await until('a dead letter', async () => (await delivery.deadLetters.list('webhooks')).length === 1);
    const [letter] = await delivery.deadLetters.list('webhooks');
    expect(letter).toMatchObject({ attempts: 2, data: { webhook: 'hook', cursor } });
    expect(letter?.reason).toContain('got 503');
    expect(receiver.received).toHaveLength(2);
    receiver.answer = () => ({ status: 204 });
    await delivery.deadLetters.requeue({ queue: 'webhooks', ids: [letter!.id] }, { person: 'alice', reason: 'mended' });
    await receiver.until(3);
    expect(idsOf(receiver.received)).toEqual([cursor, cursor, cursor]);
  });

  it('O17 ten given up in a row switch it off with an alarm; replay sends what was not sent, and ends the alarm', async () => {
    await add();
    const last = await writeEvents(api.store, 'run-own', 12);
    receiver.answer = () => ({ status: 500 });
    await open();
    await until('a webhook that is off', async () => (await desk.read('hook')).offReason !== null);
    expect((await readAlarms(api.store)).map(({ subject }) => subject)).toContain('webhook hook');
    const later = await writeEvents(api.store, 'run-own', 3);
    await pause(1_200);
    receiver.answer = () => ({ status: 204 });
    const before = receiver.received.length;
    await desk.replay('hook', null);
    await until('all of them', async () => {
      const got = new Set(idsOf(receiver.received.slice(before)));
      return (
        Array.from({ length: 12 }, (_, index) => last - 11 + index).every((cursor) => got.has(cursor)) && got.has(later)
      );
    });
    expect((await readAlarms(api.store)).map(({ subject }) => subject)).not.toContain('webhook hook');
  }, 180_000);

  it('O15 a receiver that says 410 is asked no more, and nothing dies for it', async () => {
    await add();
    await writeEvents(api.store, 'run-own', 1);
    receiver.answer = () => ({ status: 410 });
    const dead = (await delivery.deadLetters.list('webhooks')).length;
    await open();
    await until('a webhook that is off', async () => (await desk.read('hook')).offReason !== null);
    await writeEvents(api.store, 'run-own', 5);
    await pause(1_500);
    expect(receiver.received).toHaveLength(1);
    expect(await delivery.deadLetters.list('webhooks')).toHaveLength(dead);
  });

  it('A9 A11 an inside address is not reached unless it is allowed, and no redirect is followed', async () => {
    await add({ id: 'plain', url: receiver.url });
    await add({ id: 'tls', url: receiver.url.replace('http:', 'https:') });
    await add({ id: 'odd', url: receiver.url.replace('http://127.0.0.1', 'https://0x7f.1') });
    await writeEvents(api.store, 'run-own', 1);
    await open([]);
    await until(
      'six tries',
      async () =>
        (await delivery.deadLetters.list('webhooks')).filter(({ data }) => data['webhook'] !== 'hook').length === 3,
    );
    const reasons = (await delivery.deadLetters.list('webhooks')).map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('expected https');
    expect(reasons).toContain('not among the hosts that the environment allows');
    expect(receiver.received).toEqual([]);
    for (const webhooks of opened.splice(0)) await webhooks.close();
    for (const { id } of await desk.list()) await desk.remove(id);
    await add();
    await writeEvents(api.store, 'run-own', 1);
    receiver.answer = () => ({ status: 302, headers: { location: '/inside' } });
    await open();
    await receiver.until(2);
    await pause(300);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
  }, 180_000);

  it('I7 nothing goes out unsigned: a secret that is missing or too short stops it', async () => {
    await add({ id: 'missing', secret: { env: 'NOT_SET' } });
    await add({ id: 'short', secret: { env: 'SHORT' } });
    await writeEvents(api.store, 'run-own', 1);
    await open();
    await until('both given up', async () => {
      const letters = await delivery.deadLetters.list('webhooks');
      return letters.filter(({ data }) => ['missing', 'short'].includes(String(data['webhook']))).length === 2;
    });
    expect(receiver.received).toEqual([]);
    const letters = await delivery.deadLetters.list('webhooks');
    expect(JSON.stringify(letters)).not.toContain('too short"');
  });

  it('T22 a host that does not answer is left alone for a while, which costs no try', async () => {
    await add();
    receiver.answer = () => ({ status: 500 });
    await writeEvents(api.store, 'run-own', 30);
    const [openMs, begunAt] = [3_000, performance.now()];
    await open([receiver.host], { failures: 3, openMs });
    await receiver.until(3);
    await pause(400);
    const got = receiver.received.length;
    // Three failures and what was under way with them; each time that the circuit lets somebody try, one for each slot at most.
    expect(got).toBeLessThan(10 + 4 * Math.floor((performance.now() - begunAt) / openMs));
    receiver.answer = () => ({ status: 204 });
    await until('a receiver that is asked again', async () => receiver.received.length >= 30);
  }, 180_000);
});

describe('webhooks over the API', () => {
  const body = { id: 'ci', url: 'https://ci.example/hook', secret: { env: 'HOOK_SECRET' } };

  beforeAll(async () => {
    const { launch } = await loadPlan(api.launch.directory, { checks: checkReaders, steps: stepReaders });
    await giveGrant(api.store, launch, {
      holder: { kind: 'person', id: 'alice' },
      role: 'admin',
      environment: 'production',
      giver: null,
      expiresAt: null,
      delegates: null,
      breakGlass: false,
      reason: 'installed it',
    });
  });

  it('T20 are for admins of the whole installation: nobody, an operator and a stranger get nothing', async () => {
    expect((await api.send(null, 'GET', '/api/webhooks')).status).toBe(401);
    for (const person of ['carol', 'mallory']) {
      expect((await api.send(person, 'GET', '/api/webhooks')).status).toBe(403);
      expect((await api.send(person, 'POST', '/api/webhooks', { body })).status).toBe(403);
      expect((await api.send(person, 'DELETE', '/api/webhooks/ci')).status).toBe(403);
    }
    expect(await desk.list()).toEqual([]);
  });

  it('O15 D16 are added once, shown without their secret, and changed by whoever has seen them', async () => {
    const headers = { 'idempotency-key': 'add-the-webhook' };
    const added = await api.send('alice', 'POST', '/api/webhooks', { body, headers });
    expect([added.status, added.body]).toMatchObject([201, { id: 'ci', offReason: null, types: null }]);
    const again = await api.send('alice', 'POST', '/api/webhooks', { body, headers });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await api.send('alice', 'POST', '/api/webhooks', { body })).toMatchObject({
      status: 409,
      body: { code: 'webhook_exists' },
    });
    const list = await api.send('alice', 'GET', '/api/webhooks');
    expect(JSON.stringify(list.body)).not.toContain(secret.slice(6));
    const { version } = added.body as { version: string };
    expect((await api.send('alice', 'DELETE', '/api/webhooks/ci?expectedVersion=old')).status).toBe(409);
    const replayed = await api.send('alice', 'POST', '/api/webhooks/ci/replay', {
      body: { after: 0, expectedVersion: version },
    });
    expect([replayed.status, replayed.body]).toMatchObject([202, { position: 0 }]);
    const headersOfNow = { 'if-match': `"${(replayed.body as { version: string }).version}"` };
    expect((await api.send('alice', 'DELETE', '/api/webhooks/ci', { headers: headersOfNow })).status).toBe(204);
    expect((await api.send('alice', 'POST', '/api/webhooks/ci/test', { body: {} })).status).toBe(404);
  });

  it('A9 an address with credentials, of another scheme, and a secret instead of its place are refused', async () => {
    for (const url of ['https://a:b@ci.example', 'file:///etc/passwd', 'gopher://x', 'no address'])
      expect(await api.send('alice', 'POST', '/api/webhooks', { body: { ...body, url } })).toMatchObject({
        status: 422,
      });
    const bare = await api.send('alice', 'POST', '/api/webhooks', { body: { ...body, secret: { value: secret } } });
    expect(bare).toMatchObject({ status: 422, body: { code: 'webhook_invalid' } });
    expect(await desk.list()).toEqual([]);
    expect(api.trouble).toEqual([]);
  });
});
