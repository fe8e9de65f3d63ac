import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces } from './gathered.ts';

interface Bound {
  measure: string;
  side: 'good' | 'back';
  low: number;
  high: number;
  line: number;
  column: number;
}

const measure =
  /\b(error rate|success rate|availability|uptime|(?:p\d\d )?latency|response time|failure rate|sla compliance)\b[^<>≤≥\d|]{0,12}(?:([<>≤≥])=?\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?))\s*(%|ms|s\b)/gi;

/** Ranges that say go on, and ranges that say go back, of one measure: between them nobody knows. */
function thresholdGaps({ paper }: Subject): Hit[] {
  if (!/roll-?back|abort|trigger|revert/i.test(paper.text) || paper.text.search(measure) === -1) return [];
  const bounds = new Map<string, Bound[]>();
  let context: Bound['side'] | null = null;
  for (const line of paper.lines) {
    if (line.raw === '' || line.kind === 'comment') continue;
    const bare = line.raw.replace(/[│|]/g, ' ');
    if (line.kind === 'heading' || /^[\s*•-]*[A-Z][A-Za-z -]{3,60}(?:\([^)]*\))?:\**\s*$/.test(bare))
      context = sideOf(bare, line.section.title) ?? (line.kind === 'heading' ? null : context);
    if (!/\d/.test(bare)) continue;
    for (const match of bare.matchAll(measure)) {
      const side = sideOf(bare, '') ?? context ?? sideOf(line.section.title, '');
      if (side === null) continue;
      const bound = toBound(match, side, line.number);
      bounds.set(bound.measure, [...(bounds.get(bound.measure) ?? []), bound]);
    }
  }
  return [...bounds.values()].flatMap(gapOf);
}

function sideOf(text: string, title: string): Bound['side'] | null {
  const all = `${text} ${title}`;
  if (/\b(?:roll-?back|abort|trigger|revert|no-?go)\b/i.test(all)) return 'back';
  return /\b(?:success|criteria|verif|validat|expected|target|metrics to verify|acceptable|proceed)\w*/i.test(all)
    ? 'good'
    : null;
}

function toBound(match: RegExpExecArray | RegExpMatchArray, side: Bound['side'], line: number): Bound {
  const name = `${(match[1] ?? '').toLowerCase()} ${match[6] ?? ''}`;
  const place = { measure: name, side, line, column: (match.index ?? 0) + 1 };
  if (match[4] !== undefined) return { ...place, low: Number(match[4]), high: Number(match[5]) };
  const value = Number(match[3]);
  return match[2] === '<' || match[2] === '≤'
    ? { ...place, low: -Infinity, high: value }
    : { ...place, low: value, high: Infinity };
}

function gapOf(bounds: Bound[]): Hit[] {
  const good = bounds.filter((bound) => bound.side === 'good' && bound.low === -Infinity);
  const back = bounds.filter((bound) => bound.side === 'back' && bound.low !== -Infinity);
  if (good.length === 0 || back.length === 0) return [];
  const top = good.reduce((left, right) => (right.high > left.high ? right : left));
  const bottom = back.reduce((left, right) => (right.low < left.low ? right : left));
  if (bottom.low <= top.high) return [];
  const unit = top.measure.split(' ').at(-1) ?? '';
  const name = top.measure.slice(0, -unit.length - 1);
  return [
    {
      line: bottom.line,
      column: bottom.column,
      message: `between the two bounds of the ${name} nobody knows what to do`,
      expected: 'one range that begins where the other ends, or a hold between them',
      got: `good below ${top.high}${unit}, back from ${bottom.low}${unit}`,
      hint: `say what happens from ${top.high}${unit} to ${bottom.low}${unit}: hold, who decides, how long`,
      related: [{ line: top.line, column: top.column, note: `good below ${top.high}${unit}` }],
    },
  ];
}

function metricsTwice({ paper }: Subject): Hit[] {
  const seen = new Map<string, number>();
  const hits: Hit[] = [];
  for (const item of paper.items) {
    const match = /^(.+?)\s*\((target:.*alert:.*)\)/i.exec(item.text);
    if (match === null) continue;
    const name = (match[1] ?? '').toLowerCase();
    const before = seen.get(name);
    if (before !== undefined)
      hits.push({
        line: item.line,
        column: item.column,
        message: `the metric "${match[1] ?? ''}" is listed twice`,
        expected: 'each metric once',
        got: `also in line ${before}`,
        hint: 'list it once; the count of metrics is one too high',
        related: [{ line: before, column: 1, note: 'first listed' }],
      });
    else seen.set(name, item.line);
  }
  return hits;
}

function portConflicts({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) => /^(?:default )?ports?$/i.test(cell.text));
    if (column === -1) continue;
    const used = new Map<string, { line: number; column: number; name: string }>();
    for (const row of table.rows) {
      const cell = row[column];
      const port = /^\**`?(\d{2,5})`?\**$/.exec(cell?.text ?? '')?.[1];
      if (cell === undefined || port === undefined) continue;
      const before = used.get(port);
      const name = row[0]?.text ?? '';
      if (before !== undefined && before.name !== name)
        hits.push({
          line: cell.line,
          column: cell.column,
          message: `port ${port} is given to two services`,
          expected: 'a port of its own',
          got: `${before.name} and ${name}`,
          hint: 'give one of them another port',
          related: [{ line: before.line, column: before.column, note: before.name }],
        });
      else used.set(port, { line: cell.line, column: cell.column, name });
    }
  }
  return hits;
}

const span = /\b(\d{1,4}) ?(seconds?|minutes?|hours?|days?|s|min|h)\b/gi;

/** One thing (a cache, a timeout, a retention) with three or more durations in one document. */
function durationsDiffer({ paper }: Subject): Hit[] {
  return ['cache', 'time-?out', 'retention', 'grace period', 'ttl'].flatMap((subject) => {
    const wanted = new RegExp(`\\b${subject}`, 'i');
    const places =
      paper.paragraphs.length === 0
        ? []
        : paper.lines.flatMap((line) =>
            line.prose !== '' && line.kind !== 'table' && wanted.test(line.raw)
              ? [...line.prose.matchAll(span)].map((match) => ({
                  line: line.number,
                  column: line.column + match.index,
                  note: match[0],
                }))
              : [],
          );
    const values = [...new Set(places.map((place) => place.note.toLowerCase()))];
    if (values.length < 3) return [];
    return gatherPlaces({
      places,
      message: `${values.length} durations for one word`,
      expected: 'which of them counts, for which layer',
      got: values.join(', '),
      hint: 'say in one place what each of them is for',
    });
  });
}

/** Bounds, durations and metrics that disagree. */
export const thresholdRules: Rule[] = [
  {
    code: 'threshold-gap',
    severity: 'warning',
    summary: 'Between the range that says go on and the range that says go back nothing is said.',
    why: 'At 0.5 % somebody goes on and somebody rolls back.',
    fires: '# L\n\n## Success criteria\n\n- Error rate < 0.1%\n\n## Rollback triggers\n\n- Error rate > 1%\n',
    silent: '# L\n\n## Success criteria\n\n- Error rate < 1%\n\n## Rollback triggers\n\n- Error rate > 1%\n',
    check: thresholdGaps,
  },
  {
    code: 'durations-differ',
    severity: 'info',
    summary: 'A cache, timeout or retention has three or more durations in one document.',
    why: 'Each reader waits for another one.',
    fires: '# R\n\nPages have a cache of 5 minutes.\n\nWait 1 minute for the cache.\n\nThe cache holds 60 seconds.\n',
    silent: '# R\n\nPages have a cache of 5 minutes.\n\nWait 5 minutes for the cache.\n',
    check: durationsDiffer,
  },
  {
    code: 'metric-twice',
    severity: 'warning',
    summary: 'One metric is listed twice.',
    why: 'Two alerts, two bounds, and a count that is one too high.',
    fires: '# M\n\n- Queue Depth (target: < 1000, alert: > 5000)\n- Queue Depth (target: < 1000, alert: > 5000)\n',
    silent: '# M\n\n- Queue Depth (target: < 1000, alert: > 5000)\n- DLQ Depth (target: < 100, alert: > 500)\n',
    check: metricsTwice,
  },
  {
    code: 'port-conflict',
    severity: 'warning',
    summary: 'A table gives one port to two services.',
    why: 'The second one does not start.',
    fires: '# P\n\n| Service | Port |\n|---|---|\n| api | 3024 |\n| web | 3024 |\n',
    silent: '# P\n\n| Service | Port |\n|---|---|\n| api | 3024 |\n| web | 3025 |\n',
    check: portConflicts,
  },
];
