import { shorten } from '../paper/line-marks.ts';
import type { Paper } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import { notePhases } from '../understand/note-order.ts';
import { printOffset } from '../understand/offsets.ts';
import type { Subject } from '../understand/subject.ts';

function phasesOutOfOrder({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  const phases = notePhases(paper).filter((phase) => phase.offsetMs !== null && /^[TLJ]/i.test(phase.spelling));
  for (const [index, phase] of phases.entries()) {
    const before = phases[index - 1];
    if (before === undefined || paper.lines[before.line - 1]?.kind !== paper.lines[phase.line - 1]?.kind) continue;
    if (
      sectionOf(paper, before.line) !== sectionOf(paper, phase.line) ||
      (before.offsetMs ?? 0) <= (phase.offsetMs ?? 0)
    )
      continue;
    hits.push({
      line: phase.line,
      column: phase.column,
      message: 'the phase stands after a later one',
      expected: `before ${before.spelling}`,
      got: `${phase.spelling} after ${before.spelling}`,
      hint: 'put the phases in the order of the clock',
      related: [{ line: before.line, column: before.column, note: printOffset(before.offsetMs ?? 0) }],
    });
  }
  return hits;
}

function sectionOf(paper: Paper, line: number): unknown {
  const found = paper.lines[line - 1];
  return found?.kind === 'heading' ? found.section.parent : found?.section;
}

interface Timed {
  text: string;
  offsetMs: number;
  line: number;
  column: number;
}

/** Each line with the offset of the phase that it stands under. */
function timedLines(paper: Paper): Timed[] {
  const timed: Timed[] = [];
  const phases = notePhases(paper).filter((phase) => phase.offsetMs !== null && /^[TLJ]/i.test(phase.spelling));
  for (const [index, phase] of phases.entries()) {
    const end = Math.min(phases[index + 1]?.line ?? paper.lines.length + 1, boundary(paper, phase.line));
    for (const line of paper.lines.slice(phase.line - 1, end - 1)) {
      const text = line.text.replace(/[│|─]/g, ' ').trim();
      if (/\w/.test(text)) timed.push({ text, offsetMs: phase.offsetMs ?? 0, line: line.number, column: line.column });
    }
  }
  return timed;
}

function boundary(paper: Paper, line: number): number {
  const section = paper.lines[line - 1]?.section;
  return section === undefined ? paper.lines.length + 1 : section.end + 1;
}

const unsafe: { first: RegExp; second: RegExp; final: boolean; message: string; hint: string }[] = [
  {
    first:
      /\b(?:migrations? (?:\w+ ){0,2}(?:applied|run|executed)|(?:apply|run) (?:\w+ ){0,2}migrations?|schema changes? (?:applied|deployed))\b.*/i,
    second:
      /\bback-?ups? (?:initiated|started|taken|begins?|completed)|(?:take|start|initiate|create) (?:\w+ ){0,3}back-?up/i,
    final: false,
    message: 'the backup comes after the migration that it is to undo',
    hint: 'back up before anything is changed, and say how the backup was proven',
  },
  {
    first: /\b(?:migrations? (?:\w+ ){0,2}(?:applied|run|executed) to prod\w*|deploy(?:ed|s)? to production)\b/i,
    second: /\bfinal (?:go\b|decision)/i,
    final: true,
    message: 'the decision comes after production was changed',
    hint: 'decide before the first change to production, or say that the change can be undone',
  },
];

function unsafeOrder({ paper }: Subject): Hit[] {
  if (!/migrat|schema change|deploy\w* to production|canary|\d ?%/i.test(paper.text)) return [];
  const timed = timedLines(paper);
  const hits: Hit[] = [];
  for (const { first, second, final, message, hint } of unsafe) {
    const early = timed.find((line) => first.test(line.text));
    const late =
      early === undefined
        ? undefined
        : timed.filter((line) => second.test(line.text) && line.offsetMs > early.offsetMs).at(-1);
    const sooner =
      !final && timed.some((line) => second.test(line.text) && early !== undefined && line.offsetMs <= early.offsetMs);
    if (early === undefined || late === undefined || sooner) continue;
    hits.push({
      line: late.line,
      column: late.column,
      message,
      expected: `at or before ${printOffset(early.offsetMs)}`,
      got: `${printOffset(late.offsetMs)}: ${shorten(late.text, 50)}`,
      hint,
      related: [
        { line: early.line, column: early.column, note: `${printOffset(early.offsetMs)}: ${shorten(early.text, 50)}` },
      ],
    });
  }
  return [...hits, ...trafficBeforeZero(timed)];
}

function trafficBeforeZero(timed: readonly Timed[]): Hit[] {
  const canary = timed.find(
    (line) =>
      line.offsetMs < 0 &&
      /\bcanary (?:deployment |release |traffic )?(?:starts|begins|takes)|\b(?:shift|route)s? \d+ ?% /i.test(line.text),
  );
  if (canary === undefined) return [];
  return [
    {
      line: canary.line,
      column: canary.column,
      message: 'real traffic moves before T-0',
      expected: 'no traffic on the new side before T-0',
      got: `${printOffset(canary.offsetMs)}: ${shorten(canary.text, 50)}`,
      hint: 'T-0 is the first moment a user can be hurt: move it, or the canary',
    },
  ];
}

const drill =
  /\b(?:drill|rehearsal|exercise|test|dry[ -]?run|launch|cutover)[ _]?date\b|^(?:scheduled|planned)(?: for)?$|^date of (?:the )?(?:drill|rehearsal|test)/i;
const result =
  /\b(?:result|completed|executed|reported|signed|report|evidence)[ _]?(?:date|on|at)?$|^(?:last updated|date completed|results? recorded|written)$/i;

function resultBeforeDrill({ paper }: Subject): Hit[] {
  const dated = paper.fields.flatMap((field) => {
    const match = /20\d\d-\d\d-\d\d/.exec(field.value);
    return match === null ? [] : [{ ...field, date: match[0] }];
  });
  const planned = dated.find((field) => drill.test(field.key));
  const reported =
    planned === undefined
      ? undefined
      : dated.find(
          (field) =>
            field !== planned &&
            result.test(field.key) &&
            !/^last updated$/i.test(field.key) &&
            field.date < planned.date,
        );
  const filled = paper.fields.some(
    (field) =>
      /^(?:result|outcome|rto|rpo|duration|actual)/i.test(field.key) && /\d|pass|success|✅/i.test(field.value),
  );
  const early =
    planned === undefined
      ? undefined
      : (reported ??
        (filled
          ? dated.find((field) => /^last updated|^date$/i.test(field.key) && field.date < planned.date)
          : undefined));
  if (planned === undefined || early === undefined) return [];
  return [
    {
      line: early.line,
      column: early.column,
      message: 'the result is older than the drill that it reports',
      expected: `on or after ${planned.date}`,
      got: early.date,
      hint: 'a result written before its drill is a forecast: run the drill and record it',
      related: [{ line: planned.line, column: planned.column, note: `${planned.key} ${planned.date}` }],
    },
  ];
}

/** Phases on the clock. */
export const clockRules: Rule[] = [
  {
    code: 'phases-out-of-order',
    severity: 'warning',
    summary: 'A phase stands below one that comes later on the clock.',
    why: 'People work down the page.',
    fires: '# Cutover\n\n1. T-1 day: dump\n2. T-3 days: rehearse\n3. T-0: switch\n',
    silent:
      '# Cutover\n\n1. T-3 days: rehearse\n2. T-1 day: dump\n3. T-0: switch\n4. T+1h: watch\n5. T+1 day: announce\n',
    check: phasesOutOfOrder,
  },
  {
    code: 'unsafe-order',
    severity: 'warning',
    summary: 'On the clock the backup or the decision comes after the change, or traffic moves before T-0.',
    why: 'The backup then holds the damage, and the decision decides nothing.',
    fires:
      '# Launch\n\n### T-24h\n\n- Database migrations applied to production\n\n### T-12h\n\n- Database backup initiated\n',
    silent:
      '# Launch\n\n### T-24h\n\n- Database backup initiated\n\n### T-12h\n\n- Database migrations applied to production\n',
    check: unsafeOrder,
  },
  {
    code: 'result-before-drill',
    severity: 'blocking',
    summary: 'A result is dated before the drill that it reports.',
    why: 'It was invented.',
    fires: '# Drill log\n\n**Drill date**: 2026-03-10\n**Completed on**: 2026-03-01\n',
    silent: '# Drill log\n\n**Drill date**: 2026-03-10\n**Completed on**: 2026-03-10\n',
    check: resultBeforeDrill,
  },
];
