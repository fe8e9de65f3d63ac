import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { JsonObject, Judgement } from '@tminus/verify';
import { afterEach, describe, expect, it } from 'vitest';

import type { Observation } from '../../../core/check/check.ts';
import { declareCheck } from '../../../core/check/declare-check.ts';
import { judge } from '../../../core/check/judge.ts';
import { readSources } from '../../../core/check/read-sources.ts';
import { ownTime } from '../../../../tests/contract/own-time.ts';
import { httpKind } from './kind.ts';
import { toProbeSource } from './reader.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await close(server);
});

/** An app of a version, on a port of its own or of the one before. */
async function startApp(version: number, port = 0): Promise<Server> {
  const server = createServer((_request, response) => response.end(`{"version":${version}}`));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return server;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const at = { file: 'launch.md', line: 1, column: 1 };

function declared(url: string, probe: JsonObject = { for: '1200ms', every: '20ms' }) {
  const result = declareCheck(
    httpKind,
    { form: 'mapping', spec: { url, timeout: '30s', probe }, expectations: [] },
    at,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.check;
}

type Check = ReturnType<typeof declared>;
const observe = ({ spec }: Check, signal = AbortSignal.timeout(100_000)): Promise<Observation> =>
  httpKind.observe(spec, { signal, workspace: '.', allow: ['127.0.0.1'], now: Date.now });

function judged({ spec, expectations }: Check, { sources }: Observation): Judgement & { probes: JsonObject } {
  const reading = readSources(httpKind, spec, sources);
  const probes = reading.state === 'readable' ? (reading.facts['probes'] as JsonObject) : {};
  return { ...judge(expectations, reading), probes };
}

describe('requests that are sent without a pause', () => {
  it('F09 a deploy that begins the new version before it ends the old one fails none of them', async () => {
    // A front that goes to whoever is there, as a balancer does.
    let behind = await startApp(1);
    const front = createServer((_request, response) => {
      void fetch(`http://127.0.0.1:${portOf(behind)}`).then(async (answer) => response.end(await answer.text()));
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    open.push(front);
    const check = declared(`http://127.0.0.1:${portOf(front)}/`, { for: '3s', every: '20ms' });
    // What is loaded with the first request is none of the deploy's.
    await (await fetch(`http://127.0.0.1:${portOf(front)}/`)).text();
    const seen = observe(check);
    const old = behind;
    behind = await startApp(2);
    await new Promise((resolve) => void old.close(resolve));
    const observation = await seen;
    const { outcome, probes } = judged(check, observation);
    expect([outcome, probes['failed'], probes['outageMs'], probes['failures']]).toEqual(['pass', 0, 0, {}]);
    expect(probes['sent']).toBeGreaterThan(1);
    expect(Date.parse(probes['until'] as string) - Date.parse(probes['from'] as string)).toBeGreaterThan(1_000);
    // What answered last is there to be judged, too.
    expect(readSources(httpKind, check.spec, observation.sources)).toMatchObject({ facts: { json: { version: 2 } } });
  });

  it('F09 negative control: one that ends the old version first is seen, with how long nobody answered', async () => {
    const first = await startApp(1);
    const port = portOf(first);
    const check = declared(`http://127.0.0.1:${port}/`, { for: '1500ms', every: '20ms' });
    const seen = observe(check);
    await ownTime(300);
    await close(first);
    await ownTime(400);
    await startApp(2, port);
    const { outcome, probes } = judged(check, await seen);
    expect(outcome).toBe('fail');
    expect(probes['failed']).toBeGreaterThan(0);
    expect(probes['outageMs']).toBeGreaterThan(250);
    expect(
      Object.keys(probes['failures'] as JsonObject).filter((what) => !['refused', 'reset'].includes(what)),
    ).toEqual([]);
  });

  it('F09 an error that is said so fails like silence, and nobody there at all is a fail and no unknown', async () => {
    const server = createServer((_request, response) => response.writeHead(503).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${portOf(server)}/`;
    const short = { for: '100ms', every: '20ms' };
    const check = declared(url, short);
    const unwell = judged(check, await observe(check));
    expect([unwell.outcome, Object.keys(unwell.probes['failures'] as JsonObject)]).toEqual(['fail', ['503']]);
    await close(server);
    const gone = judged(check, await observe(check));
    expect([gone.outcome, gone.probes['share']]).toEqual(['fail', 1]);
  });

  it('F09 one that was cut short, stood still, or ended early is unknown, whatever it had seen', async () => {
    const app = await startApp(1);
    const check = declared(`http://127.0.0.1:${portOf(app)}/`, { for: '6m', every: '20ms' });
    const cut = await observe(check, AbortSignal.timeout(200));
    expect(cut).toMatchObject({ sources: [], trouble: { code: 'aborted' } });
    const rest = (await observe(declared(`http://127.0.0.1:${portOf(app)}/`, { for: '100ms' }))).sources.slice(1);
    const asked = (times: number[]) => [
      toProbeSource({ from: '2026-11-22T00:00:00Z', asked: times.map((ms) => [ms, 5, 200]) }),
      ...rest,
    ];
    const short = declared('http://127.0.0.1/', { for: '9s', every: '1s' });
    const of = (times: number[]) => readSources(httpKind, short.spec, asked(times));
    expect(of([0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000])).toMatchObject({
      facts: { probes: { failed: 0 } },
    });
    expect(of([0, 1_000, 5_000, 6_000, 7_000, 8_000])).toMatchObject({ trouble: { code: 'partial' } });
    expect(of([0, 1_000, 2_000])).toMatchObject({ trouble: { code: 'partial' } });
    expect(of([0, 2_000, 1_000])).toMatchObject({ trouble: { code: 'malformed' } });
    expect(readSources(httpKind, short.spec, rest)).toMatchObject({ trouble: { code: 'source_missing' } });
  });

  it('F09 a check that was written before has the same digest, and one that asks too often is a fault', () => {
    const plain = declareCheck(httpKind, { form: 'mapping', spec: { url: 'https://a.test' }, expectations: [] }, at);
    expect(plain.ok && Object.keys(plain.check.spec)).not.toContain('probe');
    expect(httpKind.readSpec({ url: 'https://a.test', probe: { for: '1h', every: '20ms' } })).toMatchObject({
      ok: false,
    });
    expect(httpKind.readSpec({ url: 'https://a.test', probe: {} })).toMatchObject({
      ok: true,
      spec: { probe: { for: 60_000, every: 1_000 } },
    });
  });
});
