import { shorten } from '../paper/line-marks.ts';
import type { Item, Paper } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printCount } from './gathered.ts';

/** "Before it gets to the deploy stage", told after the step that says the deployment is over; a backup noted after the deployment. */
function toldTooLate({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const item of paper.items) {
    if (item.number === null) continue;
    const before =
      /\bbefore (?:it gets to |the |you )?(?:\w+ )?(deploy|migrat|import|publish|releas|switch|restart|delet)\w*/i.exec(
        item.text,
      );
    const stem = before?.[1]?.toLowerCase() ?? (/\b(?:db)?back-?ups?\b/i.test(item.text) ? 'deploy' : null);
    const earlier =
      stem === null
        ? undefined
        : siblingsBefore(paper, item).find((other) =>
            new RegExp(`\\bafter (?:the )?${stem}\\w*`, 'i').test(other.text),
          );
    if (earlier === undefined || stem === null || (before === null && /\brestor|verif|check/i.test(item.text)))
      continue;
    hits.push({
      line: item.line,
      column: item.column,
      message:
        before === null
          ? 'the backup comes up only after the change was made'
          : 'the step is told after the moment it must be done',
      expected: `above the step that follows the ${stem}`,
      got: `step ${item.number} after step ${earlier.number ?? '?'}`,
      hint: 'move the step up: a reader who works down the list comes too late',
      related: [{ line: earlier.line, column: earlier.column, note: shorten(earlier.text, 50) }],
    });
  }
  return hits;
}

function siblingsBefore(paper: Paper, item: Item): Item[] {
  return paper.items.filter(
    (other) =>
      other.section === item.section && other.line < item.line && other.indent === item.indent && other.number !== null,
  );
}

const proseOrder =
  /\b(?:(?:can|may) be (?:started|run|done|created|opened)[^.]* in parallel|(?:both )?depend on [\w.\- ]+ (?:completing|finishing)(?: first)?|(?:must|have to|can only) be (?:executed|done|lifted|merged|run) (?:only )?(?:after|once)|can only be done after|only once the [\w` ]+ (?:is|are) (?:done|complete))\b/i;

function orderInProse({ paper, actionable }: Subject): Hit[] {
  if (!actionable) return [];
  const places = paper.lines.flatMap((line) => {
    const match = line.kind === 'text' && line.prose !== '' ? proseOrder.exec(line.prose) : null;
    return match === null
      ? []
      : [{ line: line.number, column: line.column + match.index, note: shorten(match[0], 40) }];
  });
  return gatherPlaces({
    places,
    message: 'an order that the list does not show is told in prose',
    expected: '"needs" on the step that waits',
    got: printCount(places.length, 'sentence'),
    hint: 'write the dependency on the step; a reader who works down the list will not see it',
  });
}

const vagueWait =
  /\bwait (?:overnight|a (?:few|couple)(?: of)? \w+|some time|a while|until (?:tomorrow|later)|for a (?:while|bit))\b/i;

function waitWithoutLength({ paper }: Subject): Hit[] {
  const places = paper.lines.flatMap((line) => {
    const match = line.prose === '' ? null : vagueWait.exec(line.prose);
    return match === null ? [] : [{ line: line.number, column: line.column + match.index, note: match[0] }];
  });
  return gatherPlaces({
    places,
    message: 'a wait that names neither its length nor what ends it',
    expected: 'a duration or a condition, and who looks',
    got: places[0]?.note ?? '',
    hint: 'say until when, what is looked at then, and what happens if it has not come',
  });
}

/** What is told too late, in prose or without a length. */
export const orderRules: Rule[] = [
  {
    code: 'told-too-late',
    severity: 'warning',
    summary: 'A step that must come before another stands below it.',
    why: 'By the time it is read, the moment is over.',
    fires:
      '# Deploy\n\n1. Merge\n2. After deployment, look at the page\n3. Tail the logs (before it gets to deploy application stage)\n',
    silent: '# Deploy\n\n1. Tail the logs before the deploy stage\n2. Merge\n3. After deployment, look at the page\n',
    check: toldTooLate,
  },
  {
    code: 'order-in-prose',
    severity: 'info',
    summary: 'A sentence beside the list says what must wait for what.',
    why: 'The list says another order, and the list is what people follow.',
    fires:
      '# Release runbook\n\nNPM and GitHub both depend on the mirror completing first.\n\n- [ ] a\n- [ ] b\n- [ ] c\n',
    silent: '# Release runbook\n\nWorks in any order.\n\n- [ ] a\n- [ ] b\n- [ ] c\n',
    check: orderInProse,
  },
  {
    code: 'wait-without-length',
    severity: 'info',
    summary: 'A wait names neither a duration nor what ends it.',
    why: 'Two people will wait differently, and one of them not long enough.',
    fires: '# R\n\n1. Wait overnight for the sync\n',
    silent: '# R\n\n1. Wait 10 minutes for the sync\n2. Wait for the checks to pass\n',
    check: waitWithoutLength,
  },
];
