import type { DatastoreAbilities } from '../datastore-kind.ts';

/** `native`: hashes of whole records, made by two servers of one kind. `bucket`: hashes of portable text. `stream`: every byte of both sides. */
export type Strategy = 'native' | 'bucket' | 'stream';

/** What the planner knows before anything large is read. */
export interface StrategyFacts {
  source: DatastoreAbilities;
  target: DatastoreAbilities;
  /** Same engine and same major version on both sides. */
  sameServer: boolean;
  /** Every column goes to one of the same native type, without steps. */
  sameColumns: boolean;
  /** Skip rules, steps, constants or tolerances: what only streams can follow on one side. */
  transforms: boolean;
  /** Columns whose hash, made by the engines, disagreed with the canonical comparison of the sample. */
  disagreeing: readonly string[];
  /** Why a side makes no hashes of these columns; null where it does, or was not asked. */
  unhashable: string | null;
  hasKey: boolean;
  /** Unique indexes of both sides lie within the key: combined hashes cancel out where a row stands twice. */
  hasUniqueKey: boolean;
  /** Megabits a second that came from the slower side in a probe of rows; null where it was not measured. */
  megabitsPerSecond: number | null;
  rows: number;
}

export interface StrategyChoice {
  strategy: Strategy;
  /** Why, for the report. */
  reason: string;
}

/** Above this a stream of the rows takes less time than hashing them where they lie (data study A2: crossover at about 350 Mbit/s). */
const fastEnough = 350;
/** Below this many rows planning costs more than reading. */
const few = 2_000;

/** Returns how two tables are compared, and why. What was asked for wins where it is possible; where it is not, the reason says so. */
export function chooseStrategy(facts: StrategyFacts, wanted: Strategy | 'auto'): StrategyChoice {
  const able = (form: 'native' | 'portable'): boolean =>
    facts.source.hashes.includes(form) && facts.target.hashes.includes(form);
  const bar = pushDownBar(facts);
  if (wanted === 'stream') return { strategy: 'stream', reason: 'asked for' };
  if (bar !== null) return { strategy: 'stream', reason: bar };
  const isNative = able('native') && facts.sameServer && facts.sameColumns;
  if (wanted === 'native')
    return isNative
      ? { strategy: 'native', reason: 'asked for' }
      : unable('native', 'the servers or columns are not of one kind');
  if (wanted === 'bucket')
    return able('portable') ? { strategy: 'bucket', reason: 'asked for' } : unable('bucket', 'a side makes no hashes');
  if (facts.rows < few) return { strategy: 'stream', reason: `${facts.rows} rows are fewer than planning is worth` };
  if (isNative) return { strategy: 'native', reason: 'two servers of one kind with equal columns' };
  if (!able('portable')) return { strategy: 'stream', reason: 'a side makes no hashes' };
  const speed = facts.megabitsPerSecond;
  if (speed !== null && speed > fastEnough)
    return { strategy: 'stream', reason: `${Math.round(speed)} Mbit/s: reading is faster than hashing` };
  const seen =
    speed === null ? 'the line was not measured' : `${Math.round(speed)} Mbit/s: hashing is faster than reading`;
  return { strategy: 'bucket', reason: seen };
}

/** Why hashes made by the engines would not say what the dataset declares; null where they would. */
function pushDownBar({ transforms, disagreeing, hasKey, hasUniqueKey, unhashable }: StrategyFacts): string | null {
  if (!hasKey) return 'the table has no key: rows are compared as they are, with how often each stands there';
  if (!hasUniqueKey)
    return 'no index says that the key is unique, and a row that stands twice shows only where all are read';
  if (transforms) return 'values are mapped or left out on the way, which the engines cannot follow';
  if (disagreeing.length > 0) return `the engines hash ${disagreeing.join(', ')} otherwise than their values compare`;
  return unhashable;
}

function unable(wanted: Strategy, why: string): StrategyChoice {
  return { strategy: 'stream', reason: `${wanted} was asked for, but ${why}` };
}
