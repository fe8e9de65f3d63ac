import { shorten } from '../paper/line-marks.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { vocabulary } from '../understand/vocabulary.ts';
import { isOptionsHeading, readOptionText } from '../../option-text.ts';
import { gatherPlaces } from './gathered.ts';
import { inPlainText, type NotedPlace, placesOf } from './places.ts';

function consequenceInProse({ paper, actionable }: Subject): Hit[] {
  if (!actionable && paper.fences.length === 0) return [];
  const places = paper.lines.flatMap((line) => {
    const match =
      line.kind === 'text' && !/^\*\*(?:point of no return|stop if)/i.test(line.text)
        ? vocabulary.consequence.exec(line.prose)
        : null;
    const inItem =
      match === null ||
      paper.items.some(
        (item) => item.line < line.number && item.end >= line.number && !line.quoted && line.indent > item.indent,
      );
    if (match === null || inItem || (!line.quoted && !/\*\*|⚠|immutable|locked/iu.test(line.text))) return [];
    return [{ line: line.number, column: line.column + match.index, note: shorten(match[0], 40) }];
  });
  return gatherPlaces({
    places,
    message: 'what cannot be taken back is told beside the step, not on it',
    expected: 'the warning on the step, with who confirms it',
    got: places[0]?.note ?? '',
    hint: 'put it on the step: notes are skipped by whoever has done this before',
  });
}

function checklistWithoutBoxes({ paper }: Subject): Hit[] {
  if (paper.items.length < 3 || paper.items.some((item) => item.box !== null)) return [];
  const named =
    /check-?lists?\b/i.test(paper.path) ||
    paper.paragraphs.some((paragraph) =>
      /\bchecklist of things\b|\bthis checklist\b|\bsuggested checklist\b/i.test(paragraph.text),
    );
  const list = paper.lines.find((line) => line.kind === 'text' && /\bchecklist\b/i.test(line.prose));
  if (!named || list === undefined || /\]\([^)]*checklist|scripts?\//i.test(list.raw)) return [];
  return [
    {
      line: list.number,
      column: list.column,
      message: 'what is called a checklist has nothing to tick',
      expected: '- [ ] in front of each item',
      got: 'plain bullets',
      hint: 'make the items boxes: then a skipped one is seen',
    },
  ];
}

function alternatives({ paper }: Subject): Hit[] {
  const places: NotedPlace[] = [];
  for (const item of paper.items) {
    const auto = item.children.find((child) => /^\*{0,2}Automat/i.test(child.text));
    const manual = item.children.find((child) => /^\*{0,2}Manual/i.test(child.text));
    if (auto !== undefined && manual !== undefined)
      places.push({ line: auto.line, column: auto.column, note: 'automated or manual' });
  }
  return gatherPlaces({
    places,
    message: 'alternatives stand as if both were to be done',
    expected: 'a choice',
    got: 'automated and manual as siblings',
    hint: 'say which is the rule and when the other is taken',
  });
}

function conditionalBoxes({ paper }: Subject): Hit[] {
  const places = paper.items
    .filter(
      (item) =>
        item.box === 'open' &&
        /^\*\*(?:[\w -]+ only|non-\w+|(?:RC\d*|FINAL|PATCH|MAJOR|MINOR|GA|BETA|ALPHA|LTS|STABLE|PROD\w*|STAGING|DEV)(?: [\w-]+)?):?\*\*/i.test(
          item.text,
        ),
    )
    .map((item) => ({ line: item.line, column: item.column, note: shorten(item.text, 30) }));
  if (places.length < 3) return [];
  return gatherPlaces({
    places,
    message: `${places.length} boxes hold only for some kinds of release`,
    expected: 'a list for each kind, or a mark for "does not apply"',
    got: places[0]?.note ?? '',
    hint: 'an open box here may mean undone or not applicable: let the difference be seen',
  });
}

function definedElsewhere({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  const places = placesOf(
    { ...paper, lines: paper.lines.map((line) => ({ ...line, prose: inPlainText(line) ? line.text : '' })) },
    /\b(?:same as|identical to|mirror of|see|as in) \[?`?[\w./-]+\.md`?(?: §|\]|\.|$)/i,
  ).filter((place) => /same as|identical|mirror/i.test(place.note));
  if (places.length < 2) return [];
  return gatherPlaces({
    places,
    message: 'the document cannot be followed without another one',
    expected: 'exit criteria, failure paths and rollback here, or by a link',
    got: `${places.length} times "same as" another file`,
    hint: 'link the sections, and say which version of them was meant',
  });
}

function markers({ paper }: Subject): Hit[] {
  const places = paper.comments
    .filter((comment) => /^\s*(?:BEGIN|END|START)[_ -]?\w+\s*$/.test(comment.text))
    .map((comment) => ({ line: comment.line, column: comment.column, note: shorten(comment.text, 30) }));
  return places.length < 2
    ? []
    : gatherPlaces({
        places,
        message: 'comments mark a part that a script reads',
        expected: 'nothing: keep them',
        got: places[0]?.note ?? '',
        hint: 'whoever moves these comments changes what the script copies',
      });
}

/** A list of two or more lettered options wants exactly one that is recommended: only then are the others rejected. */
function undecidedOptions({ paper }: Subject): Hit[] {
  return paper.sections
    .filter(({ title }) => isOptionsHeading(title))
    .flatMap((section) => {
      const items = paper.items.filter((item) => item.section === section && item.parent === null);
      const options = items.flatMap((item) => readOptionText(item.text) ?? []);
      const chosen = options.filter(({ recommended }) => recommended).map(({ letter }) => letter);
      if (options.length < 2 || chosen.length === 1) return [];
      return [
        {
          line: section.line,
          column: section.column,
          message: `${options.length} options, and it is not told which one is taken`,
          expected: 'exactly one option marked **Recommended**',
          got: chosen.length === 0 ? 'none' : `${chosen.length}: ${chosen.join(', ')}`,
          hint: 'mark the one that is taken; the others are kept as rejected',
        },
      ];
    });
}

/** Lists that hide a choice or another document. */
export const choiceRules: Rule[] = [
  {
    code: 'options-undecided',
    severity: 'warning',
    summary: 'A list of options does not say which one is taken.',
    why: 'Whoever carries the plan out takes another one.',
    fires: '# Move the orders\n\n## Options\n\n- A - at night, in one piece\n- B - bit by bit\n',
    silent: '# Move the orders\n\n## Options\n\n- A - at night, in one piece\n- B - **Recommended:** bit by bit\n',
    check: undecidedOptions,
  },
  {
    code: 'consequence-beside-step',
    severity: 'info',
    summary: 'What cannot be taken back is told in a note beside the step.',
    why: 'Whoever has done it before does not read the notes.',
    fires:
      '# Unpause runbook\n\n> NOTE: this will result in ALL pending changes being applied.\n\n```sh\noc patch mcp a\noc get mcp a\n```\n',
    silent:
      '# Unpause runbook\n\n1. Patch: this will result in all changes being applied.\n\n   ```sh\n   oc patch mcp a\n   oc get mcp a\n   ```\n',
    check: consequenceInProse,
  },
  {
    code: 'checklist-without-boxes',
    severity: 'info',
    summary: 'What is called a checklist has nothing to tick.',
    why: 'Nobody sees what was skipped.',
    fires: '# On call\n\nHere is a suggested checklist of things to do:\n\n- a\n- b\n- c\n',
    silent: '# On call\n\nHere is a suggested checklist of things to do:\n\n- [ ] a\n- [ ] b\n- [ ] c\n',
    check: checklistWithoutBoxes,
  },
  {
    code: 'alternatives-as-steps',
    severity: 'info',
    summary: 'An automated and a manual way stand side by side as if both were to be done.',
    why: 'Both are done, or half of each.',
    fires: '# R\n\n1. Release\n   * **Automated**: run it\n   * Manual: do it\n',
    silent: '# R\n\n1. Release\n   * **Automated**: run it\n',
    check: alternatives,
  },
  {
    code: 'conditional-boxes',
    severity: 'info',
    summary: 'Boxes of one list hold only for some kinds of release.',
    why: 'An open box may mean undone or not applicable.',
    fires: '# R\n\n- [ ] **RC only:** a\n- [ ] **FINAL only:** b\n- [ ] **PATCH:** c\n',
    silent: '# R\n\n- [ ] **Backup** a\n- [ ] **Restore** b\n- [ ] **Check** c\n',
    check: conditionalBoxes,
  },
  {
    code: 'defined-elsewhere',
    severity: 'info',
    summary: 'Exit criteria, failure paths or rollback are "same as" another file.',
    why: 'Two files are open at 2 a.m., and one of them has changed.',
    fires: '# Deploy runbook\n\n1. a\n2. b\n3. c\n\nSame as `gke.md`.\n\n- All else: identical to `gke.md`.\n',
    silent: '# Deploy runbook\n\n1. a\n2. b\n3. c\n\nSee also [gke.md](https://example.org/gke.md).\n',
    check: definedElsewhere,
  },
  {
    code: 'machine-markers',
    severity: 'info',
    summary: 'Comments mark a part that a script reads.',
    why: 'Moving them changes what the script copies.',
    fires: '# R\n\n<!-- BEGIN_CHECKLIST -->\n\n- a\n\n<!-- END_CHECKLIST -->\n',
    silent: '# R\n\n<!-- begin here, please -->\n',
    check: markers,
  },
];
