import { blankCode } from '../paper/line-marks.ts';
import type { Field, Item, Paper, Section } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { vocabulary } from '../understand/vocabulary.ts';
import { gatherPlaces, printCount } from './gathered.ts';

const doneMark = /[✅☑✔]|\[[xX]\]/u;
const evidence =
  /https?:\/\/|\]\(|`[^`]+`|#\d+|\b[0-9a-f]{7,40}\b|\b20\d\d-\d\d-\d\d\b|\b\w+\.(?:json|xml|log|txt|html|pdf|png|csv)\b|\b(?:report|run|evidence|ticket|PR)[ :#]/i;
const doneHeading = /(?:[✅☑✔]|\((?:done|complete[d]?|already done|finished)\)|\b(?:COMPLETE|DONE)\b!?)\s*$/u;

/** Boxes that are work: not in a choice, not a quoted precondition, not under "Nice to have". */
export function openWork(paper: Paper): Item[] {
  return paper.items.filter((item) => item.box === 'open' && !item.choice && !item.quoted && !isOptional(item));
}

function isOptional(item: Item): boolean {
  for (let section: Section | null = item.section; section !== null; section = section.parent)
    if (vocabulary.optional.test(section.title)) return true;
  for (let parent: Item | null = item; parent !== null; parent = parent.parent)
    if (/\b(?:nice[ -]to[ -]have|optional|if applicable)\b/i.test(parent.text)) return true;
  return false;
}

function ticksWithoutEvidence(subject: Subject): Hit[] {
  if (subject.template) return [];
  const bare: { line: number; column: number; note: string }[] = [];
  for (const item of subject.paper.items) {
    const claims =
      item.box === 'ticked' ||
      (/^[✅☑✔]/u.test(item.text) && !/^[✅☑✔]\s*(?:Do|Use|Always)\b/u.test(item.text) && !isExpected(item));
    if (!claims || item.choice || item.children.some((child) => evidence.test(child.text) || child.box === 'ticked'))
      continue;
    if (!evidence.test(item.text))
      bare.push({ line: item.line, column: item.column, note: 'no link, file, date or id' });
  }
  return gatherPlaces({
    places: bare,
    message: `${printCount(bare.length, 'ticked line')} without evidence`,
    expected: 'a link, file, commit, run or date beside each tick',
    got: 'only the tick',
    hint: 'a tick is a claim: say where its proof is, or let a check prove it',
  });
}

/** Under "Success criteria" a check mark says what is wanted. */
function isExpected(item: Item): boolean {
  const title = `${item.parent?.text ?? ''} ${item.section.title}`;
  return /\b(?:success criteria|criteria|goals?|expected|do's|dos|best practices|anti-patterns)\b/i.test(title);
}

function tickOverOpen(subject: Subject): Hit[] {
  const { paper } = subject;
  const open = subject.template ? [] : openWork(paper);
  if (open.length === 0) return [];
  const hits: Hit[] = [];
  for (const section of paper.sections) {
    if (section.level === 0 || !doneHeading.test(section.title)) continue;
    const inside = open.filter((item) => item.line > section.line && item.line <= section.end);
    const own = inside.filter((item) => ownSection(item.section, section));
    if (own.length === 0) continue;
    hits.push({
      line: section.line,
      column: section.column,
      message: `the heading says done over ${printCount(own.length, 'open box', 'open boxes')}`,
      expected: 'no open box below a heading that says done',
      got: printCount(own.length, 'open box', 'open boxes'),
      hint: 'untick the heading, or close what is below it with evidence',
      related: own.slice(0, 20).map((item) => ({ line: item.line, column: item.column, note: 'open' })),
    });
  }
  return hits;
}

function ownSection(section: Section, wanted: Section): boolean {
  for (let at: Section | null = section; at !== null; at = at.parent)
    if (at === wanted) return wanted.level > 1 || section === wanted;
  return false;
}

function headingSaysDone({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const hits: Hit[] = [];
  for (const section of paper.sections) {
    if (!/\((?:already )?(?:done|completed?|finished)\)\s*$/i.test(section.title)) continue;
    const items = paper.items.filter((item) => item.section === section);
    if (
      items.length === 0 ||
      items.some((item) => item.box !== null || evidence.test(item.text.replace(/`[^`]*`/g, '')))
    )
      continue;
    hits.push({
      line: section.line,
      column: section.column,
      message: 'the heading says done and nothing below it shows that',
      expected: 'ticks with evidence under the heading',
      got: printCount(items.length, 'item without a tick', 'items without a tick'),
      hint: 'tick what was verified and link the proof',
    });
  }
  return hits;
}

function doneWithOpen(subject: Subject): Hit[] {
  const { paper, template } = subject;
  const status = paper.fields.find(
    (field) =>
      /^(?:\w+ ){0,2}status$/i.test(field.key.replace(/\s*\(.*\)/, '')) &&
      (field.front || field.section.index <= 3 || field.section.end >= paper.lines.length - 3) &&
      vocabulary.done.test(field.value.replace(/^[*\s]+/, '')),
  );
  if (status === undefined) return [];
  const open = openWork(paper);
  if (open.length === 0) return doneInWordsOnly(paper, status);
  const boxes = printCount(open.length, 'open box', 'open boxes');
  return [
    {
      line: status.line,
      column: status.column,
      severity: template ? 'warning' : 'blocking',
      message: `the status says "${status.value.replace(/\*/g, '').slice(0, 40)}" over ${boxes}`,
      expected: 'no open box, or another status',
      got: boxes,
      hint: 'close each box with evidence, defer it with follow-up, owner and risk, or set the status back',
      related: open.slice(0, 20).map((item) => ({ line: item.line, column: item.column, note: 'open' })),
    },
  ];
}

const leftOpen =
  /\b(?:left (?:unticked|unchecked|open)|(?:are|is|remains?) (?:still )?(?:unticked|unchecked)|not (?:yet )?(?:verified|configured|executed|rehearsed) in this (?:pr|plan))\b/i;

/** Done over no box at all: the text may still say that criteria were left open, or the form may be empty. */
function doneInWordsOnly(paper: Paper, { line, column }: Field): Hit[] {
  const left = paper.lines.find((entry) => entry.prose !== '' && leftOpen.test(entry.prose));
  if (left !== undefined) {
    const at = leftOpen.exec(left.prose)?.index ?? 0;
    return [
      {
        line,
        column,
        message: 'the status says done and the text says that criteria were left open',
        expected: 'no criterion left open, or another status',
        got: left.text.slice(at, at + 30).trim(),
        hint: 'close or defer what was left open before the status says done',
        related: [{ line: left.number, column: left.column + at, note: 'left open' }],
      },
    ];
  }
  const blanks = paper.lines.filter((entry) => /_{5,}|□/.test(entry.raw) && entry.kind !== 'table');
  if (blanks.length < 5) return [];
  return [
    {
      line,
      column,
      severity: 'info',
      message: 'the status says done over a form that nobody has filled',
      expected: 'a status of the form (draft, approved), or the form filled',
      got: printCount(blanks.length, 'blank line or empty box', 'blank lines and empty boxes'),
      hint: 'say what is complete: the form, or the launch',
    },
  ];
}

function bothMarked({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  const legends: { line: number; column: number; note: string }[] = [];
  for (const line of paper.lines) {
    const raw = blankCode(line.raw);
    if (line.kind === 'code' || line.prose === '' || !/[☐□⬜]|\[ \]/u.test(raw)) continue;
    if (!doneMark.test(raw)) continue;
    const choice = /[☐□☑✅✔⬜]\s*[\w -]+\s*\/\s*[☐□☑✅✔⬜]/u.test(line.text);
    if (choice) legends.push({ line: line.number, column: line.column, note: 'every choice shown, one pre-ticked' });
    else
      hits.push({
        line: line.number,
        column: line.column,
        message: 'the line carries a done mark and an open box',
        expected: 'one or the other',
        got: 'both',
        hint: 'decide which of the two holds',
      });
  }
  const shown = gatherPlaces({
    places: legends,
    message: `${printCount(legends.length, 'line')} offer all choices with one already ticked: a legend, not a state`,
    expected: 'choices that start unticked',
    got: 'the last choice ticked',
    hint: 'untick the legend, or whoever fills it in will leave it as it is',
  });
  return [...hits, ...shown.map((hit): Hit => ({ ...hit, severity: 'info' }))];
}

/** Ticks, boxes and words that say done. */
export const tickRules: Rule[] = [
  {
    code: 'claim-without-evidence',
    severity: 'info',
    summary: 'Lines are ticked and nothing beside them says where the proof is.',
    why: 'A tick says what its author believed; nobody can check it on the day.',
    fires: '# Launch\n\n- [x] Restore drill done\n- [x] Load test passed\n',
    silent: '# Launch\n\n- [x] Restore drill done, [report](https://example.org/r/1)\n- [ ] Load test\n',
    check: ticksWithoutEvidence,
  },
  {
    code: 'tick-over-open',
    severity: 'warning',
    summary: 'A heading says done and boxes below it are open.',
    why: 'Whoever skims the headings believes that the work is finished.',
    fires: '# Launch\n\n## Pre-launch checklist ✅\n\n- [ ] Replication\n',
    silent:
      '# Launch\n\n## Pre-launch checklist ✅\n\n- [x] Replication, run 1234567\n\n## Nice to have ✅\n\n- [ ] Banner\n',
    check: tickOverOpen,
  },
  {
    code: 'heading-says-done',
    severity: 'warning',
    summary: 'A heading says "(done)" and no line below it shows that anything was.',
    why: 'The rollback tag of that milestone may never have been made.',
    fires: '# Plan\n\n## Milestone 0 (done)\n\n- Create the snapshot tag\n- Merge the baseline\n',
    silent: '# Plan\n\n## Milestone 0 (done)\n\n- [x] Create the snapshot tag, https://example.org/t/1\n',
    check: headingSaysDone,
  },
  {
    code: 'done-with-open-criteria',
    severity: 'warning',
    summary: 'The status says done while criteria are open; what stands under "Nice to have" does not count.',
    why: 'A plan that is closed is not looked at again, and its open rehearsal never happens.',
    fires: '---\nstatus: done\n---\n# Plan\n\n## Validation\n\n- [ ] Rollback rehearsed\n',
    silent: '---\nstatus: done\n---\n# Plan\n\n## Nice to have\n\n- [ ] A banner\n\n<!-- - [ ] not work -->\n',
    check: doneWithOpen,
  },
  {
    code: 'both-marked',
    severity: 'warning',
    summary: 'A line carries a done mark and an open box; lines that show every choice are reported once, as a legend.',
    why: 'Nobody can tell whether it was done.',
    fires: '# L\n\n- [ ] ✅ Backups verified\n',
    silent: '# L\n\n- [ ] Backups verified\n- [x] ✅ Restore drill\n',
    check: bothMarked,
  },
];
