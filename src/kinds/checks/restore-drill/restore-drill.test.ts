import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { RestoreReport } from '../../../core/dataset/archive/restore-report.ts';
import { toMomentSource } from '../moment.ts';
import { restoreDrillReader } from './reader.ts';
import { drilledAt, sampleDrill, sampleDrillFile } from './sample-drill.fixture.ts';

const dayMs = 86_400_000;

function read(
  texts: readonly string[],
  { ageMs = dayMs, spec = {} }: { ageMs?: number; spec?: JsonObject } = {},
): JsonObject {
  const asked = restoreDrillReader.readSpec(spec);
  if (!asked.ok) throw new Error(JSON.stringify(asked.faults));
  const files = texts.map((text, nr) => ({
    name: `${nr}.json`,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode(text),
  }));
  const reading = restoreDrillReader.parse(asked.spec, [...files, toMomentSource(Date.parse(drilledAt) + ageMs)]);
  return reading.state === 'readable'
    ? reading.facts
    : { trouble: reading.trouble.code, message: reading.trouble.message };
}

const entity = sampleDrill().entities[0]!;
const bad: [string, Partial<RestoreReport>][] = [
  ['another checksum', { archive: { ...sampleDrill().archive, computedSha256: 'c'.repeat(64) } }],
  ['a checksum that nobody kept', { archive: { ...sampleDrill().archive, expectedSha256: null } }],
  ['a finding', { validation: ['count_differs  entities/run.jsonl: expected as many rows'] }],
  ['a row that is lost', { entities: [{ ...entity, restored: 2, skipped: 1 }] }],
  ['a hash that differs after the restore', { entities: [{ ...entity, computedSha256: 'd'.repeat(64) }] }],
  ['no second export', { entities: [{ ...entity, computedSha256: null }] }],
  ['no rows at all', { entities: [] }],
  ['a smoke check too few', { smoke: sampleDrill().smoke.slice(1) }],
  [
    'a smoke check that failed',
    { smoke: sampleDrill().smoke.with(3, { name: 'question 3', passed: false, detail: 'x' }) },
  ],
  ['a database that was not empty', { target: { ...sampleDrill().target, wasEmpty: false } }],
  ['one smoke check asked seven times', { smoke: Array.from({ length: 7 }, () => sampleDrill().smoke[0]!) }],
  ['a database that stays', { target: { ...sampleDrill().target, dropped: false } }],
  ['an entity twice', { entities: [entity, entity] }],
  ['an archive written after it', { archive: { ...sampleDrill().archive, generatedAt: '2026-12-01T09:00:00.000Z' } }],
  ['an archive of no time', { archive: { ...sampleDrill().archive, generatedAt: null } }],
  ['an end before its beginning', { endedAt: '2026-12-01T07:59:59.000Z' }],
  ['a part that took no time at all', { phases: sampleDrill().phases.slice(0, -1) }],
  ['no time', { rtoMs: null }],
  ['an early end', { stopped: 'interrupted' }],
];

describe('restore-drill check', () => {
  it('D33 R8 a young drill that went through passes, with its age and how long it took', () => {
    expect(read([sampleDrillFile()])).toMatchObject({
      passed: 1,
      failed: 0,
      last: 'passed',
      ageMs: dayMs,
      rtoMs: 1200,
      candidate: 'same',
    });
  });

  it.each(bad)('D33 with %s it failed, whatever it says of itself', (_, over) => {
    expect(read([sampleDrillFile({ ...over, passed: true })])).toMatchObject({ passed: 0, failed: 1, last: 'failed' });
  });

  it('R8 T05 one that is older than maxAge does not count, nor one of something else, of another candidate or from the future', () => {
    expect(read([sampleDrillFile()], { ageMs: 31 * dayMs })).toMatchObject({ trouble: 'not_drilled' });
    expect(read([sampleDrillFile()], { spec: { of: ['orders'] } })['message']).toMatch(/not of orders/);
    expect(read([sampleDrillFile({ candidates: {} })], { spec: { bound: true } })['message']).toMatch(
      /another candidate/,
    );
    expect(read([sampleDrillFile({ candidates: {} })])).toMatchObject({ candidate: 'other', passed: 1 });
    expect(read([sampleDrillFile()], { ageMs: -dayMs })['message']).toMatch(/ahead of the clock/);
    expect(read([])).toMatchObject({ trouble: 'not_drilled' });
  });

  it('D33 one of another launch or environment does not count, and a dataset that was not restored is no part of it', () => {
    const { archive } = sampleDrill();
    const whyNot = (over: Partial<RestoreReport>, spec: JsonObject = {}): unknown =>
      read([sampleDrillFile(over)], { spec })['message'];
    expect(whyNot({ launch: 'shop' })).toMatch(/of another launch/);
    expect(whyNot({ archive: { ...archive, launch: 'shop' } })).toMatch(/archive is of another launch/);
    expect(whyNot({ archive: { ...archive, environment: 'staging' } })).toMatch(/archive is of staging/);
    expect(whyNot({ archive: { ...archive, environment: null } })).toMatch(/archive is of no environment/);
    const orders = { subject: ['orders'], archive: { ...archive, launch: '{{ launch.id }}' } };
    expect(whyNot({ ...orders, archive: { ...archive, launch: 'shop' } }, { of: ['orders'] })).toMatch(
      /of another launch/,
    );
    expect(read([sampleDrillFile(orders)], { spec: { of: ['orders'] } })).toMatchObject({
      last: 'failed',
      drills: [{ findings: ['orders: expected it to be restored, got nothing of it'] }],
    });
    const restored = { ...orders, entities: [{ ...entity, entity: 'orders' }] };
    expect(read([sampleDrillFile(restored)], { spec: { of: ['orders'] } })).toMatchObject({ last: 'passed' });
    const staging = sampleDrillFile({ archive: { ...archive, environment: 'staging' } });
    expect(read([staging], { spec: { environment: 'staging' } })).toMatchObject({ last: 'passed' });
  });

  it('D33 a copy of a report is no second drill', () => {
    expect(read([sampleDrillFile(), sampleDrillFile()])).toMatchObject({ passed: 1 });
    expect(read([sampleDrillFile(), sampleDrillFile({ id: 'restore-drill-2' })])).toMatchObject({ passed: 2 });
  });

  it('D33 a report of which a byte is changed, or that nobody signed, is unreadable', () => {
    const envelope = JSON.parse(sampleDrillFile({ rtoMs: 9 })) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace('"restored":3', '"restored":2');
    const changed = JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') });
    expect(read([changed])).toMatchObject({ trouble: 'not_signed' });
    expect(read([JSON.stringify(sampleDrill())])).toMatchObject({ trouble: 'not_signed' });
  });
});
