import { describeEntry } from '../../core/evidence/describe-entry.ts';
import type { DescribedEntry } from '../../core/evidence/describe-entry.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';

/** Which entries are wanted; what is null or false does not matter. */
export interface EntryFilter {
  kind: DescribedEntry['kind'] | null;
  /** Part of what it is about. */
  about: string | null;
  word: string | null;
  by: string | null;
  /** Leaves out evidence that newer evidence has taken the place of. */
  newest: boolean;
}

/** An entry of the log in a list. */
export interface ListedEntry extends DescribedEntry {
  id: string;
  index: number;
  mode: 'real' | 'simulated' | null;
  environment: string;
  /** Kind of the check; null for what no check saw. */
  check: string | null;
  /** Newer evidence that takes its place; null where there is none. */
  supersededBy: string | null;
}

/** Entries that are wanted, the newest first, after a place (their index) in that order. */
export function listEntries(
  entries: readonly StoredEntry[],
  filter: EntryFilter,
  { before, limit }: { before: number | null; limit: number },
): { items: ListedEntry[]; next: number | null; matching: number } {
  const successors = successorsOf(entries);
  const wanted = entries.map((stored) => toListed(stored, successors)).filter((one) => suits(one, filter));
  const rest = wanted.toReversed().filter(({ index }) => before === null || index < before);
  const items = rest.slice(0, limit);
  return { items, next: rest.length > limit ? (items.at(-1)?.index ?? null) : null, matching: wanted.length };
}

/** The evidence of the same criterion before and after an entry, the oldest first; only itself for what is no evidence. */
export function chainOf(entries: readonly StoredEntry[], { entry, id }: StoredEntry): ListedEntry[] {
  const successors = successorsOf(entries);
  const isKin = ({ entry: other, id: otherId }: StoredEntry): boolean =>
    entry.format === 'tminus/evidence/1'
      ? other.format === 'tminus/evidence/1' && other.criterion === entry.criterion
      : otherId === id;
  return entries.filter(isKin).map((stored) => toListed(stored, successors));
}

function successorsOf(entries: readonly StoredEntry[]): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap(({ entry, id }) =>
      entry.format === 'tminus/evidence/1' && entry.supersedes !== null ? [[entry.supersedes, id] as const] : [],
    ),
  );
}

function toListed({ id, index, entry }: StoredEntry, successors: ReadonlyMap<string, string>): ListedEntry {
  const isEvidence = entry.format === 'tminus/evidence/1';
  const { environment } = entry.format === 'tminus/signed/1' ? entry.statement : entry;
  return {
    ...describeEntry(entry),
    id,
    index,
    environment,
    mode: isEvidence ? entry.mode : null,
    check: isEvidence ? entry.check.kind : null,
    supersededBy: successors.get(id) ?? null,
  };
}

function suits(one: ListedEntry, { kind, about, word, by, newest }: EntryFilter): boolean {
  return (
    (kind === null || one.kind === kind) &&
    (about === null || one.about.includes(about)) &&
    (word === null || one.word === word) &&
    (by === null || one.by === by) &&
    (!newest || one.supersededBy === null)
  );
}
