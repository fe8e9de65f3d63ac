import type { Item, Paper } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printCount } from './gathered.ts';

/** Runs of numbered siblings: a new 1 begins a new run, and so do a heading and another parent. */
function numberedRuns(paper: Paper): Item[][] {
  const runs: Item[][] = [];
  const last = new Map<string, Item[]>();
  for (const item of paper.items) {
    if (item.number === null) continue;
    const key = `${item.section.index}/${item.parent?.line ?? 0}`;
    const run = last.get(key);
    if (run === undefined || (item.number === 1 && run.at(-1)?.number !== 1) || separated(paper, run.at(-1), item)) {
      const fresh = [item];
      runs.push(fresh);
      last.set(key, fresh);
    } else run.push(item);
  }
  return runs;
}

/** A number that starts over after a paragraph or a thematic break belongs to another list. */
function separated(paper: Paper, before: Item | undefined, item: Item): boolean {
  if (before === undefined || item.number !== 1) return false;
  return paper.lines
    .slice(before.end, item.line - 1)
    .some((line) => line.kind === 'text' || line.kind === 'break' || line.kind === 'fence');
}

function numbersOutOfOrder({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const run of numberedRuns(paper)) {
    const numbers = run.map((item) => item.number ?? 0);
    if (run.length < 3 || numbers.every((number) => number === numbers[0])) continue;
    const wrong = run.findIndex((item, index) => index > 0 && item.number !== (numbers[index - 1] ?? 0) + 1);
    const item = run[wrong];
    if (wrong === -1 || item === undefined || numbers.filter((number) => number === 1).length > 2) continue;
    hits.push({
      line: item.line,
      column: 1,
      message: 'the steps are numbered by hand and out of order',
      expected: numbers.map((_, index) => (numbers[0] ?? 1) + index).join(', '),
      got: numbers.join(', '),
      hint: 'number them again, and look whether a step was lost; "step 4" elsewhere may mean another one now',
    });
  }
  return hits;
}

function fenceCutsList({ paper }: Subject): Hit[] {
  const places: { line: number; column: number; note: string }[] = [];
  for (const fence of paper.fences) {
    const before = fence.item;
    if (fence.indent !== 0 || before === null || before.indent > 3 || paper.lines[fence.line - 1]?.quoted === true)
      continue;
    if (before.number === null && before.box === null) continue;
    const after = paper.items.find((item) => item.line > fence.end && item.indent <= before.indent);
    if (after !== undefined && after.section === before.section && (after.number === null) === (before.number === null))
      places.push({ line: fence.line, column: 1, note: 'not indented under its item' });
  }
  return gatherPlaces({
    places,
    message: `${printCount(places.length, 'code block')} at the margin cut the list of steps in two`,
    expected: 'the block indented under its step',
    got: 'a block at column 1',
    hint: 'indent the block, so that one procedure stays one list and keeps its numbers',
  });
}

function commentSplits({ paper }: Subject): Hit[] {
  const places: { line: number; column: number; note: string }[] = [];
  for (const comment of paper.comments) {
    const [above, below] = [paper.lines[comment.line - 2], paper.lines[comment.end]];
    const list = above?.kind === 'item' && below?.kind === 'item';
    const table = above?.kind === 'table' && below?.kind === 'table';
    if ((list || table) && comment.column === 1 && comment.end > comment.line)
      places.push({ line: comment.line, column: 1, note: list ? 'inside a list' : 'inside a table' });
  }
  return gatherPlaces({
    places,
    message: 'a comment stands inside a list or a table and breaks it',
    expected: 'the comment above or below',
    got: printCount(places.length, 'comment'),
    hint: 'move the comment out, and say in the text when its steps apply',
  });
}

function fenceMarkDiffers({ paper }: Subject): Hit[] {
  return paper.fences.flatMap((fence): Hit[] => {
    if (fence.closing === null)
      return [
        {
          line: fence.line,
          column: fence.column,
          severity: 'warning',
          message: 'the code block is never closed',
          expected: `${fence.mark} on a line of its own`,
          got: 'the end of the document',
          hint: 'close it: everything below is swallowed as code',
        },
      ];
    return fence.closing.length <= fence.mark.length
      ? []
      : [
          {
            line: fence.end,
            column: 1,
            message: 'the code block is closed by another mark than it was opened with',
            expected: fence.mark,
            got: fence.closing,
            hint: 'use the same mark; some renderers do not close the block here',
          },
        ];
  });
}

/** In a copied page most short lines that stand alone look like headings; only these promise something. */
const promising =
  /^(?:dependencies|follow-?ups?|rollback(?: plan)?|owners?|implementation progress|implements|evidence|risks?|open questions|sign-?off)$/i;

/** A planned hold and a recycle point are said whole by their heading. */
function isOnTheCount(heading: string): boolean {
  const braces = heading.slice(heading.lastIndexOf('{')).trimEnd();
  return braces.startsWith('{') && braces.endsWith('}') && /\b(?:hold=|recycle\b)/.test(braces);
}

function emptySections({ paper, actionable, template }: Subject): Hit[] {
  if ((!actionable && !paper.plain) || template) return [];
  const empty = paper.sections.filter((section, index) => {
    const next = paper.sections[index + 1];
    if (section.level < 2 || next === undefined || next.level > section.level) return false;
    if (paper.plain && !promising.test(section.title)) return false;
    if (isOnTheCount(paper.lines[section.line - 1]?.text ?? '')) return false;
    return !paper.lines.slice(section.line, section.end).some((line) => line.kind !== 'blank' && line.kind !== 'break');
  });
  return empty.map((section) => ({
    line: section.line,
    column: section.column,
    message: 'the heading has nothing under it',
    expected: 'what to do, or no heading',
    got: 'an empty section',
    hint: 'if the heading is the step, say who does it and how it is known to be done',
  }));
}

const camel = /^[a-z]+(?:[A-Z][a-z]+)+$/;

function headingStyle({ paper }: Subject): Hit[] {
  const odd = paper.sections.filter((section) => camel.test(section.title));
  if (odd.length === 0 || odd.length * 3 > paper.sections.length) return [];
  return gatherPlaces({
    places: odd.map((section) => ({ line: section.line, column: section.column, note: section.title })),
    message: `${printCount(odd.length, 'heading')} in another style than the rest`,
    expected: 'words, as in the other headings',
    got: odd.map((section) => section.title).join(', '),
    hint: 'whatever reads the headings as fields will miss these',
  });
}

/** Numbers, fences, comments and headings. */
export const structureRules: Rule[] = [
  {
    code: 'numbers-out-of-order',
    severity: 'warning',
    summary: 'Typed step numbers repeat or skip (1, 2, 3, 3).',
    why: '"Go on with step 4" means two different steps.',
    fires: '# Deploy\n\n1. a\n2. b\n4. c\n5. d\n',
    silent: '# Deploy\n\n1. a\n1. b\n1. c\n\nThen:\n\n1. d\n2. e\n3. f\n',
    check: numbersOutOfOrder,
  },
  {
    code: 'fence-cuts-list',
    severity: 'info',
    summary: 'A code block at the margin ends the list that it belongs to.',
    why: 'The page shows three procedures that each begin at 1.',
    fires: '# Deploy\n\n1. Run\n```sh\nmake\n```\n1. Check\n',
    silent: '# Deploy\n\n1. Run\n\n   ```sh\n   make\n   ```\n\n1. Check\n\n```\nexample\n```\n',
    check: fenceCutsList,
  },
  {
    code: 'comment-splits-list',
    severity: 'info',
    summary: 'An HTML comment stands between the items of a list or the rows of a table.',
    why: 'Half of the table is shown as text, and conditional steps are invisible.',
    fires: '# R\n\n- a\n<!-- only for minor\n- b\n-->\n- c\n',
    silent: '# R\n\n- a <!-- note -->\n- b\n\n<!-- end\nof list -->\n',
    check: commentSplits,
  },
  {
    code: 'fence-mark-differs',
    severity: 'info',
    summary: 'A code block is closed by a longer mark than it was opened with, or never.',
    why: 'Some renderers swallow the rest of the page.',
    fires: '# R\n\n```sh\nls\n``````\n',
    silent: '# R\n\n````md\n```sh\nls\n```\n````\n',
    check: fenceMarkDiffers,
  },
  {
    code: 'empty-section',
    severity: 'info',
    summary: 'A heading of a runbook has nothing under it.',
    why: 'The heading is a step that nobody can do.',
    fires: '# Release runbook\n\n## Tag\n\n1. a\n2. b\n3. c\n\n## Announce\n\n## Close\n\nDone.\n',
    silent:
      '# Release runbook\n\n## Steps\n\n### Tag\n\n1. a\n2. b\n3. c\n\n### T-10m Hold {hold=5m}\n\n### T-0 Go\n\n1. d\n',
    check: emptySections,
  },
  {
    code: 'heading-style-differs',
    severity: 'info',
    summary: 'A few headings are written in another style than the others.',
    why: 'A machine that reads headings as fields misses them.',
    fires: '# S\n\n## Primary Owner\n\n## Host Platform\n\n## Service Tier\n\n## releaseDetails\n',
    silent: '# S\n\n## Primary Owner\n\n## Host Platform\n',
    check: headingStyle,
  },
];
