import { shorten } from '../paper/line-marks.ts';
import type { Paper, Section } from '../paper/paper.ts';
import type { Hit, Rule, Run } from '../rule.ts';

interface Claim {
  count: number;
  noun: string;
  /** Words between the number and the noun. */
  kind: string;
  line: number;
  column: number;
  text: string;
}

const words: Record<string, number> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
};

const claimPattern =
  /(?<![\w.,#~><=\-–/])(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) ((?:[A-Za-z-]+ ){0,2}?)([A-Za-z]{3,}s|criteria)\b(?! (?:per|or|of|each|in total per)\b)/gi;
const notCounted =
  /^(?:days?|hours?|minutes?|seconds?|weeks?|months?|years?|lines|users|workers|members|times|bytes|places|was|its|this|has|less|across|always|cases|percents?|points|sessions|requests|retries|attempts|digits|characters|levels|versions|replicas|instances|nodes|hosts|admins|people|persons)$/i;

function findClaims(paper: Paper): Claim[] {
  const claims: Claim[] = [];
  for (const line of paper.lines) {
    if (
      line.prose === '' ||
      line.kind === 'table' ||
      !/\d [A-Za-z]|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) /i.test(line.prose)
    )
      continue;
    for (const match of line.prose.matchAll(claimPattern)) {
      const noun = (match[3] ?? '').toLowerCase();
      const before = line.prose.slice(Math.max(0, match.index - 14), match.index);
      if (
        notCounted.test(noun) ||
        /\b(?:at least|up to|about|around|over|than|least|most|every|first|last|next|top|of the|phase|level|version|step|week|day|tier)\s*$/i.test(
          before,
        )
      )
        continue;
      claims.push({
        count: words[(match[1] ?? '').toLowerCase()] ?? Number(match[1]),
        noun,
        kind: (match[2] ?? '').trim().toLowerCase(),
        line: line.number,
        column: line.column + match.index,
        text: match[0],
      });
    }
  }
  return claims;
}

export const stem = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/ia$/, 'i')
    .replace(/(?:es|s|ion|on)$/, '')
    .slice(0, 9);

/** A list or table that holds things of the claimed kind: its own heading, header or lead-in line names them. */
function listsOf(paper: Paper, noun: string): { count: number; line: number; what: string; own: boolean }[] {
  const wanted = stem(noun);
  const found: { count: number; line: number; what: string; own: boolean }[] = [];
  for (const table of paper.tables) {
    const header = stem(table.header[0]?.text ?? '');
    const rows = table.rows.filter((row) => !/^\**total\b/i.test(row[0]?.text ?? ''));
    if (header === wanted && rows.length > 1)
      found.push({ count: rows.length, line: table.line, what: 'rows in the table', own: true });
  }
  return found;
}

function countDiffers(paper: Paper): Hit[] {
  const hits: Hit[] = [];
  for (const claim of findClaims(paper)) {
    const lead = leadInList(paper, claim) ?? titledLists(paper, claim);
    if (lead !== null) {
      if (lead.count !== claim.count) hits.push(describe(claim, lead.count, lead.line, lead.what));
      continue;
    }
    const tables = listsOf(paper, claim.noun).filter((table) => isNamed(paper, claim, table.line));
    if (tables.length === 0 || tables.some((table) => table.count === claim.count)) continue;
    const nearest = tables.find(
      (table) => tables.length === 1 || sectionAt(paper, table.line) === sectionAt(paper, claim.line),
    );
    if (nearest !== undefined && Math.abs(nearest.count - claim.count) <= Math.max(3, claim.count / 2))
      hits.push(describe(claim, nearest.count, nearest.line, nearest.what));
  }
  return hits;
}

const general =
  /^(?:all|critical|above|following|these|those|required|base|main|key|total|named|listed|different|new)$/;

/** "4 queue components" does not count a table of other components: each word before the noun stands in the heading above the table, or says nothing. */
function isNamed(paper: Paper, claim: Claim, line: number): boolean {
  const title = (sectionAt(paper, line)?.title ?? '').toLowerCase();
  return (
    claim.kind === '' ||
    claim.kind
      .split(' ')
      .every((word) => general.test(word) || (stem(word).length > 3 && title.includes(stem(word).slice(0, 5))))
  );
}

function describe(claim: Claim, count: number, line: number, what: string): Hit {
  return {
    line: claim.line,
    column: claim.column,
    message: `"${shorten(claim.text, 40)}" is claimed, ${count} ${count === 1 ? 'is' : 'are'} there`,
    expected: `${claim.count} ${claim.noun}`,
    got: `${count} ${what}`,
    hint: 'correct the number or the list, and find out which of the two was acted on',
    related: [{ line, column: 1, note: `${count} ${what}` }],
  };
}

function sectionAt(paper: Paper, line: number): Section | undefined {
  return paper.lines[line - 1]?.section;
}

/** "**Queue System** (4 components):" directly above a list counts that list. */
function leadInList(paper: Paper, claim: Claim): { count: number; line: number; what: string } | null {
  const line = paper.lines[claim.line - 1];
  if (
    line === undefined ||
    line.kind !== 'text' ||
    !/:\s*\**\s*$/.test(line.text) ||
    !/\([^)]*\)\**:|^\**(?:The |These )?(?:following )?\w+ \w+[^.]*:\**$/i.test(line.text)
  )
    return null;
  let next = claim.line;
  while (paper.lines[next]?.kind === 'blank') next += 1;
  const first = paper.items.find((item) => item.line === next + 1);
  if (first === undefined) return null;
  const siblings = paper.items.filter(
    (item) =>
      item.parent === first.parent &&
      item.section === first.section &&
      item.line >= first.line &&
      item.indent === first.indent &&
      !brokenBetween(paper, first.line, item.line),
  );
  return { count: siblings.length, line: first.line, what: 'items in the list below' };
}

function brokenBetween(paper: Paper, from: number, to: number): boolean {
  return paper.lines
    .slice(from, to - 1)
    .some(
      (line) =>
        (line.kind === 'text' && line.indent === 0 && paper.lines[line.number - 2]?.kind === 'blank') ||
        line.kind === 'break',
    );
}

/** "Key metrics defined (18 metrics)" against the lists under labels that end in "Metrics". */
function titledLists(paper: Paper, claim: Claim): { count: number; line: number; what: string } | null {
  if (!new RegExp(`\\(${claim.count} ${claim.noun}\\)`, 'i').test(paper.lines[claim.line - 1]?.text ?? '')) return null;
  const wanted = stem(claim.noun);
  const metrics = paper.items.filter((item) => /\(?target:.*alert:/i.test(item.text));
  if (wanted === stem('metrics') && metrics.length > 2)
    return { count: metrics.length, line: metrics[0]?.line ?? 1, what: 'metrics with a target and an alert' };
  return null;
}

const crossCount =
  /\b(?:the|all) (\d{1,3}|two|three|four|five|six|seven|eight|nine|ten) ([a-z]+s) (?:in|of|from) \[?`?([\w./-]+\.md)`?/gi;

function countElsewhere(paper: Paper, run: Run): Hit[] {
  const hits: Hit[] = [];
  for (const line of paper.lines) {
    if (line.prose === '' || !line.text.includes('.md')) continue;
    for (const match of line.text.matchAll(crossCount)) {
      const name = (match[3] ?? '').split('/').at(-1) ?? '';
      const count = words[(match[1] ?? '').toLowerCase()] ?? Number(match[1]);
      const other = run.subjects.find((subject) => subject.paper !== paper && subject.paper.path.endsWith(name));
      const lists = other === undefined ? [] : listsOf(other.paper, match[2] ?? '');
      const list = lists[0];
      if (other === undefined || list === undefined || lists.some((entry) => entry.count === count)) continue;
      const claim = {
        count,
        noun: match[2] ?? '',
        kind: '',
        line: line.number,
        column: line.column + match.index,
        text: match[0],
      };
      hits.push({
        ...describe(claim, list.count, list.line, list.what),
        related: [{ file: other.paper.path, line: list.line, column: 1, note: `${list.count} ${list.what}` }],
      });
    }
  }
  return hits;
}

/** Numbers in the text that lists and tables disprove. */
export const countRules: Rule[] = [
  {
    code: 'count-differs',
    severity: 'warning',
    summary: 'A number in the text does not match the list or table that it counts.',
    why: 'Somebody works through eight checks and goes home; the ninth was the one that failed.',
    fires:
      '# Deploy runbook\n\n## Verification\n\n| Check | Command |\n|---|---|\n| a | `x` |\n| b | `y` |\n| c | `z` |\n\n## Exit\n\nAll 2 verification checks above are green.\n',
    silent:
      '# Deploy runbook\n\n| Check | Command |\n|---|---|\n| a | `x` |\n| b | `y` |\n\n## Exit\n\nAll 2 verification checks above are green within 10 minutes, at least 5 checks a day.\n',
    check: ({ paper }, run) => [...countDiffers(paper), ...countElsewhere(paper, run)],
  },
];
