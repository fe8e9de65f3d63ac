import type { JsonObject, JsonValue } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';

import { stepContext } from '../../../../tests/contract/step-context.ts';
import type { Surroundings } from '../../../../tests/contract/step-context.ts';
import { startNameServer } from '../../../../tests/servers/start-name-server.ts';
import type { TestNameServer } from '../../../../tests/servers/start-name-server.ts';
import { sendRaw, startDnsProxy } from '../../../../tests/steps/start-dns-proxy.ts';
import type { Meddle } from '../../../../tests/steps/start-dns-proxy.ts';
import { changeRecords } from './change-records.ts';
import { dnsStepKind } from './kind.ts';

const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
const server = await startNameServer({ zones: { 'shop.test': names.map((name) => `${name} 300 A 192.0.2.1`) } });
const stops: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const stop of stops) await stop();
  if (server.state === 'started') await server.stop();
});

const reason = server.state === 'missing' ? ` - not run: ${server.reason}` : '';
const real = server as TestNameServer;

interface Change {
  name: string;
  spec: JsonObject;
  surroundings: Surroundings;
}

/** A change of an address that no other test touches. */
function change(more: { [key: string]: JsonValue } = {}, given: Surroundings = {}): Change {
  const name = `${names.shift()!}.shop.test`;
  const standard = { server: real.address, zone: 'shop.test', name, from: '192.0.2.1', to: '192.0.2.2', ttl: 60 };
  const read = dnsStepKind.readSpec({ ...standard, key: '{{ secret "dns/key" }}', timeout: '30s', ...more });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return { name, spec: read.spec, surroundings: { allow: ['127.0.0.1'], secrets: { 'dns/key': real.key }, ...given } };
}

function run({ spec, surroundings }: Change, clock: () => number = Date.now): ReturnType<typeof changeRecords> {
  return changeRecords(spec, stepContext(surroundings).context, clock);
}

function probe({ spec, surroundings }: Change): ReturnType<NonNullable<typeof dnsStepKind.probe>> {
  return dnsStepKind.probe!(spec, stepContext(surroundings).context);
}

async function between(meddle: Meddle): Promise<{ server: string }> {
  const proxy = await startDnsProxy(real.port, meddle);
  stops.push(() => proxy.stop());
  return { server: proxy.address };
}

describe.skipIf(server.state === 'missing')(`a record changed on a real name server${reason}`, () => {
  it.each([
    ['AAAA', [], ['2001:db8::1', '2001:DB8:0::2']],
    ['CNAME', [], ['Edge.Example.net.']],
    ['MX', [], ['10 ns.shop.test', '20 MX2.example.net']],
    ['TXT', [], ['v=spf1 -all', `k=${'x'.repeat(300)}`, '"two" "parts"']],
    ['SRV', [], ['0 5 443 www.shop.test.']],
  ])('C14 sets records of type %s, sees them as they were written, and takes them back', async (type, from, to) => {
    const { name, ...rest } = change({ type, from, to });
    const fresh = { name, ...rest, spec: { ...rest.spec, name: `new-${name}` } };
    expect(await run(fresh)).toMatchObject({ outcome: 'done', facts: { applied: true, standing: { ttl: 60 } } });
    expect(await probe(fresh)).toMatchObject({ result: 'applied' });
    const undo = { ...fresh, spec: dnsStepKind.undoSpec(fresh.spec)! };
    expect(await run(undo)).toMatchObject({ outcome: 'done', facts: { standing: { values: [] } } });
    expect(await probe(fresh)).toMatchObject({ result: 'not_applied' });
  });

  it('C19 lowers a time to live alone, and refuses where the old one is another than the waiting time rests on', async () => {
    const lower = change({ from: { values: '192.0.2.1', ttl: 300 }, to: '192.0.2.1' });
    expect(await probe(lower)).toMatchObject({ result: 'not_applied' });
    expect(await run(lower)).toMatchObject({ outcome: 'done', facts: { standing: { ttl: 60 } } });
    const wrong = change({ from: { values: '192.0.2.1', ttl: 3600 }, to: '192.0.2.1' });
    const end = await run(wrong);
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: false, standing: { ttl: 300 } } });
    expect(end.detail).toContain('expected 192.0.2.1 (ttl 3600), got 192.0.2.1 (ttl 300)');
  });

  it('C14 changes nothing where somebody else changed it meanwhile, and says what was expected and what stands', async () => {
    const first = change();
    await run(first);
    const late = { ...first, spec: { ...first.spec, to: ['192.0.2.3'] } };
    const end = await run(late);
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: false, rcode: 'NXRRSET' } });
    expect(end.detail).toContain('expected 192.0.2.1, got 192.0.2.2 (ttl 60)');
    expect(await probe(first)).toMatchObject({ result: 'applied' });
    expect(await probe(late)).toMatchObject({ result: 'unknown' });
    const second = change({ from: [], to: '192.0.2.2' });
    expect(await run(second)).toMatchObject({ outcome: 'failed', facts: { rcode: 'YXRRSET' } });
  });

  it('is not done where the server says NOERROR and leaves the record out', async () => {
    const alias = change({ type: 'CNAME', from: [], to: 'edge.example.net' });
    const end = await run(alias);
    expect(end).toMatchObject({ outcome: 'failed', facts: { standing: { values: [] } } });
    expect(end.detail).toContain('expected edge.example.net (ttl 60), got nothing');
  });

  it.each([
    ['another secret', () => `hmac-sha256:cutover-key:${Buffer.alloc(32, 1).toString('base64')}`, 'BADSIG'],
    ['another name', () => real.key.replace('cutover-key', 'other-key'), 'BADKEY'],
    ['another algorithm', () => real.key.replace('sha256', 'sha512'), 'BADKEY'],
  ])('a key with %s changes nothing, and the answer says %s without being believed', async (_, key, error) => {
    const stranger = change({}, { secrets: { 'dns/key': key() } });
    const end = await run(stranger);
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: null } });
    expect(end.detail).toContain(error);
    expect(await probe(stranger)).toMatchObject({ result: 'unknown' });
    expect(
      await probe({ ...stranger, surroundings: { ...stranger.surroundings, secrets: { 'dns/key': real.key } } }),
    ).toMatchObject({
      result: 'not_applied',
    });
  });

  it('takes the key as a key file of BIND, too', async () => {
    expect(await run(change({}, { secrets: { 'dns/key': real.keyFile } }))).toMatchObject({ outcome: 'done' });
  });

  it('F55 a clock that is wrong is refused, and the difference is told', async () => {
    const early = change();
    const end = await run(early, () => Date.now() - 3_600_000);
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: false, rcode: 'NOTAUTH (BADTIME)' } });
    expect(end.detail).toMatch(/its clock is 3(?:59\d|6\d\d) s ahead of ours/);
    expect(await probe(early)).toMatchObject({ result: 'not_applied' });
  });

  it('names the refusals: a zone of others, and a name outside of the zone', async () => {
    const foreign = { zone: 'other.test', name: 'www.other.test' };
    expect((await run(change(foreign))).detail).toMatch(/got NOTAUTH: it is not the primary of other\.test/);
  });

  it('F54 an answer of which one bit was turned is not believed, wherever the bit is', async () => {
    for (const at of [2, 3, 20, -1, -20, -40]) {
      const tampered = change(await between((answer) => flip(answer, at)));
      const end = await run(tampered);
      expect(end, `bit at ${at}: ${end.detail}`).toMatchObject({ outcome: 'failed', facts: { applied: null } });
    }
  });

  it('F54 an answer without its signature is not believed, though it says NOERROR', async () => {
    const bare = change(
      await between((answer) => Buffer.concat([answer.subarray(0, 2), Buffer.from('a8000000000000000000', 'hex')])),
    );
    const end = await run(bare);
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: null } });
    expect(end.detail).toContain('without a signature');
  });

  it('F54 the signed answer to an earlier message is not taken for the answer to this one', async () => {
    const kept: Buffer[] = [];
    const behind = await between((answer) => {
      kept.push(answer);
      const replayed = Buffer.from(kept[0]!);
      answer.copy(replayed, 0, 0, 2);
      return replayed;
    });
    expect(await run(change(behind))).toMatchObject({ outcome: 'failed' });
    expect(await run(change(behind))).toMatchObject({ outcome: 'failed', facts: { applied: null } });
  });

  it('a request that somebody recorded and sends again changes nothing once the records have moved on', async () => {
    const proxy = await startDnsProxy(real.port);
    stops.push(() => proxy.stop());
    const once = change({ server: proxy.address });
    await run(once);
    const undo = { ...once, spec: { ...dnsStepKind.undoSpec(once.spec)!, to: ['192.0.2.9'] } };
    await run(undo);
    const again = await sendRaw(real.port, proxy.requests[0]!);
    expect(again.readUInt16BE(2) & 15).toBe(8);
    expect((await run(undo)).detail).toContain('192.0.2.9 (ttl 60) stands already');
  });

  it('F12 an update whose answer is lost is not told as done, and the probe knows afterwards', async () => {
    const lost = change({ ...(await between(() => 'silence')), timeout: '3s' });
    const end = await run(lost);
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: null } });
    expect(end.detail).toContain('nobody knows whether it was carried out');
    const seen = { ...lost, spec: { ...lost.spec, server: real.address } };
    expect(await probe(lost)).toMatchObject({ result: 'unknown' });
    expect(await probe(seen)).toMatchObject({ result: 'applied' });
    expect(await run(seen)).toMatchObject({ outcome: 'done', detail: expect.stringContaining('stands already') });
  });

  it('F12 a stop while the answer is awaited says that nobody knows', async () => {
    const abort = new AbortController();
    const behind = await between(() => {
      abort.abort();
      return 'silence';
    });
    const end = await run(change(behind, { signal: abort.signal }));
    expect(end).toMatchObject({ outcome: 'stopped', facts: { applied: null } });
  });

  it.each([
    ['before the update', 1, false],
    ['after the update', 3, null],
  ])('F12 a stop while the records are read %s tells what is known', async (_, at, applied) => {
    const abort = new AbortController();
    const behind = await between((answer, count) => {
      if (count === at) abort.abort();
      return abort.signal.aborted ? 'silence' : answer;
    });
    const from = { values: '192.0.2.1', ttl: 300 };
    const end = await run(change({ ...behind, from }, { signal: abort.signal }));
    expect(end).toMatchObject({ outcome: 'stopped', facts: { applied } });
  });

  it('F54 a server that is killed between the update and its reading back is not told as done', async () => {
    const behind = await between((answer, count) => (count === 1 ? answer : 'silence'));
    const end = await run(change({ ...behind, timeout: '3s' }));
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: null } });
    expect(end.detail).toContain('the server took the update');
  });

  it('asks by UDP, and once more by TCP where the answer does not fit', async () => {
    const to = Array.from({ length: 60 }, (_, index) => `192.0.2.${index + 100}`);
    expect(await run(change({ transport: 'udp' }))).toMatchObject({ outcome: 'done' });
    const end = await run(change({ transport: 'udp', to: to.slice(0, 20) }));
    expect(end).toMatchObject({ outcome: 'done' });
    const many = change({ to });
    await run(many);
    expect(await probe({ ...many, spec: { ...many.spec, transport: 'udp' } })).toMatchObject({ result: 'applied' });
  });

  it('A9 asks no inside server that the environment does not allow, also behind a name', async () => {
    const inside = change({}, { allow: [] });
    expect(await run(inside)).toMatchObject({ outcome: 'failed', facts: { applied: false } });
    expect((await run(change({ server: `localhost:${real.port}` }, { allow: [] }))).detail).toContain('loopback');
    expect(await run(change({ server: `localhost:${real.port}` }, { allow: ['localhost'] }))).toMatchObject({
      outcome: 'done',
    });
  });

  it.each([
    ['the server by its address', (name: string) => [real.address, name].slice(0, 1)],
    ['the server by another name', () => [`localhost:${real.port}`]],
    ['the host without a port', () => ['127.0.0.1']],
    ['the name to be changed', (name: string) => [name]],
  ])('C07 touches nothing in a rehearsal that is production: %s', async (_, forbidden) => {
    const touched = change();
    const surroundings = { ...touched.surroundings, forbidden: forbidden(touched.name) };
    const end = await run({ ...touched, surroundings });
    expect(end).toMatchObject({ outcome: 'failed', facts: { applied: false } });
    expect(end.detail).toContain('belongs to production');
    expect(await probe(touched)).toMatchObject({ result: 'not_applied' });
  });

  it('fills in what the candidate says, and sends nothing where it says nothing', async () => {
    const templated = change({ to: '{{ candidate.address }}' });
    expect(await run(templated)).toMatchObject({ outcome: 'failed', facts: { applied: false } });
    const bad = { ...templated.surroundings, variables: { TMINUS_CANDIDATE_ADDRESS: 'not-an-address' } };
    expect((await run({ ...templated, surroundings: bad })).detail).toContain('expected an IPv4 address');
    const good = { ...templated.surroundings, variables: { TMINUS_CANDIDATE_ADDRESS: '192.0.2.77' } };
    expect(await run({ ...templated, surroundings: good })).toMatchObject({
      outcome: 'done',
      facts: { standing: { values: ['192.0.2.77'] } },
    });
  });
});

describe.skipIf(server.state === 'missing')(`a name server that is gone${reason}`, () => {
  it('F54 nothing was sent where nobody listens, and the change goes through once it is back', async () => {
    const waiting = change();
    await real.crash();
    expect(await run(waiting)).toMatchObject({ outcome: 'failed', facts: { applied: false } });
    expect(await probe(waiting)).toMatchObject({ result: 'unknown' });
    await real.restart();
    expect(await run(waiting)).toMatchObject({ outcome: 'done' });
  });
});

function flip(answer: Buffer, at: number): Buffer {
  const turned = Buffer.from(answer);
  const index = at < 0 ? turned.length + at : at;
  turned[index]! ^= 1;
  return turned;
}
