import type { Item, Paper } from '../paper/paper.ts';
import { type Command, findCommands } from './commands.ts';
import { findIrreversible, type IrreversibleAction } from './irreversible.ts';
import { isUnfilled } from './vocabulary.ts';

/** A document with what more than one rule asks about it. */
export interface Subject {
  paper: Paper;
  commands: Command[];
  irreversible: IrreversibleAction[];
  /** Items that a reader does one after the other: numbered, with a box, or headings that say `Step 3`. */
  steps: Item[];
  template: boolean;
  /** True where somebody is meant to act on a live system by this document; only then is a missing undo an omission. */
  actionable: boolean;
}

const operation =
  /\b(?:run-?books?|releas(?:e|es|ing)|deploy\w*|roll-?(?:back|out)|restor(?:e|ing)|migrat\w+|cut-?over|launch\w*|upgrad\w*|rotat\w+|playbooks?|go-?live|procedures?|publish\w*|failover|convert|restart|branch creation|incident|maintenance|execution plan)\b|手順|リリース|デプロイ/i;
const referenceWords = /\b(?:api reference|glossary|faq|changelog|release notes|contributing|code of conduct)\b/i;
const placeholder =
  /\[[A-Z][A-Za-z0-9 /:.,#&'-]{1,60}\](?![([:])|_{4,}|<[a-z][\w -]{1,30}>|\b(?:YYYY-MM-DD|MM\/DD(?:\/YYYY)?|HH:MM)\b/g;

/** Returns the document together with what its kind makes of it. */
export function toSubject(paper: Paper): Subject {
  const commands = findCommands(paper);
  const irreversible = findIrreversible(paper, commands);
  const steps = paper.items.filter(
    (item) => !item.quoted && item.parent === null && (item.number !== null || item.box !== null),
  );
  return {
    paper,
    commands,
    irreversible,
    steps,
    template: isTemplate(paper),
    actionable: isActionable(paper, {
      steps: steps.length,
      commands: commands.length,
      irreversible: irreversible.length,
    }),
  };
}

function isTemplate(paper: Paper): boolean {
  if (/template/i.test(paper.title) || /(?:^|[/\-_.])(?:issue_)?templates?(?:[/\-_.]|$)/i.test(paper.path)) return true;
  let blanks = 0;
  for (const line of paper.lines) {
    if (line.kind === 'front' || line.kind === 'comment' || line.raw.length < 4) continue;
    if (line.raw.includes('__') || line.raw.includes('[') || line.raw.includes('YY') || line.raw.includes('MM'))
      blanks += line.prose === '' ? 0 : (line.text.match(placeholder)?.length ?? 0);
    if (blanks >= 15) return true;
  }
  return (
    paper.fields.filter(
      (field) =>
        !field.front && isUnfilled(field.value) && /^(?:date|owner|name|signature|time|status)/i.test(field.key),
    ).length >= 5
  );
}

function isActionable(paper: Paper, counts: { steps: number; commands: number; irreversible: number }): boolean {
  const name =
    `${paper.title} ${paper.path.split('/').at(-1) ?? ''} ${paper.fields.find((field) => field.front && field.key === 'title')?.value ?? ''}`.replace(
      /[-_]/g,
      ' ',
    );
  if (!operation.test(name) || referenceWords.test(name)) return false;
  const headings = paper.sections.filter((section) => /^(?:step |手順|\d+\.)/i.test(section.title)).length;
  return (
    counts.steps >= 3 ||
    counts.commands >= 2 ||
    headings >= 3 ||
    (counts.irreversible > 0 && counts.steps + counts.commands + headings > 0)
  );
}
