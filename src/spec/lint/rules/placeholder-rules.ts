import { shorten } from '../paper/line-marks.ts';
import type { Line, Paper } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { isUnfilled, vocabulary } from '../understand/vocabulary.ts';
import { gatherPlaces, printCount, printWords } from './gathered.ts';

interface Blank {
  line: number;
  column: number;
  note: string;
}

const dateForm = /\b(?:YYYY-MM-DD|yyyy-mm-dd|MM\/DD(?:\/YYYY)?|XXXX-XX-XX)\b/;
const openWords = /\b(?:TBD|TBA|TBC|to be (?:determined|decided|confirmed)|FIXME|TODO:|lorem ipsum)\b/;
const bracketed = /(?<![\w\]!`])\[(?![A-Z]{2,}\])(?:[A-Z][A-Za-z0-9 /:.,#&'-]{1,50}|X(?:%|\w* \w+))\](?![([:])/;
const setToNothing = /^\s*(?:\$ )?export \w+=(?:\?|<[^>]+>|your[-_]\w+|xxx+)\s*$/i;
const stepDummy = /^Step \d+\.?$/;
const commentBlank = /^\s*(?:paste|insert|replace|fill|add|@ the|[A-Z][a-z]{2}, YYYY)/i;

/** Places that are a form to be filled: in prose always, in commands only where nothing fills them. */
function findBlanks(paper: Paper): Blank[] {
  const blanks: Blank[] = [];
  for (const line of paper.lines) {
    const note = blankOf(line);
    if (note !== null)
      blanks.push({ line: line.number, column: line.column + Math.max(0, line.text.indexOf(note)), note });
  }
  for (const comment of paper.comments) {
    const before = paper.lines[comment.line - 1];
    if (
      before !== undefined &&
      comment.end === comment.line &&
      commentBlank.test(comment.text) &&
      before.kind !== 'comment'
    )
      blanks.push({ line: comment.line, column: comment.column, note: shorten(comment.text, 30) });
  }
  return blanks.toSorted((left, right) => left.line - right.line);
}

function blankOf(line: Line): string | null {
  if (line.kind === 'front' || line.kind === 'blank' || line.kind === 'comment' || line.kind === 'fence') return null;
  const { raw } = line;
  if (line.kind === 'code') return setToNothing.test(raw) ? raw.trim() : null;
  if (stepDummy.test(line.text.trim()) && line.kind === 'item') return line.text.trim();
  if (raw.includes('__') && /_{4,}/.test(raw)) return '____';
  const date = dateForm.exec(raw);
  if (date !== null && !/\b(?:format|form|e\.g\.|like|example|replace|title|convention|pattern|header)\b/i.test(raw))
    return date[0];
  const open = openWords.exec(line.prose);
  if (open !== null) return open[0];
  if (!raw.includes('[') || /^\s*\[[ xX]\]/.test(raw)) return null;
  const match = bracketed.exec(line.prose);
  // "[Tests] skip the slow ones" begins with a label, not with a blank.
  const label = match !== null && match.index === 0 && /^\s+\S/.test(line.prose.slice(match[0].length));
  return match === null || label ? null : match[0];
}

function placeholders({ paper, template }: Subject): Hit[] {
  const blanks = findBlanks(paper).filter((blank) => !insideReference(paper, blank));
  if (blanks.length === 0) return [];
  const kinds = [...new Set(blanks.map((blank) => blank.note))].slice(0, 4);
  const found = gatherPlaces({
    places: blanks,
    message: template
      ? `a form with ${printCount(blanks.length, 'blank')} to be filled`
      : `${printCount(blanks.length, 'place')} still to be filled`,
    expected: 'values',
    got: printWords(kinds),
    hint: template ? 'fill a copy of it for each launch' : 'fill it in, or say who does and when',
  });
  return found.map((hit): Hit => ({ ...hit, severity: template ? 'info' : 'warning' }));
}

/** `[text]` that is a link reference is no blank. */
function insideReference(paper: Paper, blank: Blank): boolean {
  return blank.note.startsWith('[') && paper.definitions.has(blank.note.slice(1, -1).toLowerCase());
}

function rollbackUnfilled({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const line of paper.lines) {
    if (line.kind === 'code' || line.kind === 'front' || line.raw.length < 8 || !vocabulary.undo.test(line.raw))
      continue;
    if (/\|/.test(line.raw) && /time|limit|window/i.test(line.raw)) {
      const cells = line.raw.split('|').map((cell) => cell.trim());
      if (cells.some((cell) => vocabulary.undo.test(cell)) && isUnfilled(cells.at(-2) ?? 'x'))
        hits.push(describeRollback(line, cells.at(-2) ?? ''));
    } else if (dateForm.test(line.raw) || /\bTBD\b/.test(line.raw)) {
      hits.push(describeRollback(line, dateForm.exec(line.raw)?.[0] ?? 'TBD'));
    }
  }
  return hits;
}

function describeRollback(line: Line, got: string): Hit {
  return {
    line: line.number,
    column: Math.max(1, line.raw.indexOf(got) + 1),
    message: 'the way back hangs on something that was never filled in',
    expected: 'the name, time or limit that a rollback needs',
    got,
    hint: 'fill it in before the change, not while rolling back',
  };
}

const versionInCommand = /\b(?:git (?:tag|push)|docker|helm|npm|gh release)\b.*\bv?\d+\.\d+\.\d+\b/;
const hashInCommand = /\b[\w-]*-[0-9a-f]{20,}\b|\b[0-9a-f]{32,}\b/;
const exampleQuantity =
  /\b(?:All )?\d{1,3}(?:,\d{3})? (?:concurrent )?(?:users|integrations|records|customers|sites|departments)\b/;

/** A concrete value where everything around it is a form: it was forgotten when the template was made. */
function leftOvers({ paper, commands, template }: Subject): Hit[] {
  const forms = paper.lines.filter(
    (line) => line.kind !== 'comment' && /<[a-z][\w-]*>|\{[a-z-]+\}/i.test(line.raw),
  ).length;
  const places: Blank[] = [];
  for (const command of commands) {
    const hash = command.language === 'span' ? null : hashInCommand.exec(command.text);
    if (hash !== null && !/sha256:/.test(command.text))
      places.push({ line: command.line, column: command.column, note: shorten(hash[0], 40) });
    else if (forms >= 5 && versionInCommand.test(command.text))
      places.push({ line: command.line, column: command.column, note: shorten(command.text, 40) });
  }
  const blanks = template ? findBlanks(paper).length : 0;
  if (blanks >= 15) {
    for (const line of paper.lines) {
      const match = line.kind === 'item' ? exampleQuantity.exec(line.prose) : null;
      if (match !== null) places.push({ line: line.number, column: line.column + match.index, note: match[0] });
    }
  }
  return gatherPlaces({
    places,
    message: 'a concrete value is left in what is otherwise a form',
    expected: 'a blank, or a variable',
    got: printWords([...new Set(places.map((place) => place.note))].slice(0, 3)),
    hint: 'make it a blank: somebody will run it as it stands',
  });
}

function namesDiffer({ paper }: Subject): Hit[] {
  const spellings = new Map<string, Map<string, Blank>>();
  for (const line of paper.lines) {
    if (line.kind === 'code' || !line.text.includes('`')) continue;
    for (const span of line.text.matchAll(
      /`([a-z]{4,}-)(\$\{?\w+\}?|x(?:\.x)+|[a-z]+\.[a-z]+|\d+\.[XYxy]+|[Xx]\.[Yy](?:\.[Zz])?)`/g,
    )) {
      const known = spellings.get(span[1] ?? '') ?? new Map<string, Blank>();
      if (!known.has(span[2] ?? ''))
        known.set(span[2] ?? '', { line: line.number, column: line.column + span.index, note: span[0] });
      spellings.set(span[1] ?? '', known);
    }
  }
  return [...spellings.values()]
    .filter((known) => known.size >= 3)
    .flatMap((known) =>
      gatherPlaces({
        places: [...known.values()],
        message: 'one name has several placeholder spellings',
        expected: 'one spelling',
        got: [...known.values()].map((blank) => blank.note.replace(/`/g, '')).join(', '),
        hint: 'use one variable for one thing; two spellings are read as two branches',
      }),
    );
}

/** What was never filled in, and what was filled in and should not have been. */
export const placeholderRules: Rule[] = [
  {
    code: 'placeholder',
    severity: 'warning',
    summary: 'Blanks, dates such as YYYY-MM-DD, TBD or dummy steps are still to be filled; one note for a form.',
    why: 'On the night, `export TOKEN=?` is run as it stands.',
    fires: '# Plan\n\n- Create the tag `pre-YYYY-MM-DD`\n- Media backup: TBD\n',
    silent:
      '# Plan\n\n- Create the tag `pre-2026-01-02`\n- See [the list] and [Notes](n.md)\n\n[the list]: https://example.org\n',
    check: placeholders,
  },
  {
    code: 'rollback-unfilled',
    severity: 'warning',
    summary: 'A rollback needs a name, time or limit that is still a blank.',
    why: 'The snapshot that the rollback needs has no name, so it does not exist.',
    fires: '# P\n\n- Create a rollback snapshot: `pre-YYYY-MM-DD`\n',
    silent: '# P\n\n- Create a rollback snapshot: `pre-2026-01-02`\n\n| Rollback time limit | 2 h |\n|---|---|\n',
    check: rollbackUnfilled,
  },
  {
    code: 'template-leftover',
    severity: 'info',
    summary: 'A concrete version, hash or figure is left in a form.',
    why: 'It is run or believed as it stands.',
    fires:
      '# R\n\nUse <app>.\n\nUse <env>.\n\nUse <region>.\n\nUse <id>.\n\nUse <tag>.\n\n```sh\ngit push origin v0.16.0\n```\n',
    silent: '# R\n\n```sh\ngit push origin v0.16.0\n```\n',
    check: leftOvers,
  },
  {
    code: 'placeholder-spellings',
    severity: 'info',
    summary: 'One name is written with three or more placeholder spellings.',
    why: 'Somebody tags the wrong branch.',
    fires: '# R\n\n- Create `release-$tag`\n- Commit to `release-x.x.x`\n- Merge into `release-major.minor`\n',
    silent: '# R\n\n- Create `release-$tag`\n- Merge into `release-$tag`\n',
    check: namesDiffer,
  },
];
