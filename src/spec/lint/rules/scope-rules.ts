import { shorten } from '../paper/line-marks.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import type { NotedScenario } from '../understand/understanding.ts';
import { noteScenarios } from '../understand/note-gates.ts';
import { gatherPlaces, printCount } from './gathered.ts';

const link = /#\d+|https?:\/\/|\]\(|\b[A-Z]{2,}-\d+\b/;

/** A deferral is complete with a tracked follow-up, an owner and what is risked by it. */
function deferralIncomplete({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const places: { line: number; column: number; note: string }[] = [];
  for (const line of paper.lines) {
    const match =
      line.kind === 'text' || line.kind === 'item' ? /\bdeferred\b(?! from| sections?)/i.exec(line.prose) : null;
    if (
      match === null ||
      /\b(?:or|explicitly|is|be|intentionally|gates are resolved or) (?:\w+ )?deferred\b/i.test(line.prose) ||
      line.prose.endsWith('?')
    )
      continue;
    const missing = [
      link.test(line.raw) ? '' : 'follow-up',
      /@\w+|\bowner\b/i.test(line.raw) ? '' : 'owner',
      /\brisk/i.test(line.raw) ? '' : 'risk',
    ].filter((word) => word !== '');
    if (missing.length >= 2 && missing.includes('follow-up'))
      places.push({ line: line.number, column: line.column + match.index, note: `without ${missing.join(', ')}` });
  }
  return gatherPlaces({
    places,
    message: `${printCount(places.length, 'deferral')} without what makes it one`,
    expected: 'a tracked follow-up, an owner and a risk note',
    got: places[0]?.note ?? '',
    hint: 'link the follow-up, name its owner, and say what is risked until then',
  });
}

/** The text promises to classify the work and holds no classified item. */
function scopeUnclassified({ paper }: Subject): Hit[] {
  const line = paper.lines.find(
    (entry) => entry.prose !== '' && /\bclassify (?:each|every|all|the)\b|\bexplicitly classified\b/i.test(entry.prose),
  );
  if (line === undefined) return [];
  const rows = paper.tables.some((table) =>
    table.header.some((cell) => /^(?:class|classification|scope)$/i.test(cell.text)),
  );
  const marked = paper.items.filter((item) =>
    /^(?:\*\*)?(?:launch-)?(?:critical|adjacent|post-launch|blocker|unsupported)(?:\*\*)?\s*[:—–-]|\((?:launch-)?(?:critical|adjacent|post-launch)\)/i.test(
      item.text,
    ),
  );
  if (rows || marked.length > 0) return [];
  return [
    {
      line: line.number,
      column: line.column,
      message: 'the work is to be classified, and no classified item stands here',
      expected: 'a scope table: item, class, state, owner, follow-up, risk',
      got: 'none',
      hint: 'list the items: what is not listed cannot be decided about',
    },
  ];
}

const stop = new Set(
  'the and are for with that this from all have has been its not only into when then given which will can each any was were their'.split(
    ' ',
  ),
);

const keywords = (text: string): Set<string> =>
  new Set(
    (text.toLowerCase().match(/[a-z][a-z/-]{3,}/g) ?? [])
      .filter((word) => !stop.has(word))
      .map((word) => word.replace(/(?:s|ed|ing)$/, '')),
  );

/** A scenario shares its words with no criterion and no step: nothing proves it. */
function scenarioUnbound({ paper }: Subject): Hit[] {
  const scenarios = noteScenarios(paper);
  if (scenarios.length === 0) return [];
  const proofs = paper.items
    .filter((item) => !/^Scenario/i.test(item.section.title))
    .map((item) => keywords(item.text));
  const unbound = scenarios.filter((scenario) => {
    const end = paper.sections.find((section) => section.line === scenario.line)?.end ?? scenario.line;
    const text = paper.lines.slice(scenario.line - 1, end).map((line) => line.text);
    const words = [...keywords(text.join(' '))];
    return !proofs.some((proof) => words.filter((word) => proof.has(word)).length >= 3);
  });
  const names = unbound.map((scenario) => shorten(scenario.text, 30));
  return [
    ...gatherPlaces({
      places: unbound.map((scenario) => ({ ...scenario, note: shorten(scenario.text, 40) })),
      message: `${printCount(unbound.length, 'scenario')} bound to no criterion and no step`,
      expected: 'a criterion or step that proves each',
      got: names.slice(0, 3).join(', '),
      hint: 'name in the scenario what proves it, or add the criterion',
    }),
    ...scenarios.flatMap(incomplete),
  ];
}

function incomplete(scenario: NotedScenario): Hit[] {
  const parts = [scenario.given ? 'Given' : '', scenario.when ? 'When' : '', scenario.outcome ? 'Then' : ''];
  const there = parts.filter((part) => part !== '');
  if (there.length === parts.length) return [];
  return [
    {
      line: scenario.line,
      column: scenario.column,
      message: 'the scenario is not complete',
      expected: 'Given, When and Then',
      got: there.join(', ') || 'none of them',
      hint: 'say what must hold before, what happens and what must be seen',
    },
  ];
}

/** Of the highest priority, and nobody has begun. */
function urgentNotStarted({ paper }: Subject): Hit[] {
  const priority = paper.fields.find(
    (field) => /^priority$/i.test(field.key) && /^(?:p0|urgent|critical|blocker|highest)\b/i.test(field.value),
  );
  const status = paper.fields.find(
    (field) =>
      /^status$/i.test(field.key) && /^(?:not[ _-]?started|planned|todo|backlog|open|new)\b/i.test(field.value),
  );
  if (priority === undefined || status === undefined) return [];
  return [
    {
      line: status.line,
      column: status.column,
      message: `priority ${priority.value}, and nobody has begun`,
      expected: 'work in progress, or a lower priority',
      got: status.value,
      hint: 'begin it, or say in the launch that it is left out',
      related: [{ line: priority.line, column: priority.column, note: priority.value }],
    },
  ];
}

const emptyLead = /\b(?:as source of truth|the following|see below|listed below|are):\s*$/i;

/** A sentence that announces a list, and no list after it. */
function listMissing({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const line of paper.lines) {
    if (line.kind !== 'text' || !emptyLead.test(line.text)) continue;
    const next = paper.lines.slice(line.number).find((entry) => entry.kind !== 'blank' && entry.kind !== 'comment');
    if (
      next !== undefined &&
      next.kind !== 'heading' &&
      (next.kind !== 'text' ||
        next.number > line.number + 2 ||
        next.indent > 0 ||
        /^[A-Z]?["'`$/\d-]/.test(next.text) ||
        !paper.plain)
    )
      continue;
    hits.push({
      line: line.number,
      column: line.column,
      message: 'a list is announced and does not follow',
      expected: 'the list',
      got: next === undefined ? 'the end' : shorten(next.text, 40),
      hint: 'add what is announced; copies of web pages often lose it',
    });
  }
  return hits;
}

/** Scope, deferrals and scenarios. */
export const scopeRules: Rule[] = [
  {
    code: 'deferral-incomplete',
    severity: 'warning',
    summary: 'Something is deferred without a tracked follow-up, an owner or a risk note.',
    why: 'Deferred without an address means dropped.',
    fires: '# P\n\nReal metrics deferred until we need them.\n',
    silent:
      '# P\n\nMetrics deferred to #54, owner @ann, risk: blind for a week.\n\nGates are resolved or explicitly deferred.\n',
    check: deferralIncomplete,
  },
  {
    code: 'scope-unclassified',
    severity: 'warning',
    summary: 'The work is to be classified, and no classified item is listed.',
    why: 'Nobody sees what the launch leaves out.',
    fires: '# P\n\n1. Audit the work and classify each item as launch-critical or post-launch.\n',
    silent: '# P\n\n1. Classify each item.\n\n| Item | Class |\n|---|---|\n| Billing | critical |\n',
    check: scopeUnclassified,
  },
  {
    code: 'scenario-unbound',
    severity: 'warning',
    summary: 'A Given/When/Then scenario is incomplete, or no criterion or step speaks of the same.',
    why: 'It is read as a promise, and nothing tests it.',
    fires:
      '# P\n\n- [ ] Deploy is green\n\n### Scenario: Refund\n\nGiven: a paid order\n\nWhen: the clerk refunds it\n\nThen: money returns\n',
    silent:
      '# P\n\n- [ ] A clerk can refund a paid order and money returns\n\n### Scenario: Refund\n\nGiven: a paid order\n\nWhen: the clerk refunds it\n\nThen: money returns\n',
    check: scenarioUnbound,
  },
  {
    code: 'urgent-not-started',
    severity: 'warning',
    summary: 'Work of the highest priority has not been begun.',
    why: 'It blocks the launch, and no list of open boxes shows it.',
    fires: '---\nstatus: not_started\npriority: p0\n---\n# A\n',
    silent: '---\nstatus: not_started\npriority: p2\n---\n# A\n',
    check: urgentNotStarted,
  },
  {
    code: 'list-missing',
    severity: 'info',
    summary: 'A sentence announces a list that does not follow.',
    why: 'The source of truth is the part that is missing.',
    fires: '# P\n\nUse these issues as source of truth:\n\n## Next\n',
    silent: '# P\n\nUse these issues as source of truth:\n\n- #1\n',
    check: listMissing,
  },
];
