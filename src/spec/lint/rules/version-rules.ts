import type { Paper, Section } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';

const version =
  /(?<![\w./-])(?:v|release[-/](?:v)?|latest-)?([1-9]\d?)\.(\d{1,2})(?:\.\d+)?(?:-rc\.?\d+)?(?![\w%.]|\.\d| ?(?:x\b|ms|s\b|GB|MB|hours?|min))/g;

interface Seen {
  major: number;
  minor: string;
  line: number;
  column: number;
}

function versionsIn(paper: Paper, from: number, to: number): Seen[] {
  const seen: Seen[] = [];
  for (const line of paper.lines.slice(from, to)) {
    if (line.kind === 'comment' || line.kind === 'heading' || !line.raw.includes('.') || !/\d/.test(line.raw)) continue;
    for (const match of line.raw.matchAll(version)) {
      if (/\/\/\S*$/.test(line.raw.slice(0, match.index)) || !/v\d|release|latest|e\.g\.|'\d/i.test(line.raw)) continue;
      seen.push({
        major: Number(match[1]),
        minor: `${match[1] ?? ''}.${match[2] ?? ''}`,
        line: line.number,
        column: match.index + 1,
      });
    }
  }
  return seen;
}

/** Examples of one product in several majors, or in four or more minors. */
function versionsDiffer({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  const seen = versionsIn(paper, 0, paper.lines.length);
  const minors = [...new Set(seen.map((entry) => entry.minor))];
  const newest = Math.max(...seen.map((entry) => entry.major));
  const old = seen.filter((entry) => entry.major === newest - 1);
  const same = seen.filter((entry) => entry.major === newest);
  const many = [...new Set(same.map((entry) => entry.minor))];
  if (old.length >= 2 && same.length >= 2 && newest <= 3) {
    const first = old[0];
    return first === undefined
      ? []
      : [
          {
            line: first.line,
            column: first.column,
            message: 'examples still show an older major version',
            expected: `${newest}.x, as elsewhere`,
            got: [...new Set(old.map((entry) => entry.minor))].join(', '),
            hint: 'bring the examples up to date, or say that they are history',
            related: old.slice(1, 10).map((entry) => ({ line: entry.line, column: entry.column, note: entry.minor })),
          },
        ];
  }
  const odd = same.find((entry) => same.filter((other) => other.minor === entry.minor).length === 1);
  if (many.length < 4 || odd === undefined) return [];
  return [
    {
      line: odd.line,
      column: odd.column,
      message: `the examples use ${minors.length} different versions`,
      expected: 'one version, or a variable',
      got: many.join(', '),
      hint: 'write the examples for one version; mixed ones are copied mixed',
    },
  ];
}

function exampleDiffers({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  return paper.sections.flatMap((section) => differsIn(paper, section)).slice(0, 3);
}

function differsIn(paper: Paper, section: Section): Hit[] {
  const fence = paper.fences.find(
    (entry) => entry.section === section && entry.lines.some((line) => /^[-+] /.test(line)),
  );
  if (fence === undefined || !/\b(?:remov|delet|drop|bump|updat)\w*/i.test(section.title)) return [];
  const prose = versionsIn(paper, section.line, fence.line - 1);
  const shown = fence.lines
    .filter((line) => /^[-+] /.test(line))
    .flatMap((line) => [...line.matchAll(/'(\d+\.\d+)'/g)].map((match) => match[1] ?? ''));
  const [said, example] = [prose[0], shown[0]];
  if (said === undefined || example === undefined || prose.some((entry) => shown.includes(entry.minor))) return [];
  return [
    {
      line: fence.line,
      column: 1,
      message: 'the example changes another version than the text',
      expected: said.minor,
      got: example,
      hint: 'let text and example speak of one version',
      related: [{ line: said.line, column: said.column, note: said.minor }],
    },
  ];
}

/** Versions in examples. */
export const versionRules: Rule[] = [
  {
    code: 'versions-differ',
    severity: 'info',
    summary: 'Examples of one procedure use several versions.',
    why: 'They are copied as they stand, each for another release.',
    fires: '# Release process\n\n1. Tag v2.14.0\n2. Branch release-1.34 (v1.34.0)\n3. Then v2.15.0 and v1.34.1\n',
    silent: '# Release process\n\n1. Tag v2.14.0\n2. Branch release-2.14\n3. Then v2.14.1\n',
    check: versionsDiffer,
  },
  {
    code: 'example-differs',
    severity: 'info',
    summary: 'The example of a section changes another version than its text.',
    why: 'The version that is still in use is removed.',
    fires:
      "# Branch creation procedure\n\n1. a\n2. b\n3. c\n\n## Remove old jobs\n\nDelete old configs, e.g. 1.29 jobs.\n\n```\n- '1.30':\n-    CONFIG\n```\n",
    silent:
      "# Branch creation procedure\n\n1. a\n2. b\n3. c\n\n## Remove old jobs\n\nDelete old configs, e.g. 1.30 jobs.\n\n```\n- '1.30':\n-    CONFIG\n```\n",
    check: exampleDiffers,
  },
];
