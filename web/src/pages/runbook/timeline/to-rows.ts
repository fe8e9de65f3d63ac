import type { Board, BoardStep, Span } from '../board.ts';

/** A line of the chart: the name of a phase, or a step with its bars. */
export type Row =
  | { kind: 'phase'; id: string; title: string; offsetMs: number | null }
  | { kind: 'step'; id: string; step: BoardStep; ghost: { beginMs: number; endMs: number } | null };

/** The lines in the order of the document: each phase with its steps, the way back at the end. */
export function toRows({ steps, phases }: Pick<Board, 'steps' | 'phases'>, wayBack: string): Row[] {
  const rows: Row[] = [];
  for (const { id, title, offsetMs } of phases) {
    const own = steps.filter(({ phase, part }) => part === 'forward' && phase === id);
    if (own.length > 0) rows.push({ kind: 'phase', id: `phase ${id}`, title, offsetMs }, ...own.map(toRow));
  }
  const named = new Set(phases.map(({ id }) => id));
  const rest = steps.filter(({ phase, part }) => part === 'forward' && (phase === null || !named.has(phase)));
  const back = steps.filter(({ part }) => part === 'undo');
  rows.push(...rest.map(toRow));
  if (back.length > 0) rows.push({ kind: 'phase', id: 'way back', title: wayBack, offsetMs: null }, ...back.map(toRow));
  return rows;
}

/** Everything that the axis has to reach. */
export function toSpans({ steps, holds, marks, endedMs }: Board, nowMs: number): { beginMs: number; endMs: number }[] {
  const closed = ({ beginMs, endMs }: Span) => ({ beginMs, endMs: endMs ?? Math.max(beginMs, nowMs) });
  const spans = steps.flatMap(({ planned, actual }) => [planned, actual].filter((span) => span !== null).map(closed));
  const instants = [...marks.map(({ atMs }) => atMs), ...(endedMs === null ? [nowMs] : [endedMs])];
  return [...spans, ...holds.map(closed), ...instants.map((atMs) => ({ beginMs: atMs, endMs: atMs }))];
}

/** How long it took in rehearsals, laid beside where it runs, or is going to. */
function toRow(step: BoardStep): Row {
  const beginMs = step.actual?.beginMs ?? step.planned?.beginMs ?? null;
  const ghost = step.rehearsedMs === null || beginMs === null ? null : { beginMs, endMs: beginMs + step.rehearsedMs };
  return { kind: 'step', id: step.id, step, ghost };
}
