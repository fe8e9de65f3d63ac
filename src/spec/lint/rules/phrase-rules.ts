import type { Line } from '../paper/paper.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces } from './gathered.ts';
import { inPlainText, placesOf } from './places.ts';

const oneLiners: {
  code: string;
  severity?: 'warning';
  summary: string;
  why: string;
  fires: string;
  silent: string;
  pattern: RegExp;
  wanted?: (line: Line) => boolean;
  only?: (subject: Subject) => boolean;
  message: string;
  expected: string;
  hint: string;
}[] = [
  {
    code: 'steps-may-be-stale',
    summary: 'The text says that its own steps may be out of date.',
    why: 'Nobody has time to find out while they run.',
    fires: '# R\n\nIf that issue is complete, these steps are likely not necessary.\n',
    silent: '# R\n\nThese steps are necessary.\n',
    pattern:
      /\b(?:steps?|instructions?|process|section)\b[^.]{0,40}\b(?:likely not necessary|(?:are|is|be) out of date|no longer (?:needed|necessary|valid|applies)|obsolete|outdated)\b/i,
    message: 'the text says that its own steps may be out of date',
    expected: 'a condition that is checked, or no such steps',
    hint: 'check the condition and remove what does not hold',
  },
  {
    code: 'loop-as-step',
    summary: 'A step says to repeat the steps below it.',
    why: 'How often and until when is left to whoever is tired.',
    fires: '# R\n\n1. Repeat the below steps in batches of 4\n2. Drain\n',
    silent: '# R\n\n1. Do not repeat yourself\n',
    pattern:
      /\brepeat (?:the |these |all )?(?:below |above |following |previous |same )?(?:steps?|procedure|process)\b/i,
    wanted: (line) => line.kind === 'item',
    message: 'a loop is written as one step of a list',
    expected: 'the loop around its steps, with its end',
    hint: 'nest the repeated steps under it and say when it ends',
  },
  {
    code: 'decision-as-bullets',
    summary: 'A decision (if it is not ...) is written into a bullet.',
    why: 'The branch that matters is the one that is skimmed.',
    fires: '# R\n\n- Look at the count, it should be 0. If it is not 0\n  - look at the alerts\n',
    silent: '# R\n\n- Look at the count\n',
    pattern: /\bif (?:it is|it's|this is|they are|that is) not\b[^.]{0,20}$/i,
    wanted: (line) => line.kind === 'item',
    message: 'a decision is written as nested bullets',
    expected: 'both branches, each with its steps',
    hint: 'write what to do in each case, and who decides',
  },
  {
    code: 'owner-is-one-person',
    summary: 'The text names the current holder of a role in passing.',
    why: 'People leave; the sentence stays.',
    fires: '# R\n\nTell the coordinator (currently Mara) the time.\n',
    silent: '# R\n\nThe tool (currently 1.2) is fine.\n',
    pattern: /\(currently @?[A-Z][a-z]+\)/,
    message: 'a role is filled by one name in passing',
    expected: 'a role table with a stand-in',
    hint: 'keep names in one place that is looked after',
  },
  {
    code: 'human-gate-in-prose',
    summary: 'A stop that needs a person is written in bold, not as a gate.',
    why: 'Bold text does not stop anybody.',
    fires: '# R\n\n- Any other release: **STOP. GO FIND A MAINTAINER.**\n',
    silent: '# R\n\n- [HUMAN] A maintainer agrees\n',
    pattern:
      /\*\*(?:STOP\b[^*]*\b(?:find|ask|contact|wait for|approval)\b[^*]*|[^*]*\bGO FIND\b[^*]*)\*\*|\bTwo reviewers are required\b/i,
    message: 'a person has to agree here, and only bold letters say so',
    expected: '[HUMAN] with the role that may close it',
    hint: 'make it a step that only a named role can close',
  },
  {
    code: 'hours-contradict',
    summary: 'One sentence excludes work outside business hours, another one plans it.',
    why: 'At 2 a.m. both are quoted.',
    fires:
      '# R\n\nThe on-call content person works out of hours.\n\nThese will not be processed outside of business hours.\n',
    silent: '# R\n\nThese will not be processed outside of business hours.\n',
    pattern:
      /\bnot (?:be )?(?:\w+ )?(?:processed|handled|supported|done|available)\b[^.]{0,20}\boutside (?:of )?(?:business|office|working) hours\b/i,
    only: ({ paper }) =>
      paper.lines.some((line) => /\bout[ -]of[ -](?:office )?hours\b|\bon-?call\b/i.test(line.prose)),
    message: 'work outside business hours is excluded here and planned elsewhere',
    expected: 'one rule for nights and weekends',
    hint: 'say which cases are done at night, and by whom',
  },
  {
    code: 'optional-step',
    summary: 'A step is optional or may be done elsewhere, and nobody is named who decides.',
    why: 'Each of two teams believes that the other does it.',
    fires: '# R\n\nThis step may alternatively be performed as part of a patch release.\n',
    silent: '# R\n\nThis step is performed by the release team.\n',
    pattern:
      /\bmay (?:alternatively )?(?:also )?be (?:performed|done|handled) (?:as part of|elsewhere|by (?:someone|another))|\bcould have been done as part of\b/i,
    message: 'who does this, and where, is left open',
    expected: 'one owner',
    hint: 'name who decides whether it is done here',
  },
];

/** What stands in a phrase and should stand on a step. */
export const phraseRules: Rule[] = oneLiners.map((liner): Rule => ({
  code: liner.code,
  severity: liner.severity ?? 'info',
  summary: liner.summary,
  why: liner.why,
  fires: liner.fires,
  silent: liner.silent,
  check: (subject) => {
    if (liner.only?.(subject) === false) return [];
    const places = placesOf(subject.paper, liner.pattern, liner.wanted ?? inPlainText);
    return gatherPlaces({
      places,
      message: liner.message,
      expected: liner.expected,
      got: places[0]?.note ?? '',
      hint: liner.hint,
    });
  },
}));
