import type { ReadRule } from '../../../core/dataset/rules/read-data-rule.ts';
import { askOrphans, askRepeated } from './count-by-question.ts';
import type { RuleScene } from './evaluate-rules.ts';
import { findOrphans } from './find-violations.ts';
import type { FoundRows } from './find-violations.ts';
import { openReference } from './open-reference.ts';
import type { OpenedReference } from './open-reference.ts';
import type { RuleTable } from './rule-table.ts';

/** Counts orphans by a question where both sides lie together, and reads both in order where they do not, or where there are some to be named. */
export async function lookForOrphans(
  { table, scene }: { table: RuleTable; scene: RuleScene },
  rule: Extract<ReadRule, { kind: 'orphans' }>,
  keep: number,
): Promise<FoundRows & { how: 'question' | 'stream' }> {
  const parent = await openReference(table, rule.parent, scene);
  try {
    const asked = await askOrphans(table, parent.table, { rule, parentColumn: parent.column });
    if (asked?.violations === 0) return { ...asked, keys: [], how: 'question' };
    const found = await readBoth(table, parent, { scene, rule, keep });
    return { ...found, how: asked === null ? 'stream' : 'question' };
  } finally {
    await parent.close();
  }
}

/** Sessions of MySQL do one thing at a time: where both sides would be read in one, the parents are read in another. */
async function readBoth(
  table: RuleTable,
  parent: OpenedReference,
  { scene, rule, keep }: { scene: RuleScene; rule: Extract<ReadRule, { kind: 'orphans' }>; keep: number },
): Promise<FoundRows> {
  const wish = { rule, parentColumn: parent.column, keep };
  if (table.session !== parent.table.session) return await findOrphans(table, parent.table, wish);
  const session = await scene.open(table.on, 'read', scene.signal);
  try {
    return await findOrphans(table, { ...parent.table, session }, wish);
  } finally {
    await session.close();
  }
}

/** Counts rows that are repeated by a question; null where they have to be read. */
export async function lookForRepeats(
  table: RuleTable,
  rule: Extract<ReadRule, { kind: 'unique' | 'at-most' }>,
): Promise<{ applies: number; violations: number } | null> {
  return await askRepeated(table, rule);
}
