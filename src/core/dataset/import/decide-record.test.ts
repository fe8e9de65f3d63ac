import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { batchMoves, moveBatch } from './batch.ts';
import type { BatchMove, BatchState } from './batch.ts';
import { decideRecord, decideUndo } from './decide-record.ts';
import type { LedgerEntry, RecordCase, RecordDecision, RecordFate } from './decide-record.ts';
import { accountImport, openTally } from './tally-import.ts';

type Decide = (record: RecordCase) => RecordDecision;
const hashes = fc.constantFrom('a', 'b', 'c');
const fates: fc.Arbitrary<RecordFate> = fc.oneof(
  hashes.map((wantedHash): RecordFate => ({ kind: 'carried', wantedHash })),
  fc.constantFrom<RecordFate>({ kind: 'skipped', reason: 'fax' }, { kind: 'invalid', reason: 'no value' }),
);
/** What happens to one record over time: the source changes, an import runs, or a person edits, deletes or makes the row. */
const turns = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('source' as const), sourceHash: hashes, fate: fates }),
    fc.record({ kind: fc.constant('person' as const), targetHash: fc.option(fc.constantFrom('a', 'b', 'c', 'mine')) }),
    fc.constant({ kind: 'import' as const }),
  ),
  { maxLength: 12 },
);

/** Plays the turns and returns what was done wrong: a row of a person written over, or an import that writes again what stands. */
function faultsOf(
  decide: Decide,
  played: readonly (typeof turns extends fc.Arbitrary<(infer T)[]> ? T : never)[],
): string[] {
  let source: { sourceHash: string; fate: RecordFate } = {
    sourceHash: 'a',
    fate: { kind: 'carried', wantedHash: 'a' },
  };
  let row: { hash: string; by: 'import' | 'person' } | null = null;
  let ledger: LedgerEntry | null = null;
  const faults: string[] = [];
  for (const turn of played) {
    if (turn.kind === 'source') source = turn;
    if (turn.kind === 'person') row = turn.targetHash === null ? null : { hash: turn.targetHash, by: 'person' };
    if (turn.kind !== 'import') continue;
    const decision = decide({ ...source, plain: null, ledger, targetHash: row?.hash ?? null });
    // A person who wrote exactly what an import had left there has changed nothing.
    const isOwn: boolean = row === null || row.by === 'import' || row.hash === ledger?.targetHash;
    if (decision.write !== 'nothing' && !isOwn) faults.push('a row of a person was written over');
    if (decision.write === 'insert' && row !== null) faults.push('a row was inserted twice');
    if (decision.write !== 'nothing' && source.fate.kind === 'carried')
      row = { hash: source.fate.wantedHash, by: 'import' };
    if (decision.entry !== null) ledger = { ...decision.entry, batch: 'b' };
    const again = decide({ ...source, plain: null, ledger, targetHash: row?.hash ?? null });
    if (again.write !== 'nothing' || again.entry !== null) faults.push('a second run writes');
  }
  return faults;
}

const law = (decide: Decide): fc.IProperty<unknown> =>
  fc.property(turns, (played) => faultsOf(decide, played).length === 0);
const planted: [string, Decide][] = [
  [
    'an edit is written over',
    (record) => decideRecord({ ...record, targetHash: record.ledger?.targetHash ?? record.targetHash }),
  ],
  [
    'a row that no import knows is written over',
    (record) =>
      decideRecord({
        ...record,
        ledger:
          record.ledger ??
          (record.targetHash === null
            ? null
            : { sourceHash: '', targetHash: record.targetHash, outcome: 'inserted', reason: '', batch: '' }),
      }),
  ],
  [
    'the ledger is written each time',
    (record) => {
      const made = decideRecord(record);
      return {
        ...made,
        entry: made.entry ?? {
          sourceHash: record.sourceHash,
          targetHash: record.ledger?.targetHash ?? null,
          outcome: made.outcome,
          reason: made.reason,
        },
      };
    },
  ],
  ['the ledger is not looked at', (record) => decideRecord({ ...record, ledger: null })],
];

describe('what becomes of a record', () => {
  it('law 11 a person is never written over and a second run never writes, whatever happened before', () => {
    fc.assert(law(decideRecord), { numRuns: 3000 });
  });

  it.each(planted)('law 11 the law finds a planted fault: %s', (_, decide) => {
    expect(fc.check(law(decide), { numRuns: 3000, seed: 3 }).failed).toBe(true);
  });

  it('law 7 every record ends in exactly one outcome that is accounted for', () => {
    const cases = fc.record({
      sourceHash: hashes,
      fate: fates,
      targetHash: fc.option(hashes),
      ledger: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(cases, { minLength: 1 }), (records) => {
        const tally = openTally();
        for (const { outcome, reason } of records.map((one) => decideRecord({ ...one, plain: null })))
          tally.add(outcome, reason);
        expect(accountImport(tally.counts(records.length)).outcome).toBe('pass');
        expect(accountImport(tally.counts(records.length + 1))).toMatchObject({ outcome: 'fail', missing: 1 });
      }),
    );
  });

  it('D31 an undo takes back what the batch wrote, and nothing that came after', () => {
    const entry: LedgerEntry = { sourceHash: 'a', targetHash: 'a', outcome: 'inserted', reason: '', batch: 'b' };
    const undo = (over: Partial<Parameters<typeof decideUndo>[1]>, of: LedgerEntry = entry): string =>
      decideUndo(of, { batch: 'b', wrote: 'insert', targetHash: 'a', ...over });
    expect(undo({})).toBe('deleted');
    expect(undo({ wrote: 'update' })).toBe('restored');
    expect(undo({ targetHash: 'mine' })).toBe('edited');
    expect(undo({ targetHash: null })).toBe('gone');
    expect(undo({ wrote: 'nothing' })).toBe('forgotten');
    expect(undo({}, { ...entry, batch: 'later' })).toBe('later');
  });
});

describe('the states of a batch', () => {
  it('D06 nothing is written before an approval, and nothing is verified before it was written', () => {
    const states: BatchState[] = ['planned', 'approved', 'applying', 'applied', 'verified', 'rolled-back', 'failed'];
    const moves: BatchMove[] = ['approve', 'begin', 'finish', 'verify', 'fail', 'roll-back'];
    const possible = states.flatMap((from) =>
      moves.flatMap((move) => (moveBatch(from, move) === null ? [] : [`${from} ${move}`])),
    );
    expect(possible).toHaveLength(batchMoves.length);
    expect(moveBatch('planned', 'begin')).toBeNull();
    expect(moveBatch('approved', 'verify')).toBeNull();
    expect(moves.every((move) => moveBatch('rolled-back', move) === null)).toBe(true);
  });
});
