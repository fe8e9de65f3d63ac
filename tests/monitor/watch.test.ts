import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { declareCheck } from '../../src/core/check/declare-check.ts';
import type { Plan } from '../../src/core/procedure/plan.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { pause } from '../../src/core/procedure/runs.fixture.ts';
import { httpKind } from '../../src/kinds/checks/http/kind.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import { snapshotLaunch } from '../../src/store/launch-snapshot.ts';
import { ledgerPlan, startEngine } from '../runs/start-engine.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

/** What the monitoring of the site answers: a figure, or nothing that is one. */
let answer: { status: number; body: string };
let database: TestDatabase;
let engine: EngineUnderTest;
let server: Server;
let url: string;
const planHash = 'ef'.repeat(32);

beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/errors`;
  database = await createTestDatabase();
  engine = await startEngine(database);
  const text = `---\ntminus: launch\nid: test\ntitle: Test\nenvironment: staging\nenvironments:\n  staging: { url: "${url}", production: false, allow: ["127.0.0.1"] }\npeople:\n  dave: { name: Dave }\nroles:\n  lead: [dave]\n---\n\n# Test\n`;
  const read = readLaunch([{ path: 'launch.md', bytes: new TextEncoder().encode(text) }], { checks: [], steps: [] });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  await snapshotLaunch(engine.store, { launch: read.launch, planHash, documents: [] });
  await engine.work({ checkKinds: [httpKind], stopEveryMs: 50 });
});
beforeEach(() => {
  answer = { status: 200, body: '{"errorRate":0.01}' };
});
afterAll(async () => {
  await engine.close();
  await database.drop();
  server.close();
});

/** An hour of watching the error rate, from T+0 on, that stops above five percent. */
function watchPlan(): Plan {
  const at = { file: 'launch.md', line: 1, column: 1 };
  const declared = declareCheck(
    httpKind,
    { form: 'mapping', spec: { url, timeout: '30s' }, expectations: ['json.errorRate > 0.05'] },
    at,
  );
  // Without it there would be a stop condition that nobody looks at.
  if (!declared.ok) throw new Error(JSON.stringify(declared.faults));
  return ledgerPlan([pause('watch', { kind: 'for', ms: 3_600_000 })], {
    planHash,
    stops: [
      { id: 'errors', text: 'more than five percent of the answers are errors', detect: declared.check, everyMs: 100 },
    ],
  });
}

const holdsOf = ({ holds }: Run): string[] => holds.map(({ cause }) => cause);
const isHeldBy = (cause: string) => (run: Run) => holdsOf(run).includes(cause);

describe('a watch over numbers', () => {
  it.each([
    ['the figure is missing', { status: 200, body: '{"requests":100}' }],
    ['the figure is null', { status: 200, body: '{"errorRate":null}' }],
    ['the figure is no number', { status: 200, body: '{"errorRate":"low"}' }],
    ['the answer is empty', { status: 200, body: '' }],
    ['the monitoring is down', { status: 503, body: 'gone' }],
  ])('C22 no data is a hold and no good news: %s', async (_name, silence) => {
    answer = silence;
    const run = await engine.start(watchPlan());
    const held = await engine.until(run, isHeldBy('stop-unreadable'));
    expect(held.state).toBe('held');
    expect(held.holds[0]?.reason).toContain('more than five percent');
    answer = { status: 200, body: '{"errorRate":0.01}' };
    const goesOn = await engine.until(run, ({ holds }) => holds.length === 0);
    expect(goesOn.state).toBe('running');
  });

  it('C22 C21 a figure within its threshold holds nothing, and one beyond it holds until a person decides', async () => {
    const run = await engine.start(watchPlan());
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(holdsOf(await engine.read(run))).toEqual([]);
    answer = { status: 200, body: '{"errorRate":0.051}' };
    await engine.until(run, isHeldBy('stop-condition'));
    answer = { status: 200, body: '{"errorRate":0.0}' };
    await new Promise((resolve) => setTimeout(resolve, 800));
    const held = await engine.read(run);
    expect([held.state, holdsOf(held)]).toEqual(['held', ['stop-condition']]);
    const input = {
      kind: 'release',
      hold: held.holds[0]!.id,
      by: { person: 'alice', role: 'lead' },
      reason: 'seen',
    } as const;
    expect((await engine.advancer.advance({ run, input })).state).toBe('decided');
    expect((await engine.until(run, ({ holds }) => holds.length === 0)).state).toBe('running');
  });
});
