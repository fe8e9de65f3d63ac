import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import type { CounterSample, MeasureReading } from '../../src/core/rollout/measure-reading.ts';
import type { MetricContext, MetricSession, MetricSourceKind } from '../../src/core/rollout/metric-source-kind.ts';
import type { Arm, Measure } from '../../src/core/rollout/rollout.ts';

/** Why a kind is not asked what the contract asks of others: nothing is left out without a word. */
export interface Without {
  none: string;
}

/** A source with something behind it that a test can let count. */
export interface MetricSourceUnderTest {
  kind: MetricSourceKind;
  /** Why it cannot be had here; null where it can. */
  missing: string | null;
  options: { [key: string]: string };
  /** A measure of events that finds its counters. */
  measure: Measure;
  /** The same with a mistyped name or label, where it must find nothing; each by what is wrong. */
  mistyped: { [what: string]: Measure };
  /** Lets requests happen on an arm, and resolves when the source could know of them. */
  happen: (arm: Arm, counts: { good: number; bad: number }) => Promise<void>;
  /** Lets the counters of an arm begin again; a reason where they cannot, which the skipped test bears. */
  beginAgain: ((arm: Arm) => Promise<void>) | Without;
  /** Lets what counts the canary die. The source is not used after it. */
  die: () => Promise<void>;
  /** Whether it asks somebody over a network; a reason where it does not. */
  network: true | Without;
  workspace?: string;
}

/** Returns what a source is opened with in a test. */
export function metricContext(over: Partial<MetricContext> = {}): MetricContext {
  return {
    signal: new AbortController().signal,
    workspace: '/',
    allow: ['127.0.0.1'],
    forbidden: [],
    secret: null,
    now: () => Date.now(),
    ...over,
  };
}

/** Returns a measure of events. */
export function eventsOf(total: string, bad: string, over: Partial<Measure> = {}): Measure {
  const counts = { kind: 'events', total, bad } as const;
  return {
    id: 'errors',
    title: 'errors',
    source: 's',
    counts,
    by: null,
    margin: 1.5,
    exclude: 3,
    gating: true,
    cap: null,
    phases: null,
    ...over,
  };
}

/** Total and bad events of an arm over all strata; a text where nothing was read. */
export function sumOf(reading: MeasureReading, arm: Arm): string {
  if (reading.state !== 'read') return `${reading.state}: ${reading.reason}`;
  const own = reading.samples.filter((sample) => sample.arm === arm);
  const badOf = ({ bad }: CounterSample): number => (typeof bad === 'number' ? bad : Number.NaN);
  return `${own.reduce((sum, { total }) => sum + total, 0)} ${own.reduce((sum, one) => sum + badOf(one), 0)}`;
}

/** Declares the contract that every metric source keeps, with something real behind it. */
export function metricSourceContract(source: () => MetricSourceUnderTest, name: string, missing: string | null): void {
  describe.skipIf(missing !== null)(
    `${name} as a metric source${missing === null ? '' : ` (skipped: ${missing})`}`,
    () => {
      const sessions: MetricSession[] = [];
      const open = async (over: Partial<MetricContext> = {}): Promise<MetricSession> => {
        const { kind, options, workspace } = source();
        const session = await kind.open(
          options,
          metricContext({ ...(workspace === undefined ? {} : { workspace }), ...over }),
        );
        sessions.push(session);
        return session;
      };
      afterEach(async () => await Promise.all(sessions.splice(0).map((session) => session.close())));

      it('T7 counts what happens on each arm, from 0 with the session, and nothing twice', async () => {
        const { measure, happen } = source();
        const session = await open();
        await both(happen, { good: 1, bad: 1 });
        const first = await readUntil(session, measure, (reading) => reading.state === 'read');
        const [stable, canary] = [numbers(first, 'stable'), numbers(first, 'canary')];
        await happen('stable', { good: 40, bad: 2 });
        await happen('canary', { good: 7, bad: 3 });
        const wanted = [`${stable[0] + 42} ${stable[1] + 2}`, `${canary[0] + 10} ${canary[1] + 3}`];
        const got = await readUntil(
          session,
          measure,
          (reading) => sumOf(reading, 'canary') === wanted[1] && sumOf(reading, 'stable') === wanted[0],
        );
        expect([sumOf(got, 'stable'), sumOf(got, 'canary')]).toEqual(wanted);
        const again = await session.read(measure);
        // On a slow machine what is only sent once is too old by now: that is nothing twice, either.
        const seen = again.state === 'no_data' ? wanted : [sumOf(again, 'stable'), sumOf(again, 'canary')];
        expect(seen).toEqual(wanted);
      });

      it('T7 a mistyped name or label is no data, and never no errors', async () => {
        const { measure, mistyped, happen } = source();
        const session = await open();
        await both(happen, { good: 2, bad: 0 });
        await readUntil(session, measure, (reading) => reading.state === 'read');
        const states = Object.entries(mistyped).map(async ([what, wrong]) => [
          what,
          (await session.read({ ...wrong, id: what })).state,
        ]);
        expect(Object.fromEntries(await Promise.all(states))).toEqual(
          Object.fromEntries(Object.keys(mistyped).map((what) => [what, 'no_data'])),
        );
      });

      it('T7 counters that begin again are seen to fall, and are never traffic', async (test) => {
        const { measure, happen, beginAgain } = source();
        if ('none' in beginAgain) return test.skip(beginAgain.none);
        const session = await open();
        await both(happen, { good: 5, bad: 1 });
        await readUntil(session, measure, (reading) => reading.state === 'read');
        await both(happen, { good: 50, bad: 5 });
        const before = await readUntil(session, measure, (reading) => numbers(reading, 'canary')[0] >= 55);
        await beginAgain('canary');
        await both(happen, { good: 3, bad: 0 });
        const after = await readUntil(session, measure, (reading) => numbers(reading, 'canary')[0] < 55);
        expect(numbers(after, 'canary')[0]).toBeLessThan(numbers(before, 'canary')[0]);
      });

      it('T7 what cannot be reached, or may not be, is an error and no numbers', async (test) => {
        const { measure, network } = source();
        if (network !== true) return test.skip(network.none);
        const session = await open({ allow: [] });
        expect(await session.read(measure)).toMatchObject({
          state: 'error',
          reason: expect.stringContaining('not among the hosts'),
        });
      });

      it('T7 a canary that died is no data or an error', async () => {
        const { measure, happen, die } = source();
        const session = await open();
        await both(happen, { good: 2, bad: 1 });
        await readUntil(session, measure, (reading) => reading.state === 'read');
        await die();
        const got = await readUntil(session, measure, (reading) => reading.state !== 'read');
        expect(['no_data', 'error']).toContain(got.state);
      });
    },
  );
}

async function both(happen: MetricSourceUnderTest['happen'], counts: { good: number; bad: number }): Promise<void> {
  await Promise.all([happen('stable', counts), happen('canary', counts)]);
}

function numbers(reading: MeasureReading, arm: Arm): [number, number] {
  const [total = Number.NaN, bad = Number.NaN] = sumOf(reading, arm).split(' ').map(Number);
  return [total, bad];
}

async function readUntil(
  session: MetricSession,
  measure: Measure,
  isThere: (reading: MeasureReading) => boolean,
): Promise<MeasureReading> {
  for (const giveUpAt = performance.now() + 60_000; ; await pause(100)) {
    const reading = await session.read(measure);
    if (isThere(reading) || performance.now() > giveUpAt) return reading;
  }
}
