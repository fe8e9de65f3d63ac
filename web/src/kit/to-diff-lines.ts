/** One line of a difference. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Lines that stay as they are and stand far from everything that changes, as one place. */
export interface Fold {
  kind: 'fold';
  count: number;
}

/** Lines that are shown before and after a change. */
const context = 3;

/** The lines with what is far from every change folded; folding two lines would save none. */
export function foldLines(lines: readonly DiffLine[]): (DiffLine | Fold)[] {
  const isNear = (at: number): boolean =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== 'same');
  const folded: (DiffLine | Fold)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    let end = at;
    while (end < lines.length && !isNear(end)) end += 1;
    if (end - at > 2) {
      folded.push({ kind: 'fold', count: end - at });
      at = end;
    }
    if (at < lines.length) folded.push(lines[at]!);
  }
  return folded;
}

/** Lines that may differ before the middle is shown as replaced whole: the table of the comparison grows with their product. */
const limit = 1500;

/** The lines of two texts with the fewest added and removed ones (longest common subsequence); equal beginnings and ends cost nothing. */
export function toDiffLines(before: string, after: string): DiffLine[] {
  const old = before.split('\n');
  const next = after.split('\n');
  const start = countEqual(old, next);
  const rest = Math.min(old.length, next.length) - start;
  const end = Math.min(rest, countEqual(old.toReversed(), next.toReversed()));
  return [
    ...toLines('same', old.slice(0, start)),
    ...compare(old.slice(start, old.length - end), next.slice(start, next.length - end)),
    ...toLines('same', old.slice(old.length - end)),
  ];
}

function countEqual(old: string[], next: string[]): number {
  let count = 0;
  while (count < old.length && count < next.length && old[count] === next[count]) count += 1;
  return count;
}

function toLines(kind: DiffLine['kind'], texts: string[]): DiffLine[] {
  return texts.map((text) => ({ kind, text }));
}

function compare(old: string[], next: string[]): DiffLine[] {
  if (old.length > limit || next.length > limit) return [...toLines('removed', old), ...toLines('added', next)];
  const lengths = measure(old, next);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < next.length) {
    if (old[i] === next[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: next[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...toLines('removed', old.slice(i)), ...toLines('added', next.slice(j))];
}

/** At `[i][j]`: length of the longest common subsequence of what follows in both. */
function measure(old: string[], next: string[]): Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(next.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    const below = lengths[i + 1];
    if (!row || !below) continue;
    for (let j = next.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === next[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
