import { distance } from 'fastest-levenshtein';
import { RE2JS } from 're2js';

import { shorten } from '../paper/line-marks.ts';
import type { Paper } from '../paper/paper.ts';
import type { Hit, Rule, Run } from '../rule.ts';
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

const measure = /\b(error rate|success rate|availability|uptime|(?:p\d\d )?latency|response time|failure rate|sla compliance)\b[^<>≤≥\d|]{0,12}(?:([<>≤≥])=?\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?))\s*(%|ms|s\b)/gi;

/** Ranges that say go on, and ranges that say go back, of one measure: between them nobody knows. */
function thresholdGaps({ paper }: Subject): Hit[] {
  const bounds = new Map<string, Bound[]>();
  let context: Bound['side'] | null = null;
  for (const line of paper.lines) {
    if (line.raw === '' || line.kind === 'comment') continue;
    const bare = line.raw.replace(/[│|]/g, ' ');
    if (line.kind === 'heading' || /^[\s*•-]*[A-Z][A-Za-z -]{3,60}(?:\([^)]*\))?:\**\s*$/.test(bare)) context = sideOf(bare, line.section.title) ?? (line.kind === 'heading' ? null : context);
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
  return /\b(?:success|criteria|verif|validat|expected|target|metrics to verify|acceptable|proceed)\w*/i.test(all) ? 'good' : null;
}

function toBound(match: RegExpExecArray | RegExpMatchArray, side: Bound['side'], line: number): Bound {
  const name = `${(match[1] ?? '').toLowerCase()} ${match[6] ?? ''}`;
  const place = { measure: name, side, line, column: (match.index ?? 0) + 1 };
  if (match[4] !== undefined) return { ...place, low: Number(match[4]), high: Number(match[5]) };
  const value = Number(match[3]);
  return match[2] === '<' || match[2] === '≤' ? { ...place, low: -Infinity, high: value } : { ...place, low: value, high: Infinity };
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
  return [{ line: bottom.line, column: bottom.column, message: `between the two bounds of the ${name} nobody knows what to do`, expected: 'one range that begins where the other ends, or a hold between them', got: `good below ${top.high}${unit}, back from ${bottom.low}${unit}`, hint: `say what happens from ${top.high}${unit} to ${bottom.low}${unit}: hold, who decides, how long`, related: [{ line: top.line, column: top.column, note: `good below ${top.high}${unit}` }] }];
}

function metricsTwice({ paper }: Subject): Hit[] {
  const seen = new Map<string, number>();
  const hits: Hit[] = [];
  for (const item of paper.items) {
    const match = /^(.+?)\s*\((target:.*alert:.*)\)/i.exec(item.text);
    if (match === null) continue;
    const name = (match[1] ?? '').toLowerCase();
    const before = seen.get(name);
    if (before !== undefined) hits.push({ line: item.line, column: item.column, message: `the metric "${match[1] ?? ''}" is listed twice`, expected: 'each metric once', got: `also in line ${before}`, hint: 'list it once; the count of metrics is one too high', related: [{ line: before, column: 1, note: 'first listed' }] });
    else seen.set(name, item.line);
  }
  return hits;
}

/** The defaults of inputs, by their name in code, over all documents of a run. */
function defaultsOf(run: Run): Map<string, { value: string; paper: Paper; line: number; column: number }[]> {
  return run.memo('defaults', () => {
    const found = new Map<string, { value: string; paper: Paper; line: number; column: number }[]>();
    for (const { paper } of run.subjects) {
      for (const table of paper.tables) {
        const column = table.header.findIndex((cell) => /^default$/i.test(cell.text));
        if (column < 1) continue;
        for (const row of table.rows) {
          const [name, cell] = [row[0]?.text ?? '', row[column]];
          if (cell === undefined || !/^`[\w.-]{4,}`$/.test(name) || !/^`.+`$/.test(cell.text)) continue;
          found.set(name, [...(found.get(name) ?? []), { value: cell.text, paper, line: cell.line, column: cell.column }]);
        }
      }
    }
    return found;
  });
}

function defaultsDiffer({ paper }: Subject, run: Run): Hit[] {
  const hits: Hit[] = [];
  for (const [name, entries] of defaultsOf(run)) {
    const own = entries.find((entry) => entry.paper === paper);
    const other = own === undefined ? undefined : entries.find((entry) => entry.value !== own.value && entry.paper !== paper && folderOf(entry.paper) === folderOf(paper));
    if (own === undefined || other === undefined || other.paper.path > paper.path) continue;
    hits.push({ line: own.line, column: own.column, message: `the default of ${name} is another one in a sibling document`, expected: other.value, got: own.value, hint: 'use one default and one unit, or say why they differ', related: [{ file: other.paper.path, line: other.line, column: other.column, note: other.value }] });
  }
  return hits;
}

const folderOf = (paper: Paper): string => paper.path.split('/').slice(0, -1).join('/');

/** The patterns that tables give for inputs (`namespace` must match ...), over all documents of a run. */
function patternsOf(run: Run): { name: string; pattern: RE2JS; source: string; paper: Paper; line: number }[] {
  return run.memo('patterns', () => {
    const found: { name: string; pattern: RE2JS; source: string; paper: Paper; line: number }[] = [];
    for (const { paper } of run.subjects) {
      for (const row of paper.tables.flatMap((table) => table.rows)) {
        const name = /^`([\w.-]+)`$/.exec(row[0]?.text ?? '')?.[1];
        const source = row.slice(1).map((cell) => /`(\^[^`]+\$)`/.exec(cell.text)?.[1]).find((text) => text !== undefined);
        if (name === undefined || source === undefined) continue;
        try {
          found.push({ name, pattern: RE2JS.compile(source), source, paper, line: row[0]?.line ?? 1 });
        } catch {
          // a pattern of another dialect tells nothing about the examples
        }
      }
    }
    return found;
  });
}

function patternMismatch({ paper }: Subject, run: Run): Hit[] {
  const hits: Hit[] = [];
  for (const { name, pattern, source, paper: origin, line } of patternsOf(run)) {
    if (folderOf(origin) !== folderOf(paper)) continue;
    const places = paper.lines.flatMap((entry) => [...entry.raw.matchAll(new RegExp(`"${name}":\\s*"([^"]+)"`, 'g'))].filter((match) => !pattern.matches(match[1] ?? '')).map((match) => ({ line: entry.number, column: match.index + 1, note: match[1] ?? '' })));
    hits.push(...gatherPlaces({ places, message: `the example of ${name} does not match the pattern that is declared for it`, expected: source, got: places[0]?.note ?? '', hint: 'correct the example or the pattern' }).map((hit) => ({ ...hit, related: [{ file: origin.path, line, column: 1, note: source }, ...(hit.related ?? [])] })));
    const listed = origin === paper ? paper.lines.find((entry) => entry.prose !== '' && new RegExp(`^(?:valid|allowed|known) ${name}s?:`, 'i').test(entry.text)) : undefined;
    if (listed !== undefined && /[+*]\$?$/.test(source.replace(/\$$/, '$'))) hits.push({ line: listed.number, column: 1, message: `the list of valid ${name}s is narrower than the pattern that checks them`, expected: source, got: shorten(listed.text, 60), hint: 'check what is valid, or drop the list', related: [{ line, column: 1, note: source }] });
  }
  return hits;
}

function booleansAsText({ paper }: Subject): Hit[] {
  const declared = paper.lines.some((line) => line.kind !== 'code' && /`(?:\w+=)?(?:true|false)`/.test(line.raw));
  if (!declared) return [];
  const places = paper.lines.flatMap((line) => {
    const match = line.kind === 'code' ? /"(\w+)":\s*"(?:true|false)"/.exec(line.raw) : null;
    return match === null ? [] : [{ line: line.number, column: match.index + 1, note: match[0] }];
  });
  return gatherPlaces({ places, message: 'true and false are sent as text', expected: 'true, without quotes', got: places[0]?.note ?? '', hint: 'send them as booleans, or say that text is wanted: "false" is true in many languages' });
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
      if (before !== undefined && before.name !== name) hits.push({ line: cell.line, column: cell.column, message: `port ${port} is given to two services`, expected: 'a port of its own', got: `${before.name} and ${name}`, hint: 'give one of them another port', related: [{ line: before.line, column: before.column, note: before.name }] });
      else used.set(port, { line: cell.line, column: cell.column, name });
    }
  }
  return hits;
}

const token = /(?<![\w.-])[A-Za-z][A-Za-z_]*(?:[-_.][A-Za-z_]+)+(?![\w-])/g;

/** A name in code that is one letter away from one that is used far more often. */
function nearMisses({ paper }: Subject): Hit[] {
  const counts = new Map<string, { count: number; line: number; column: number }>();
  for (const line of paper.lines) {
    if (!line.raw.includes('`') && line.kind !== 'code') continue;
    for (const match of line.raw.matchAll(token)) {
      if (match[0].length < 9) continue;
      const known = counts.get(match[0]);
      if (known === undefined) counts.set(match[0], { count: 1, line: line.number, column: match.index + 1 });
      else known.count += 1;
    }
  }
  if (counts.size > 600) return [];
  const names = [...counts];
  const hits: Hit[] = [];
  for (const [rare, place] of names) {
    const near = names.find(([often, other]) => other.count >= 3 && other.count >= 2 * place.count && often.length !== rare.length && Math.abs(often.length - rare.length) === 1 && !/s$/.test(often.length > rare.length ? often : rare) && distance(often, rare) === 1);
    if (near !== undefined) hits.push({ line: place.line, column: place.column, message: `"${rare}" is one letter away from "${near[0]}", which is used ${near[1].count} times`, expected: near[0], got: rare, hint: 'correct it, if it is the same thing' });
  }
  return hits;
}

function acronyms({ paper }: Subject): Hit[] {
  const places = new Map<string, { line: number; column: number }>();
  for (const line of paper.lines) {
    if (line.prose === '' || line.kind === 'code') continue;
    for (const match of line.prose.matchAll(/\bthe ([A-Z]{3,5})\b/g)) if (!places.has(match[1] ?? '')) places.set(match[1] ?? '', { line: line.number, column: line.column + match.index });
  }
  for (const [short, place] of places) {
    const long = [...places].find(([other]) => other.length === short.length + 1 && other.endsWith(short));
    if (long !== undefined) return [{ line: long[1].line, column: long[1].column, message: `one role seems to have two names: ${short} and ${long[0]}`, expected: 'one name', got: `${short}, ${long[0]}`, hint: 'use one, or say who is who', related: [{ ...place, note: short }] }];
  }
  return [];
}

const span = /\b(\d{1,4}) ?(seconds?|minutes?|hours?|days?|s|min|h)\b/gi;

/** One thing (a cache, a timeout, a retention) with three or more durations in one document. */
function durationsDiffer({ paper }: Subject): Hit[] {
  return ['cache', 'time-?out', 'retention', 'grace period', 'ttl'].flatMap((subject) => {
    const wanted = new RegExp(`\\b${subject}`, 'i');
    const places = paper.paragraphs.length === 0 ? [] : paper.lines.flatMap((line) => (line.prose !== '' && line.kind !== 'table' && wanted.test(line.raw) ? [...line.prose.matchAll(span)].map((match) => ({ line: line.number, column: line.column + match.index, note: match[0] })) : []));
    const values = [...new Set(places.map((place) => place.note.toLowerCase()))];
    if (values.length < 3) return [];
    return gatherPlaces({ places, message: `${values.length} durations for one word`, expected: 'which of them counts, for which layer', got: values.join(', '), hint: 'say in one place what each of them is for' });
  });
}

/** Values and names that disagree. */
export const valueRules: Rule[] = [
  { code: 'threshold-gap', severity: 'warning', summary: 'Between the range that says go on and the range that says go back nothing is said.', why: 'At 0.5 % somebody goes on and somebody rolls back.', fires: '# L\n\n## Success criteria\n\n- Error rate < 0.1%\n\n## Rollback triggers\n\n- Error rate > 1%\n', silent: '# L\n\n## Success criteria\n\n- Error rate < 1%\n\n## Rollback triggers\n\n- Error rate > 1%\n', check: thresholdGaps },
  { code: 'durations-differ', severity: 'info', summary: 'A cache, timeout or retention has three or more durations in one document.', why: 'Each reader waits for another one.', fires: '# R\n\nPages have a cache of 5 minutes.\n\nWait 1 minute for the cache.\n\nThe cache holds 60 seconds.\n', silent: '# R\n\nPages have a cache of 5 minutes.\n\nWait 5 minutes for the cache.\n', check: durationsDiffer },
  { code: 'metric-twice', severity: 'warning', summary: 'One metric is listed twice.', why: 'Two alerts, two bounds, and a count that is one too high.', fires: '# M\n\n- Queue Depth (target: < 1000, alert: > 5000)\n- Queue Depth (target: < 1000, alert: > 5000)\n', silent: '# M\n\n- Queue Depth (target: < 1000, alert: > 5000)\n- DLQ Depth (target: < 100, alert: > 500)\n', check: metricsTwice },
  { code: 'default-differs', severity: 'info', summary: 'The same input has another default in a sibling document.', why: 'A timeout of 300 is five minutes for one and five hours for another.', fires: { 'd/a.md': '# A\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `300` |\n', 'd/b.md': '# B\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `10m` |\n' }, silent: { 'd/a.md': '# A\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `10m` |\n', 'd/b.md': '# B\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `10m` |\n' }, check: defaultsDiffer },
  { code: 'pattern-mismatch', severity: 'warning', summary: 'An example does not match the pattern declared for it, or the pattern is wider than the list of valid values.', why: 'The example is what people copy.', fires: '# A\n\n| Name | Notes |\n|---|---|\n| `namespace` | `^db-[0-9]+$` |\n\n```json\n{ "namespace": "db-blue" }\n```\n', silent: '# A\n\n| Name | Notes |\n|---|---|\n| `namespace` | `^db-[0-9]+$` |\n\n```json\n{ "namespace": "db-1" }\n```\n', check: patternMismatch },
  { code: 'boolean-as-text', severity: 'info', summary: 'Examples send true and false as text.', why: '"false" is true in many languages: the dry run was real.', fires: '# A\n\nSet `dry_run=false`.\n\n```json\n{ "dry_run": "false" }\n```\n', silent: '# A\n\nSet `dry_run=false`.\n\n```json\n{ "dry_run": false }\n```\n', check: booleansAsText },
  { code: 'port-conflict', severity: 'warning', summary: 'A table gives one port to two services.', why: 'The second one does not start.', fires: '# P\n\n| Service | Port |\n|---|---|\n| api | 3024 |\n| web | 3024 |\n', silent: '# P\n\n| Service | Port |\n|---|---|\n| api | 3024 |\n| web | 3025 |\n', check: portConflicts },
  { code: 'near-miss-name', severity: 'info', summary: 'A name is one letter away from one that is used far more often, or one role has two names.', why: 'The file with the typing error does not exist.', fires: '# N\n\n`kubelet-ca.crt` and `kubelet-ca.crt` and `kubelet-ca.crt`\n\n`kublet-ca.crt`\n', silent: '# N\n\n`kubelet-ca.crt` and `kubelet-ca.crt` and `kubelet-ca.crts` and `kubelet-cb.crt`\n', check: (subject) => [...nearMisses(subject), ...acronyms(subject)] },
];

