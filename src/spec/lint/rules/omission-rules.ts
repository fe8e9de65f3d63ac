import { shorten } from '../paper/line-marks.ts';
import type { Hit, Rule } from '../rule.ts';
import { noteRoles } from '../understand/note-order.ts';
import type { Subject } from '../understand/subject.ts';
import { isUnfilled, vocabulary } from '../understand/vocabulary.ts';
import { printCount } from './gathered.ts';
import { says, topOf } from './places.ts';

function noOwner(subject: Subject): Hit[] {
  const { paper, actionable } = subject;
  if (
    !actionable ||
    noteRoles(paper).length > 0 ||
    says(paper, /^\s*\/assign|\[HUMAN\]|\b(?:lead|commander|coordinator|manager|on-call engineer|owner):/i)
  )
    return [];
  if (paper.fields.some((field) => /owner|maintainer|assignee|contact/i.test(field.key) && !isUnfilled(field.value)))
    return [];
  return [
    {
      ...topOf(paper),
      message: 'nobody is named who does this or answers for it',
      expected: 'an owner, or a role for each step',
      got: 'none',
      hint: 'name an owner in the front matter, and a role where another person acts',
    },
  ];
}

function noRollback({ paper, actionable, irreversible }: Subject): Hit[] {
  if (!actionable || says(paper, vocabulary.undo)) return [];
  const related = irreversible
    .slice(0, 10)
    .map((action) => ({ line: action.line, column: action.column, note: action.what }));
  const place = related[0] ?? topOf(paper);
  return [
    {
      line: place.line,
      column: place.column,
      severity: related.length > 0 ? 'warning' : 'info',
      message: 'no way back is told',
      expected: 'what to do when a step goes wrong, or that it cannot be undone',
      got:
        related.length > 0
          ? `${printCount(related.length, 'irreversible action')} and no rollback`
          : 'no rollback, revert or withdrawal',
      hint: 'write the undo beside each step, and for what is published how it is withdrawn',
      related: related.slice(1),
    },
  ];
}

function noStop({ paper, actionable }: Subject): Hit[] {
  if (!actionable || says(paper, vocabulary.stop)) return [];
  return [
    {
      ...topOf(paper),
      message: 'nothing says when to stop',
      expected: 'a stop condition',
      got: 'none',
      hint: 'say which observation ends the attempt, who decides that, and how fast',
    },
  ];
}

function noPointOfNoReturn({ paper, actionable, irreversible }: Subject): Hit[] {
  if (!actionable || irreversible.length === 0) return [];
  const named = paper.lines.find((line) => line.prose !== '' && vocabulary.noReturn.test(line.prose));
  const first = irreversible[0];
  if (first === undefined) return [];
  if (named === undefined)
    return [
      {
        line: first.line,
        column: first.column,
        severity: 'info',
        message: 'the point of no return is not named',
        expected: `a mark on "${shorten(first.what, 30)}" or on the step that it is`,
        got: 'none',
        hint: 'say from which step on there is no simple way back, and who is told when it is crossed',
      },
    ];
  if (named.kind === 'item' || named.quoted) return [];
  return [
    {
      line: named.number,
      column: named.column,
      severity: 'info',
      message: 'the point of no return is told in prose, not on the step that it is',
      expected: 'a mark on the step itself',
      got: shorten(named.text, 50),
      hint: `mark the step ("${shorten(first.what, 30)}"), so that nobody passes it unread`,
      related: [{ line: first.line, column: first.column, note: first.what }],
    },
  ];
}

function downtimeNotAnnounced({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  const line = paper.lines.find(
    (entry) =>
      entry.prose !== '' &&
      entry.kind !== 'front' &&
      vocabulary.downtime.test(entry.prose) &&
      /\b(?:incur|cause|expect|downtime|outage|take\w* .*offline)\b/i.test(entry.prose) &&
      !/\b(?:no|zero|without|minimi[sz]e|avoid)[ -](?:\w+ )?(?:downtime|outage)/i.test(entry.prose),
  );
  if (line === undefined || says(paper, vocabulary.announce)) return [];
  return [
    {
      line: line.number,
      column: line.column,
      message: 'there will be downtime, and nobody is told or asked',
      expected: 'who is told when, and who agreed',
      got: shorten(line.text, 50),
      hint: 'add the announcement and the approval as steps',
    },
  ];
}

/** What a reader would need and does not find. */
export const omissionRules: Rule[] = [
  {
    code: 'no-owner',
    severity: 'info',
    summary: 'A runbook names nobody.',
    why: 'Everybody waits for somebody else.',
    fires: '# Deploy runbook\n\n1. a\n2. b\n3. c\n',
    silent: '# Deploy runbook\n\n**Owner:** Ops\n\n1. a\n2. b\n3. c\n',
    check: noOwner,
  },
  {
    code: 'no-rollback',
    severity: 'info',
    summary: 'A runbook tells no way back; a warning where it publishes or destroys something.',
    why: 'The way back is invented at the worst moment.',
    fires: '# Release runbook\n\n1. Build\n2. Push tag\n3. Announce\n',
    silent: '# Release runbook\n\n1. Build\n2. Push tag\n3. To roll back, withdraw the package\n',
    check: noRollback,
  },
  {
    code: 'no-stop-condition',
    severity: 'info',
    summary: 'A runbook never says when to stop.',
    why: 'Nobody stops early enough without having agreed on when.',
    fires: '# Deploy runbook\n\n1. a\n2. b\n3. c\n',
    silent: '# Deploy runbook\n\n1. a\n2. Abort if the error rate rises\n3. c\n',
    check: noStop,
  },
  {
    code: 'no-point-of-no-return',
    severity: 'info',
    summary: 'The point of no return is not named, or only in prose beside the step.',
    why: 'It is crossed by somebody who did not know.',
    fires: '# Release runbook\n\n1. Build\n2. Push tag\n3. Announce\n',
    silent: '# Release runbook\n\n1. Build\n2. Point of no return: push tag\n3. Announce\n',
    check: noPointOfNoReturn,
  },
  {
    code: 'downtime-not-announced',
    severity: 'warning',
    summary: 'Downtime is expected and nobody is told.',
    why: 'The first to notice are the users.',
    fires: '# Convert runbook\n\nThis will incur 2 hours of downtime.\n\n1. a\n2. b\n3. c\n',
    silent: '# Convert runbook\n\nThis will incur 2 hours of downtime: announce it.\n\n1. a\n2. b\n3. c\n',
    check: downtimeNotAnnounced,
  },
];
