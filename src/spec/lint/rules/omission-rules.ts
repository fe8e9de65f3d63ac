import { shorten } from '../paper/line-marks.ts';
import type { Paper, Section } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import { noteRoles } from '../understand/note-order.ts';
import type { Subject } from '../understand/subject.ts';
import { isUnfilled, vocabulary } from '../understand/vocabulary.ts';
import { gatherPlaces, printCount, printWords } from './gathered.ts';

const says = (paper: Paper, pattern: RegExp): boolean => paper.lines.some((line) => line.kind !== 'front' && line.kind !== 'comment' && line.raw !== '' && pattern.test(line.raw));
const top = (paper: Paper): { line: number; column: number } => {
  const section = paper.sections.find((entry) => entry.level > 0);
  return { line: section?.line ?? 1, column: section?.column ?? 1 };
};

function noOwner(subject: Subject): Hit[] {
  const { paper, actionable } = subject;
  if (!actionable || noteRoles(paper).length > 0 || says(paper, /^\s*\/assign|\[HUMAN\]|\b(?:lead|commander|coordinator|manager|on-call engineer|owner):/i)) return [];
  if (paper.fields.some((field) => /owner|maintainer|assignee|contact/i.test(field.key) && !isUnfilled(field.value))) return [];
  return [{ ...top(paper), message: 'nobody is named who does this or answers for it', expected: 'an owner, or a role for each step', got: 'none', hint: 'name an owner in the front matter, and a role where another person acts' }];
}

function noRollback({ paper, actionable, irreversible }: Subject): Hit[] {
  if (!actionable || says(paper, vocabulary.undo)) return [];
  const related = irreversible.slice(0, 10).map((action) => ({ line: action.line, column: action.column, note: action.what }));
  const place = related[0] ?? top(paper);
  return [{ line: place.line, column: place.column, severity: related.length > 0 ? 'warning' : 'info', message: 'no way back is told', expected: 'what to do when a step goes wrong, or that it cannot be undone', got: related.length > 0 ? `${printCount(related.length, 'irreversible action')} and no rollback` : 'no rollback, revert or withdrawal', hint: 'write the undo beside each step, and for what is published how it is withdrawn', related }];
}

function noStop({ paper, actionable }: Subject): Hit[] {
  if (!actionable || says(paper, vocabulary.stop)) return [];
  return [{ ...top(paper), message: 'nothing says when to stop', expected: 'a stop condition', got: 'none', hint: 'say which observation ends the attempt, who decides that, and how fast' }];
}

function noPointOfNoReturn({ paper, actionable, irreversible }: Subject): Hit[] {
  if (!actionable || irreversible.length === 0) return [];
  const named = paper.lines.find((line) => line.prose !== '' && vocabulary.noReturn.test(line.prose));
  const first = irreversible[0];
  if (first === undefined) return [];
  if (named === undefined) return [{ line: first.line, column: first.column, severity: 'info', message: 'the point of no return is not named', expected: `a mark on "${shorten(first.what, 30)}" or on the step that it is`, got: 'none', hint: 'say from which step on there is no simple way back, and who is told when it is crossed' }];
  if (named.kind === 'item' || named.quoted) return [];
  return [{ line: named.number, column: named.column, severity: 'info', message: 'the point of no return is told in prose, not on the step that it is', expected: 'a mark on the step itself', got: shorten(named.text, 50), hint: `mark the step ("${shorten(first.what, 30)}"), so that nobody passes it unread`, related: [{ line: first.line, column: first.column, note: first.what }] }];
}

function irreversibleNotMarked({ paper, irreversible }: Subject): Hit[] {
  const places = irreversible
    .filter((action) => action.kind === 'destroys')
    .filter((action) => {
      const section = paper.lines[action.line - 1]?.section;
      const around = paper.lines.slice(Math.max(0, action.line - 5), action.line + 3).filter((line) => line.section === section);
      return !around.some((line) => /⚠|❗|\b(?:warning|caution|danger|irreversible|cannot be undone|permanent|destructive|point of no return)\b/i.test(line.raw));
    })
    .map((action) => ({ line: action.line, column: action.column, note: action.what }));
  return gatherPlaces({ places, message: `${printCount(places.length, 'destructive action')} not marked as irreversible`, expected: 'a warning beside the step', got: printWords([...new Set(places.map((place) => place.note))].slice(0, 4)), hint: 'mark the step `reversible=no` or with a warning, and have somebody confirm it' });
}

const effect = /\b(?:remove|roll-?back|rollback|restore|undo|revert|failback|mitigation|release day|unpause|disable|publish)\b/i;

/** Sections that change something and never look whether it worked. */
function effectNotVerified({ paper, actionable, commands }: Subject): Hit[] {
  if (!actionable && paper.frontMatter === null && commands.length === 0) return [];
  const places = paper.sections.filter((section) => {
    if (section.level === 0 || !effect.test(section.title) || !isLeaf(paper, section)) return false;
    const body = paper.lines.slice(section.line, section.end).filter((line) => line.kind !== 'comment');
    const runs = commands.some((command) => command.line > section.line && command.line <= section.end);
    const acts = runs || body.some((line) => (line.kind === 'item' && /^(?:\*\*)?[A-Z]/.test(line.text)) || /\bpress the\b|\bnavigate to\b/i.test(line.prose));
    const dummy = /^step \d/i.test(body.find((line) => line.kind === 'item')?.text ?? '');
    return acts && !dummy && body.length >= 3 && !body.some((line) => vocabulary.verify.test(line.raw));
  });
  const found = gatherPlaces({ places: places.map((section) => ({ line: section.line, column: section.column, note: shorten(section.title, 40) })), message: 'nothing checks that this worked', expected: 'a last step that looks at the result', got: shorten(places[0]?.title ?? '', 50), hint: 'say what is looked at afterwards, and what it must show' });
  const restore = actionable && /\brestor/i.test(paper.title) && !says(paper, /\b(?:verif\w+|compar\w+|checksums?|row counts?|reconcil\w*|spot[- ]check|smoke|integrity)\b/i);
  return restore ? [...found, { ...top(paper), message: 'nothing checks that the restored data is right', expected: 'a comparison with what was backed up', got: 'a restore without a look at the data', hint: 'count, compare or read back: a restore that finished is not a restore that worked' }] : found;
}

function isLeaf(paper: Paper, section: Section): boolean {
  return paper.sections[section.index + 1]?.parent !== section;
}

function lastStepNotVerified({ paper, actionable, steps }: Subject): Hit[] {
  if (!actionable) return [];
  const risky = steps.filter((item) => /\b(?:initiate (?:the )?rollback|publish (?:the )?`?release|click the `?publish|start the (?:rollback|release))/i.test(item.text.replace(/\[[^\]]*\]\([^)]*\)/g, '').replace(/`/g, '')));
  return risky.flatMap((item): Hit[] => {
    const section = item.section;
    const around = steps.filter((other) => other.section === section && Math.abs(steps.indexOf(other) - steps.indexOf(item)) <= 2);
    const after = paper.lines.slice(item.line - 1, section.end);
    const checked = /publish/i.test(item.text) ? around.filter((other) => other.line <= item.line).some((other) => vocabulary.verify.test(other.text)) : after.slice(item.end - item.line + 1).some((line) => vocabulary.verify.test(line.raw));
    return checked ? [] : [{ line: item.line, column: item.column, message: 'nothing is verified around the step that cannot be taken back', expected: /publish/i.test(item.text) ? 'a look at what will be published, before it is' : 'a check that it worked, and an end state', got: shorten(item.text, 50), hint: 'add the check and what it must show' }];
  });
}

function destroyWithoutBackup({ paper, irreversible }: Subject): Hit[] {
  const drops = irreversible.filter((action) => action.kind === 'destroys' && /^(?:drop(?! owned| user)|truncate|delete from|dropdb|reset)/i.test(action.what) && !/\bDROP\s+(?:USER|ROLE|OWNED|INDEX|VIEW)\b/i.test(paper.lines[action.line - 1]?.raw ?? ''));
  if (drops.length === 0 || says(paper, vocabulary.backup)) return [];
  return gatherPlaces({ places: drops.map((action) => ({ line: action.line, column: action.column, note: action.what })), message: 'data is dropped and no backup is taken', expected: 'a backup, with proof that it restores, before the first drop', got: printWords([...new Set(drops.map((action) => action.what))]), hint: 'back up first; a rollback that drops tables loses what was written since' });
}

function downtimeNotAnnounced({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  const line = paper.lines.find((entry) => entry.prose !== '' && entry.kind !== 'front' && vocabulary.downtime.test(entry.prose) && /\b(?:incur|cause|expect|downtime|outage|take\w* .*offline)\b/i.test(entry.prose) && !/\b(?:no|zero|without|minimi[sz]e|avoid)[ -](?:\w+ )?(?:downtime|outage)/i.test(entry.prose));
  if (line === undefined || says(paper, vocabulary.announce)) return [];
  return [{ line: line.number, column: line.column, message: 'there will be downtime, and nobody is told or asked', expected: 'who is told when, and who agreed', got: shorten(line.text, 50), hint: 'add the announcement and the approval as steps' }];
}

const gone = /^(?:an(?:other)?-?)?(?:ex-|former|left\b|nobody|no ?one|none\b|n\/a|tbd|tba|unknown|unassigned|-$)|\bex-[a-z]+|\bformer\b/i;

function ownerGone({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const field of paper.fields) if (/^(?:owner\w*|maintainer|dri|assignees?|contact|approvers?)$/i.test(field.key) && gone.test(field.value.trim())) hits.push({ line: field.line, column: field.column, message: 'the owner is nobody', expected: 'a person or team that answers today', got: field.value, hint: 'name somebody, or do not start' });
  for (const section of paper.sections) {
    if (!/^(?:owners?|owned by|supported by|known about by|maintainers?|contacts?|delivered by)$/i.test(section.title)) continue;
    const body = paper.lines.slice(section.line, section.end).filter((line) => line.kind === 'item' || line.kind === 'text');
    const lost = body.filter((line) => gone.test(line.text.trim()));
    const first = lost[0];
    if (first !== undefined && lost.length === body.length) hits.push({ line: first.number, column: first.column, message: `"${section.title}" names only people who are gone`, expected: 'a person or team that answers today', got: shorten(lost.map((line) => line.text).join(', '), 50), hint: 'name somebody who answers at 2 a.m.' });
  }
  const assignees = paper.lines.findIndex((line) => /^assignees$/i.test(line.text.trim()));
  const value = paper.lines.slice(assignees + 1, assignees + 4).find((line) => line.text.trim() !== '');
  if (paper.plain && assignees !== -1 && value !== undefined && /no one assigned/i.test(value.text)) hits.push({ line: value.number, column: value.column, message: 'nobody is assigned', expected: 'an owner', got: value.text.trim(), hint: 'assign somebody before the launch is planned' });
  return hits;
}

function ownerMissingInSiblings({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const owned = paper.fields.filter((field) => /^owner$/i.test(field.key) && !field.front && field.section.level >= 2);
  const parent = owned[0]?.section.parent;
  const stemOf = (section: Section): string => /^[A-Za-z]+/.exec(section.title)?.[0] ?? '';
  const kind = owned[0] === undefined ? '' : stemOf(owned[0].section);
  const siblings = paper.sections.filter((section) => section.parent === parent && parent !== undefined && stemOf(section) === kind && kind !== '' && !/\(done\)/i.test(section.title));
  const without = siblings.filter((section) => !owned.some((field) => field.section === section));
  if (owned.length === 0 || without.length === 0 || siblings.length < 3) return [];
  return gatherPlaces({ places: without.map((section) => ({ line: section.line, column: section.column, note: shorten(section.title, 40) })), message: `${without.length} of ${siblings.length} sections of one kind name no owner`, expected: 'an owner in each, as in the first', got: printCount(without.length, 'section without an owner', 'sections without an owner'), hint: 'name an owner for each, or say that one owner holds for all' });
}

/** What a reader would need and does not find. */
export const omissionRules: Rule[] = [
  { code: 'no-owner', severity: 'info', summary: 'A runbook names nobody.', why: 'Everybody waits for somebody else.', fires: '# Deploy runbook\n\n1. a\n2. b\n3. c\n', silent: '# Deploy runbook\n\n**Owner:** Ops\n\n1. a\n2. b\n3. c\n', check: noOwner },
  { code: 'no-rollback', severity: 'info', summary: 'A runbook tells no way back; a warning where it publishes or destroys something.', why: 'The way back is invented at the worst moment.', fires: '# Release runbook\n\n1. Build\n2. Push tag\n3. Announce\n', silent: '# Release runbook\n\n1. Build\n2. Push tag\n3. To roll back, withdraw the package\n', check: noRollback },
  { code: 'no-stop-condition', severity: 'info', summary: 'A runbook never says when to stop.', why: 'Nobody stops early enough without having agreed on when.', fires: '# Deploy runbook\n\n1. a\n2. b\n3. c\n', silent: '# Deploy runbook\n\n1. a\n2. Abort if the error rate rises\n3. c\n', check: noStop },
  { code: 'no-point-of-no-return', severity: 'info', summary: 'The point of no return is not named, or only in prose beside the step.', why: 'It is crossed by somebody who did not know.', fires: '# Release runbook\n\n1. Build\n2. Push tag\n3. Announce\n', silent: '# Release runbook\n\n1. Build\n2. Point of no return: push tag\n3. Announce\n', check: noPointOfNoReturn },
  { code: 'irreversible-not-marked', severity: 'warning', summary: 'A command or step destroys data and nothing marks it.', why: 'It looks like the harmless line above it.', fires: '# Convert\n\nRun this:\n\n```sql\nDROP TABLE orders;\n```\n', silent: '# Convert\n\n**WARNING**: cannot be undone.\n\n```sql\nDROP TABLE orders;\n```\n', check: irreversibleNotMarked },
  { code: 'effect-not-verified', severity: 'info', summary: 'A rollback, removal, restore or publication is never checked.', why: 'The list ends, and nobody knows whether it worked.', fires: '# Banner runbook\n\n## Remove the banner\n\nNavigate to the admin page and press the button.\n\n1. Open it\n2. Press\n3. Leave\n', silent: '# Banner runbook\n\n## Remove the banner\n\n1. Open it\n2. Press\n3. Check that the banner is gone\n', check: (subject) => [...effectNotVerified(subject), ...lastStepNotVerified(subject)] },
  { code: 'destroy-without-backup', severity: 'warning', summary: 'Tables or data are dropped, and the document never takes a backup.', why: 'The rollback then loses everything written since.', fires: '# Migration runbook\n\n```sql\nDROP TABLE a;\n```\n', silent: '# Migration runbook\n\nTake a backup.\n\n```sql\nDROP TABLE a;\n```\n', check: destroyWithoutBackup },
  { code: 'downtime-not-announced', severity: 'warning', summary: 'Downtime is expected and nobody is told.', why: 'The first to notice are the users.', fires: '# Convert runbook\n\nThis will incur 2 hours of downtime.\n\n1. a\n2. b\n3. c\n', silent: '# Convert runbook\n\nThis will incur 2 hours of downtime: announce it.\n\n1. a\n2. b\n3. c\n', check: downtimeNotAnnounced },
  { code: 'owner-gone', severity: 'warning', summary: 'The owner is nobody, or somebody who left.', why: 'The page goes to a mailbox that nobody reads.', fires: '# S\n\n## Owner\n\n- ex-team-member\n', silent: '# S\n\n## Owner\n\n- platform team\n', check: ownerGone },
  { code: 'owner-missing-in-siblings', severity: 'info', summary: 'Some sections of one kind name an owner and others do not.', why: 'The ones without are done last, or never.', fires: '# P\n\n## Milestone 1\n\nOwner: Ann\n\n## Milestone 2\n\nx\n\n## Milestone 3\n\ny\n', silent: '# P\n\n## Milestone 1\n\nOwner: Ann\n\n## Milestone 2\n\nOwner: Bob\n\n## Milestone 3\n\nOwner: Cy\n', check: ownerMissingInSiblings },
];
