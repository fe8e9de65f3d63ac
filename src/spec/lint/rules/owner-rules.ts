import { shorten } from '../paper/line-marks.ts';
import type { Paper, Section } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printCount } from './gathered.ts';

const gone =
  /^(?:an(?:other)?-?)?(?:ex-|former|left\b|nobody|no ?one|none\b|n\/a|tbd|tba|unknown|unassigned|-$)|\bex-[a-z]+|\bformer\b/i;

function ownerGone({ paper }: Subject): Hit[] {
  return [...goneFields(paper), ...goneSections(paper), ...unassigned(paper)];
}

function goneFields(paper: Paper): Hit[] {
  const hits: Hit[] = [];
  for (const field of paper.fields)
    if (/^(?:owner\w*|maintainer|dri|assignees?|contact|approvers?)$/i.test(field.key) && gone.test(field.value.trim()))
      hits.push({
        line: field.line,
        column: field.column,
        message: 'the owner is nobody',
        expected: 'a person or team that answers today',
        got: field.value,
        hint: 'name somebody, or do not start',
      });
  return hits;
}

function goneSections(paper: Paper): Hit[] {
  const hits: Hit[] = [];
  for (const section of paper.sections) {
    if (!/^(?:owners?|owned by|supported by|known about by|maintainers?|contacts?|delivered by)$/i.test(section.title))
      continue;
    const body = paper.lines
      .slice(section.line, section.end)
      .filter((line) => line.kind === 'item' || line.kind === 'text');
    const lost = body.filter((line) => gone.test(line.text.trim()));
    const first = lost[0];
    if (first !== undefined && lost.length === body.length)
      hits.push({
        line: first.number,
        column: first.column,
        message: `"${section.title}" names only people who are gone`,
        expected: 'a person or team that answers today',
        got: shorten(lost.map((line) => line.text).join(', '), 50),
        hint: 'name somebody who answers at 2 a.m.',
      });
  }
  return hits;
}

/** A copied issue page says so under its label. */
function unassigned(paper: Paper): Hit[] {
  const label = paper.plain ? paper.lines.findIndex((line) => /^assignees$/i.test(line.text.trim())) : -1;
  const value =
    label === -1 ? undefined : paper.lines.slice(label + 1, label + 4).find((line) => line.text.trim() !== '');
  if (value === undefined || !/no one assigned/i.test(value.text)) return [];
  return [
    {
      line: value.number,
      column: value.column,
      message: 'nobody is assigned',
      expected: 'an owner',
      got: value.text.trim(),
      hint: 'assign somebody before the launch is planned',
    },
  ];
}

/** First word of a title: `Milestone 3` and `Milestone 4` are of one kind. */
function stemOf(section: Section): string {
  return /^[A-Za-z]+/.exec(section.title)?.[0] ?? '';
}

function ownerMissingInSiblings({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const owned = paper.fields.filter((field) => /^owner$/i.test(field.key) && !field.front && field.section.level >= 2);
  const parent = owned[0]?.section.parent;
  const kind = owned[0] === undefined ? '' : stemOf(owned[0].section);
  const siblings = paper.sections.filter(
    (section) =>
      section.parent === parent &&
      parent !== undefined &&
      stemOf(section) === kind &&
      kind !== '' &&
      !/\(done\)/i.test(section.title),
  );
  const without = siblings.filter((section) => !owned.some((field) => field.section === section));
  if (owned.length === 0 || without.length === 0 || siblings.length < 3) return [];
  return gatherPlaces({
    places: without.map((section) => ({
      line: section.line,
      column: section.column,
      note: shorten(section.title, 40),
    })),
    message: `${without.length} of ${siblings.length} sections of one kind name no owner`,
    expected: 'an owner in each, as in the first',
    got: printCount(without.length, 'section without an owner', 'sections without an owner'),
    hint: 'name an owner for each, or say that one owner holds for all',
  });
}

/** Owners who are nobody. */
export const ownerRules: Rule[] = [
  {
    code: 'owner-gone',
    severity: 'warning',
    summary: 'The owner is nobody, or somebody who left.',
    why: 'The page goes to a mailbox that nobody reads.',
    fires: '# S\n\n## Owner\n\n- ex-team-member\n',
    silent: '# S\n\n## Owner\n\n- platform team\n',
    check: ownerGone,
  },
  {
    code: 'owner-missing-in-siblings',
    severity: 'info',
    summary: 'Some sections of one kind name an owner and others do not.',
    why: 'The ones without are done last, or never.',
    fires: '# P\n\n## Milestone 1\n\nOwner: Ann\n\n## Milestone 2\n\nx\n\n## Milestone 3\n\ny\n',
    silent: '# P\n\n## Milestone 1\n\nOwner: Ann\n\n## Milestone 2\n\nOwner: Bob\n\n## Milestone 3\n\nOwner: Cy\n',
    check: ownerMissingInSiblings,
  },
];
