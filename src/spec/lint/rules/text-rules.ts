import { shorten } from '../paper/line-marks.ts';
import type { Item, Line, Paper } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { vocabulary } from '../understand/vocabulary.ts';
import { gatherPlaces, printCount } from './gathered.ts';

type Place = { line: number; column: number; note: string };

function placesOf(paper: Paper, pattern: RegExp, wanted: (line: Line) => boolean = () => true): Place[] {
  return paper.lines.flatMap((line) => {
    const match = line.prose === '' || !wanted(line) ? null : pattern.exec(line.prose);
    return match === null ? [] : [{ line: line.number, column: line.column + match.index, note: shorten(match[0], 40) }];
  });
}

const inPlainText = (line: Line): boolean => line.kind === 'text' || line.kind === 'item';

/** A stretch of six words that stands again in another sentence, which begins without a capital: a paste that went wrong. */
function copiedHalf({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  const shingles = new Map<string, number>();
  for (const line of paper.lines) {
    if (line.kind !== 'text' && line.kind !== 'item') continue;
    const words = line.prose.toLowerCase().match(/[a-z']+/g) ?? [];
    for (let at = 0; at + 6 <= words.length; at += 1) {
      const key = words.slice(at, at + 6).join(' ');
      if (!shingles.has(key)) shingles.set(key, line.number);
    }
  }
  for (const line of paper.lines) {
    const match = line.kind === 'text' ? /[a-z]\. ([a-z]{2,}(?: [a-z']+){5,})/.exec(line.prose) : null;
    const words = match?.[1]?.match(/[a-z']+/g) ?? [];
    const source = shingles.get(words.slice(0, 6).join(' '));
    if (match !== null && source !== undefined && source !== line.number) hits.push({ line: line.number, column: line.column + match.index + 3, message: 'half of a sentence was copied from elsewhere', expected: 'a sentence of its own', got: shorten(match[1] ?? '', 50), hint: 'write what is meant here', related: [{ line: source, column: 1, note: 'the same words' }] });
  }
  return hits;
}

const normal = (text: string): string => /`([^`]+)`/.exec(text)?.[1]?.replace(/\b\d{8,}-/, '').toLowerCase() ?? '';

function listedTwice({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const seen = new Map<string, Item>();
  const places: Place[] = [];
  for (const item of paper.items) {
    const key = /^`[^`]+`/.test(item.text) ? normal(item.text) : '';
    if (key.length < 10 || !/[./]/.test(key)) continue;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, item);
    else if (before.box !== null || /\b\d{8,}-/.test(item.text)) places.push({ line: item.line, column: item.column, note: `also in line ${before.line}` });
  }
  return gatherPlaces({ places, message: `${printCount(places.length, 'item')} listed twice`, expected: 'each once, or a word on what is done in each place', got: places[0]?.note ?? '', hint: 'say which of the two places it belongs to; each will think that the other did it' });
}

/** Two numbered steps that make a request for the same file. */
function sameStepTwice({ paper }: Subject): Hit[] {
  const seen = new Map<string, Item>();
  for (const item of paper.items) {
    if (item.number === null || item.parent !== null || !/\b(?:create|open|send)\b.*\b(?:pr|pull request)\b/i.test(item.text)) continue;
    const file = /\b([A-Z][A-Za-z]*\.(?:md|txt|toml|ya?ml|json))\b/.exec(item.text)?.[1];
    if (file === undefined) continue;
    const key = `${item.section.index} ${file}`;
    const before = seen.get(key);
    if (before !== undefined && before.number !== item.number) return [{ line: item.line, column: item.column, message: `two steps open a pull request for ${file}`, expected: 'one step, or a word on the difference', got: shorten(item.text, 50), hint: 'join them, or say what each of them changes', related: [{ line: before.line, column: before.column, note: shorten(before.text, 40) }] }];
    seen.set(key, item);
  }
  return [];
}

function noDate({ paper }: Subject): Hit[] {
  return paper.fields.filter((field) => /^(?:date|last updated|updated|as of|reviewed)$/i.test(field.key) && /\b(?:current session|today|now|recently|this week|latest|yesterday)\b/i.test(field.value)).map((field) => ({ line: field.line, column: field.column, message: 'the date is not a date', expected: 'YYYY-MM-DD', got: field.value.trim(), hint: 'write the day: nobody will know tomorrow when "now" was' }));
}

function sizeClaims({ paper }: Subject): Hit[] {
  const places = placesOf(paper, /\(?~\s?\d{2,}[\d,]*\+? (?:lines|pages|words)\)?|\b\d{3,}\+ lines\b/i);
  return gatherPlaces({ places, message: 'the size of a document is claimed instead of its content', expected: 'a link to the document', got: places[0]?.note ?? '', hint: 'link it: a size proves neither that it exists nor what it says' });
}

function consequenceInProse({ paper, actionable }: Subject): Hit[] {
  if (!actionable && paper.fences.length === 0) return [];
  const places = paper.lines.flatMap((line) => {
    const match = line.kind === 'text' ? vocabulary.consequence.exec(line.prose) : null;
    const inItem = match === null || paper.items.some((item) => item.line < line.number && item.end >= line.number && !line.quoted && line.indent > item.indent);
    if (match === null || inItem || (!line.quoted && !/\*\*|⚠|immutable|locked/iu.test(line.text))) return [];
    return [{ line: line.number, column: line.column + match.index, note: shorten(match[0], 40) }];
  });
  return gatherPlaces({ places, message: 'what cannot be taken back is told beside the step, not on it', expected: 'the warning on the step, with who confirms it', got: places[0]?.note ?? '', hint: 'put it on the step: notes are skipped by whoever has done this before' });
}

const oneLiners: { code: string; severity?: 'warning'; summary: string; why: string; fires: string; silent: string; pattern: RegExp; wanted?: (line: Line) => boolean; only?: (subject: Subject) => boolean; message: string; expected: string; hint: string }[] = [
  { code: 'steps-may-be-stale', summary: 'The text says that its own steps may be out of date.', why: 'Nobody has time to find out while they run.', fires: '# R\n\nIf that issue is complete, these steps are likely not necessary.\n', silent: '# R\n\nThese steps are necessary.\n', pattern: /\b(?:steps?|instructions?|process|section)\b[^.]{0,40}\b(?:likely not necessary|(?:are|is|be) out of date|no longer (?:needed|necessary|valid|applies)|obsolete|outdated)\b/i, message: 'the text says that its own steps may be out of date', expected: 'a condition that is checked, or no such steps', hint: 'check the condition and remove what does not hold' },
  { code: 'loop-as-step', summary: 'A step says to repeat the steps below it.', why: 'How often and until when is left to whoever is tired.', fires: '# R\n\n1. Repeat the below steps in batches of 4\n2. Drain\n', silent: '# R\n\n1. Do not repeat yourself\n', pattern: /\brepeat (?:the |these |all )?(?:below |above |following |previous |same )?(?:steps?|procedure|process)\b/i, wanted: (line) => line.kind === 'item', message: 'a loop is written as one step of a list', expected: 'the loop around its steps, with its end', hint: 'nest the repeated steps under it and say when it ends' },
  { code: 'decision-as-bullets', summary: 'A decision (if it is not ...) is written into a bullet.', why: 'The branch that matters is the one that is skimmed.', fires: '# R\n\n- Look at the count, it should be 0. If it is not 0\n  - look at the alerts\n', silent: '# R\n\n- Look at the count\n', pattern: /\bif (?:it is|it's|this is|they are|that is) not\b[^.]{0,20}$/i, wanted: (line) => line.kind === 'item', message: 'a decision is written as nested bullets', expected: 'both branches, each with its steps', hint: 'write what to do in each case, and who decides' },
  { code: 'owner-is-one-person', summary: 'The text names the current holder of a role in passing.', why: 'People leave; the sentence stays.', fires: '# R\n\nTell the coordinator (currently Mara) the time.\n', silent: '# R\n\nThe tool (currently 1.2) is fine.\n', pattern: /\(currently @?[A-Z][a-z]+\)/, message: 'a role is filled by one name in passing', expected: 'a role table with a stand-in', hint: 'keep names in one place that is looked after' },
  { code: 'human-gate-in-prose', summary: 'A stop that needs a person is written in bold, not as a gate.', why: 'Bold text does not stop anybody.', fires: '# R\n\n- Any other release: **STOP. GO FIND A MAINTAINER.**\n', silent: '# R\n\n- [HUMAN] A maintainer agrees\n', pattern: /\*\*(?:STOP\b[^*]*\b(?:find|ask|contact|wait for|approval)\b[^*]*|[^*]*\bGO FIND\b[^*]*)\*\*|\bTwo reviewers are required\b/i, message: 'a person has to agree here, and only bold letters say so', expected: '[HUMAN] with the role that may close it', hint: 'make it a step that only a named role can close' },
  { code: 'hours-contradict', summary: 'One sentence excludes work outside business hours, another one plans it.', why: 'At 2 a.m. both are quoted.', fires: '# R\n\nThe on-call content person works out of hours.\n\nThese will not be processed outside of business hours.\n', silent: '# R\n\nThese will not be processed outside of business hours.\n', pattern: /\bnot (?:be )?(?:\w+ )?(?:processed|handled|supported|done|available)\b[^.]{0,20}\boutside (?:of )?(?:business|office|working) hours\b/i, only: ({ paper }) => paper.lines.some((line) => /\bout[ -]of[ -](?:office )?hours\b|\bon-?call\b/i.test(line.prose)), message: 'work outside business hours is excluded here and planned elsewhere', expected: 'one rule for nights and weekends', hint: 'say which cases are done at night, and by whom' },
  { code: 'optional-step', summary: 'A step is optional or may be done elsewhere, and nobody is named who decides.', why: 'Each of two teams believes that the other does it.', fires: '# R\n\nThis step may alternatively be performed as part of a patch release.\n', silent: '# R\n\nThis step is performed by the release team.\n', pattern: /\bmay (?:alternatively )?(?:also )?be (?:performed|done|handled) (?:as part of|elsewhere|by (?:someone|another))|\bcould have been done as part of\b/i, message: 'who does this, and where, is left open', expected: 'one owner', hint: 'name who decides whether it is done here' },
];

function checklistWithoutBoxes({ paper }: Subject): Hit[] {
  if (paper.items.length < 3 || paper.items.some((item) => item.box !== null)) return [];
  const named = /check-?lists?\b/i.test(paper.path) || paper.paragraphs.some((paragraph) => /\bchecklist of things\b|\bthis checklist\b|\bsuggested checklist\b/i.test(paragraph.text));
  const list = paper.lines.find((line) => line.kind === 'text' && /\bchecklist\b/i.test(line.prose));
  if (!named || list === undefined || /\]\([^)]*checklist|scripts?\//i.test(list.raw)) return [];
  return [{ line: list.number, column: list.column, message: 'what is called a checklist has nothing to tick', expected: '- [ ] in front of each item', got: 'plain bullets', hint: 'make the items boxes: then a skipped one is seen' }];
}

function alternatives({ paper }: Subject): Hit[] {
  const places: Place[] = [];
  for (const item of paper.items) {
    const auto = item.children.find((child) => /^\*{0,2}Automat/i.test(child.text));
    const manual = item.children.find((child) => /^\*{0,2}Manual/i.test(child.text));
    if (auto !== undefined && manual !== undefined) places.push({ line: auto.line, column: auto.column, note: 'automated or manual' });
  }
  return gatherPlaces({ places, message: 'alternatives stand as if both were to be done', expected: 'a choice', got: 'automated and manual as siblings', hint: 'say which is the rule and when the other is taken' });
}

function conditionalBoxes({ paper }: Subject): Hit[] {
  const places = paper.items.filter((item) => item.box === 'open' && /^\*\*(?:[\w -]+ only|non-\w+|(?:RC\d*|FINAL|PATCH|MAJOR|MINOR|GA|BETA|ALPHA|LTS|STABLE|PROD\w*|STAGING|DEV)(?: [\w-]+)?):?\*\*/i.test(item.text)).map((item) => ({ line: item.line, column: item.column, note: shorten(item.text, 30) }));
  if (places.length < 3) return [];
  return gatherPlaces({ places, message: `${places.length} boxes hold only for some kinds of release`, expected: 'a list for each kind, or a mark for "does not apply"', got: places[0]?.note ?? '', hint: 'an open box here may mean undone or not applicable: let the difference be seen' });
}

function definedElsewhere({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  const places = placesOf({ ...paper, lines: paper.lines.map((line) => ({ ...line, prose: inPlainText(line) ? line.text : '' })) }, /\b(?:same as|identical to|mirror of|see|as in) \[?`?[\w./-]+\.md`?(?: §|\]|\.|$)/i).filter((place) => /same as|identical|mirror/i.test(place.note));
  if (places.length < 2) return [];
  return gatherPlaces({ places, message: 'the document cannot be followed without another one', expected: 'exit criteria, failure paths and rollback here, or by a link', got: `${places.length} times "same as" another file`, hint: 'link the sections, and say which version of them was meant' });
}

function markers({ paper }: Subject): Hit[] {
  const places = paper.comments.filter((comment) => /^\s*(?:BEGIN|END|START)[_ -]?\w+\s*$/.test(comment.text)).map((comment) => ({ line: comment.line, column: comment.column, note: shorten(comment.text, 30) }));
  return places.length < 2 ? [] : gatherPlaces({ places, message: 'comments mark a part that a script reads', expected: 'nothing: keep them', got: places[0]?.note ?? '', hint: 'whoever moves these comments changes what the script copies' });
}

function automatedWithSteps({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const section of paper.sections) {
    const kind = /^(\w+) process type$/i.exec(section.title)?.[1];
    const value = kind === undefined ? undefined : paper.lines.slice(section.line, section.end).find((line) => line.kind === 'text')?.text;
    if (kind === undefined || value === undefined || !/^fully ?automated$/i.test(value)) continue;
    const list = paper.paragraphs.find((paragraph) => new RegExp(`^${kind}:$`, 'i').test(paragraph.text));
    if (list !== undefined && paper.items.some((item) => item.line > list.end && item.line <= list.end + 2)) hits.push({ line: section.line + 2, column: 1, message: `${kind.toLowerCase()} is called fully automated and has steps for people`, expected: 'no steps, or "manual"', got: value, hint: 'say what people still do', related: [{ line: list.line, column: 1, note: 'steps' }] });
  }
  return hits;
}

function commandMissing({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) => /^commands?$/i.test(cell.text));
    if (column === -1) continue;
    const cells = table.rows.flatMap((row) => (row[column] === undefined ? [] : [row[column]]));
    const without = cells.filter((cell) => !/^`.+`$/.test(cell.text));
    if (cells.length < 4 || without.length === 0 || without.length * 3 > cells.length) continue;
    hits.push(...gatherPlaces({ places: without.map((cell) => ({ line: cell.line, column: cell.column, note: shorten(cell.text, 40) })), message: `${printCount(without.length, 'check')} without a command`, expected: 'a command, as in the other rows', got: shorten(without[0]?.text ?? '', 40), hint: 'give the command or the query; a dashboard is looked at by eye' }));
  }
  return hits;
}

function rowsMissing({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const [index, table] of paper.tables.entries()) {
    const names = table.rows.map((row) => row[0]?.text ?? '');
    if (names.length < 4 || /^\**(?:role|name|approver)/i.test(table.header[0]?.text ?? '')) continue;
    for (const other of paper.tables.slice(index + 1)) {
      if (other.header[0]?.text !== table.header[0]?.text) continue;
      const missing = names.filter((name) => !other.rows.some((row) => row[0]?.text === name));
      if (missing.length !== 1 || other.rows.length !== names.length - 1) continue;
      hits.push({ line: other.line, column: 1, message: `the row "${missing[0] ?? ''}" of the table above is gone here`, expected: `${names.length} rows`, got: `${other.rows.length} rows`, hint: 'add the row, or say why it is no longer compared', related: [{ line: table.line, column: 1, note: `${names.length} rows` }] });
    }
  }
  return hits;
}

/** What stands in the prose and should stand on a step. */
export const textRules: Rule[] = [
  { code: 'copied-half-sentence', severity: 'info', summary: 'Half of a sentence was copied into another one.', why: 'The instruction it replaced is lost.', fires: '# R\n\nStart by checking how many alerts are in flight right now\n\nCheck how many targets are not scraped. alerts are in flight right now, to do this:\n', silent: '# R\n\nStart by checking how many alerts are in flight right now.\n\nCheck targets.\n', check: copiedHalf },
  { code: 'item-listed-twice', severity: 'info', summary: 'One file is listed as an item twice.', why: 'Each of the two milestones believes that the other did it.', fires: '# R\n\n## A\n\n- [ ] `scripts/build/upload.sh`\n\n## B\n\n- [ ] `scripts/build/upload.sh`\n', silent: '# R\n\n## A\n\n- [ ] `scripts/build/upload.sh`\n\n## B\n\n- [ ] `scripts/build/tags.sh`\n', check: listedTwice },
  { code: 'same-step-twice', severity: 'info', summary: 'Two steps open a pull request for the same file.', why: 'Somebody does it twice, or waits for the other one.', fires: '# Release\n\n1. Create a PR to update CHANGELOG.md\n2. Open a pull request to update CHANGELOG.md\n', silent: '# Release\n\n1. Create a PR to update CHANGELOG.md\n2. Open a pull request to update README.md\n', check: sameStepTwice },
  { code: 'date-is-no-date', severity: 'warning', summary: 'A date field holds words such as "current session".', why: 'Evidence without a day is evidence of nothing.', fires: '# P\n\n**Last Updated**: Current Session\n', silent: '# P\n\n**Last Updated**: 2026-01-02\n', check: noDate },
  { code: 'size-claimed', severity: 'info', summary: 'A document is described by its size.', why: 'Nine hundred lines were claimed for a guide that was in no commit.', fires: '# P\n\n1. **GUIDE.md** (~900 lines)\n', silent: '# P\n\n1. [GUIDE.md](https://example.org/guide)\n', check: sizeClaims },
  { code: 'consequence-beside-step', severity: 'info', summary: 'What cannot be taken back is told in a note beside the step.', why: 'Whoever has done it before does not read the notes.', fires: '# Unpause runbook\n\n> NOTE: this will result in ALL pending changes being applied.\n\n```sh\noc patch mcp a\noc get mcp a\n```\n', silent: '# Unpause runbook\n\n1. Patch: this will result in all changes being applied.\n\n   ```sh\n   oc patch mcp a\n   oc get mcp a\n   ```\n', check: consequenceInProse },
  { code: 'checklist-without-boxes', severity: 'info', summary: 'What is called a checklist has nothing to tick.', why: 'Nobody sees what was skipped.', fires: '# On call\n\nHere is a suggested checklist of things to do:\n\n- a\n- b\n- c\n', silent: '# On call\n\nHere is a suggested checklist of things to do:\n\n- [ ] a\n- [ ] b\n- [ ] c\n', check: checklistWithoutBoxes },
  { code: 'alternatives-as-steps', severity: 'info', summary: 'An automated and a manual way stand side by side as if both were to be done.', why: 'Both are done, or half of each.', fires: '# R\n\n1. Release\n   * **Automated**: run it\n   * Manual: do it\n', silent: '# R\n\n1. Release\n   * **Automated**: run it\n', check: alternatives },
  { code: 'conditional-boxes', severity: 'info', summary: 'Boxes of one list hold only for some kinds of release.', why: 'An open box may mean undone or not applicable.', fires: '# R\n\n- [ ] **RC only:** a\n- [ ] **FINAL only:** b\n- [ ] **PATCH:** c\n', silent: '# R\n\n- [ ] **Backup** a\n- [ ] **Restore** b\n- [ ] **Check** c\n', check: conditionalBoxes },
  { code: 'defined-elsewhere', severity: 'info', summary: 'Exit criteria, failure paths or rollback are "same as" another file.', why: 'Two files are open at 2 a.m., and one of them has changed.', fires: '# Deploy runbook\n\n1. a\n2. b\n3. c\n\nSame as `gke.md`.\n\n- All else: identical to `gke.md`.\n', silent: '# Deploy runbook\n\n1. a\n2. b\n3. c\n\nSee also [gke.md](https://example.org/gke.md).\n', check: definedElsewhere },
  { code: 'machine-markers', severity: 'info', summary: 'Comments mark a part that a script reads.', why: 'Moving them changes what the script copies.', fires: '# R\n\n<!-- BEGIN_CHECKLIST -->\n\n- a\n\n<!-- END_CHECKLIST -->\n', silent: '# R\n\n<!-- begin here, please -->\n', check: markers },
  { code: 'automated-with-steps', severity: 'info', summary: 'Something is called fully automated and has steps for people.', why: 'Nobody is there when the steps are due.', fires: '# S\n\n## Release Process Type\n\nFullyAutomated\n\n## Details\n\nRelease:\n\n- a\n', silent: '# S\n\n## Release Process Type\n\nManual\n\n## Details\n\nRelease:\n\n- a\n', check: automatedWithSteps },
  { code: 'check-without-command', severity: 'info', summary: 'In a table of checks some rows have no command.', why: 'They are looked at by eye, or not at all.', fires: '# V\n\n| Check | Command |\n|---|---|\n| a | `x` |\n| b | `x` |\n| c | `x` |\n| d | Grafana |\n', silent: '# V\n\n| Check | Command |\n|---|---|\n| a | `x` |\n| b | `x` |\n| c | `x` |\n| d | `y` |\n', check: commandMissing },
  { code: 'row-gone', severity: 'info', summary: 'A table that compares with an earlier one lacks one of its rows.', why: 'The measure that got worse is the one that is no longer shown.', fires: '# K\n\n| KPI | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n| d | 1 |\n\n## After\n\n| KPI | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n', silent: '# K\n\n| KPI | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n| d | 1 |\n\n## After\n\n| Metric | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n', check: rowsMissing },
  ...oneLiners.map((liner): Rule => ({
    code: liner.code,
    severity: liner.severity ?? 'info',
    summary: liner.summary,
    why: liner.why,
    fires: liner.fires,
    silent: liner.silent,
    check: (subject) => {
      if (liner.only?.(subject) === false) return [];
      const places = placesOf(subject.paper, liner.pattern, liner.wanted ?? inPlainText);
      return gatherPlaces({ places, message: liner.message, expected: liner.expected, got: places[0]?.note ?? '', hint: liner.hint });
    },
  })),
];
