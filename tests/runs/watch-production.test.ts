import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { CheckKind } from '../../src/core/check/check.ts';
import type { Plan } from '../../src/core/procedure/plan.ts';
import type { RunMode } from '../../src/core/procedure/run.ts';
import { manualKind } from '../../src/kinds/checks/manual/kind.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import { snapshotLaunch } from '../../src/store/launch-snapshot.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

const planHash = '7e'.repeat(32);
const asked: string[] = [];
const check: CheckKind = {
  ...manualKind,
  kind: 'asked',
  observe: async (spec) => {
    asked.push(JSON.stringify(spec));
    return Promise.resolve({ sources: [], trouble: { code: 'nothing', message: 'it was asked' } });
  },
};

describe('a stop condition that looks at production', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    const text =
      '---\ntminus: launch\nid: test\ntitle: Test\nenvironment: staging\nenvironments:\n  staging: { url: "http://127.0.0.1:1", production: false }\n  live: { url: "https://shop.test:8443", production: true }\npeople:\n  dave: { name: Dave }\nroles:\n  lead: [dave]\n---\n\n# Test\n';
    const read = readLaunch([{ path: 'launch.md', bytes: new TextEncoder().encode(text) }], { checks: [], steps: [] });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    await snapshotLaunch(engine.store, { launch: read.launch, planHash, documents: [] });
    await engine.work({ checkKinds: [check] });
  });

  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  async function lookAt(url: string, mode: RunMode): Promise<string> {
    const at = { file: 'launch.md', line: 1, column: 1 };
    const detect = { kind: 'asked', spec: { url }, expectations: [], sha256: 'ef'.repeat(32), at };
    const stops: Plan['stops'] = [{ id: 'errors', text: 'Errors', detect, everyMs: null }];
    const run = await engine.start(ledgerPlan([ledgerStep('a', 'apply slow 20s')], { planHash, stops }), { mode });
    const held = await engine.until(run, ({ holds }) => holds.length > 0);
    return held.holds.map(({ reason }) => reason).join();
  }

  it('C07 is not asked in a rehearsal, and the rehearsal is held by what nobody could see', async () => {
    expect(await lookAt('https://shop.test:8443/errors', 'rehearsal')).toContain('shop.test:8443 is production');
    expect(asked).toEqual([]);
  });

  it('C07 (negative control) is asked in the live run, and where it names no production', async () => {
    expect(await lookAt('https://shop.test:8443/errors', 'live')).toContain('it was asked');
    expect(await lookAt('https://elsewhere.test/errors', 'rehearsal')).toContain('it was asked');
    expect(asked.length).toBeGreaterThanOrEqual(2);
  });
});
