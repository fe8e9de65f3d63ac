import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isFinal } from '../../src/core/procedure/run.ts';
import { SecretValue } from '../../src/core/secret/secret-value.ts';
import type { StepKind } from '../../src/core/step/step-kind.ts';
import { choreQueue } from '../../src/engine/advance/work-queues.ts';
import { createMaskDesk } from '../../src/mask/mask-desk.ts';
import { appendEvents } from '../../src/store/event.ts';
import { keepMessage, readMessages } from '../../src/store/message.ts';
import { insertSecretAccess } from '../../src/store/secret-access.ts';
import { readSightings } from '../../src/store/secret-sighting.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';

const canary = 'canary-Kq7-swept-91c3f0aa';
/** Two encodings deep: what the masker lets through, and the sweep is for. */
const hidden = Buffer.from(gzipSync(Buffer.from(canary).toString('hex')).toString('base64')).toString('base64');

/** Logs its own text. */
function toSayKind(ledger: StepKind): StepKind {
  return {
    ...ledger,
    kind: 'say',
    probe: null,
    run: async (spec, { log }) => {
      log('out', spec['text'] as string);
      return Promise.resolve({ outcome: 'done', detail: 'said', facts: {} });
    },
  };
}

describe('the sweep of what a run wrote', () => {
  const refused: string[] = [];
  const desk = createMaskDesk({ rules: [], clock: () => new Date(), onRefused: ({ name }) => refused.push(name) });
  let swept = 0;
  let database: TestDatabase;
  let engine: EngineUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    await engine.work({
      stepKinds: [toSayKind(engine.ledger.kind)],
      masking: {
        maskText: (text) => desk.maskText('log', text),
        createStream: () => desk.createStream('log'),
        sweep: async (written) => {
          swept += written.length;
          return desk.sweep(written);
        },
      },
      openSecret: async ({ name }) => {
        if (name !== 'api/key') throw new Error(`secret ${name}: expected a value, got none`);
        desk.add(name, canary);
        return Promise.resolve(new SecretValue(name, Buffer.from(canary)));
      },
    });
  });

  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  /** A run that said this, swept after all that `more` writes. */
  async function sweep(said: string, secret: string, more: (run: string) => Promise<void> = async () => {}) {
    const at = { file: 'launch.md', line: 1, column: 1 };
    const action = { kind: 'say', attributes: {}, text: '', spec: { text: said }, at };
    const run = await engine.start(ledgerPlan([ledgerStep('a', '', { action })]));
    await engine.until(run, isFinal);
    const access = { kind: 'env', reference: { env: 'X' }, actor: 'dave', version: null, trouble: null } as const;
    const why = { secret, purpose: `${run}/a`, outcome: 'accessed', at: new Date().toISOString() } as const;
    await insertSecretAccess(engine.store, { launch: 'test', environment: 'staging' }, { ...access, ...why });
    await more(run);
    const before = swept;
    await engine.delivery.send([{ queue: choreQueue.name, key: `again/${run}`, data: { do: 'sweep', run } }]);
    await expect.poll(() => swept, { timeout: 60_000 }).toBeGreaterThan(before);
    // The sweep at the end of the run may come in between: both have to be through.
    await expect
      .poll(async () => (await engine.delivery.health()) as object, { timeout: 60_000 })
      .toMatchObject({
        queues: expect.arrayContaining([expect.objectContaining({ queue: 'chores', waiting: 0, active: 0 })]),
      });
    const sightings = await readSightings(engine.store, run);
    const messages = await readMessages(engine.store, run);
    const loud = messages.filter(({ what }) => what === 'tainted' || what === 'sweep');
    // The run is swept at its end, too: what that one said is said once more.
    return {
      places: [...new Set(sightings.map(({ secret: name, place }) => `${name} in ${place}`))],
      loud: [...new Set(loud.map(({ what, body }) => `${what}: ${body}`))],
    };
  }

  it('S3 a secret that the masker could not see taints the run, and is named', async () => {
    const { places, loud } = await sweep(`token ${hidden}\n`, 'api/key');
    expect(places).toContain('api/key in log of a, attempt 1, out');
    expect(loud).toEqual(['tainted: secrets were seen in what the run wrote: change api/key']);
    expect(refused).toEqual([]);
  });

  it('S3 (negative control) a run that kept it to itself is not tainted, and nothing is said', async () => {
    expect(await sweep(`token ${'x'.repeat(hidden.length)}\n`, 'api/key')).toEqual({ places: [], loud: [] });
  });

  it('S3 a secret that is not to be had any more was not looked for, and that is said', async () => {
    const { places, loud } = await sweep('quiet\n', 'gone/key');
    expect(places).toEqual([]);
    expect(loud).toEqual(['sweep: the sweep could not look for gone/key: not to be had any more']);
  });

  it('S3 it is seen in messages, and behind 100,000 events', async () => {
    const { places } = await sweep('quiet\n', 'api/key', async (run) => {
      await engine.store.tables.transaction().execute(async (tx) => {
        await keepMessage(tx, { run, what: 'call', people: [], body: hidden });
        const events = Array.from({ length: 100_001 }, (_, place) => ({
          run,
          number: 1_000_000 + place,
          type: 'system.notice',
          atMs: Date.now(),
          body: { text: place === 100_000 ? hidden : 'quiet' },
        }));
        await appendEvents(tx, events);
      });
    });
    expect(places).toEqual(['api/key in messages', 'api/key in events']);
  }, 180_000);
});
