import { shorten } from '../paper/line-marks.ts';
import type { Field } from '../paper/paper.ts';
import type { Hit, Rule, Run } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { noteScenarios } from '../understand/note-gates.ts';
import { vocabulary } from '../understand/vocabulary.ts';
import { gatherPlaces, printCount } from './gathered.ts';

interface Plan {
  id: string;
  subject: Subject;
  depends: { name: string; field: Field }[];
  done: boolean;
  status: Field | null;
}

/** Documents with `status` or `depends` in their front matter, by file name without its ending and by `id`. */
function plansOf(run: Run): { byName: Map<string, Plan>; plans: Plan[] } {
  return run.memo('plans', () => {
    const plans: Plan[] = [];
    const byName = new Map<string, Plan>();
    for (const subject of run.subjects) {
      const front = subject.paper.fields.filter((field) => field.front);
      const status = front.find((field) => /^status$/i.test(field.key)) ?? null;
      const depends = front.filter((field) => /^depends(?:[ _-]on)?$/i.test(field.key)).flatMap((field) => namesOf(field));
      if (status === null && depends.length === 0) continue;
      const file = subject.paper.path.split('/').at(-1)?.replace(/\.\w+$/, '') ?? subject.paper.path;
      const plan = { id: file, subject, depends, status, done: status !== null && vocabulary.done.test(status.value) };
      plans.push(plan);
      byName.set(file, plan);
      const id = front.find((field) => /^id$/i.test(field.key))?.value;
      if (id !== undefined && id !== '') byName.set(id, plan);
    }
    return { byName, plans };
  });
}

function namesOf(field: Field): Plan['depends'] {
  return field.value.replace(/^\[|\]$/g, '').split(/[,\s]+/).map((name) => name.replace(/["']/g, '').replace(/\.md$/, '').split('/').at(-1) ?? '').filter((name) => name !== '').map((name) => ({ name, field }));
}

function planOf(subject: Subject, run: Run): Plan | undefined {
  return plansOf(run).plans.find((plan) => plan.subject === subject);
}

function dangling(subject: Subject, run: Run): Hit[] {
  const plan = planOf(subject, run);
  const { byName } = plansOf(run);
  if (plan === undefined || run.subjects.length < 2 || !plan.depends.some(({ name }) => byName.has(name))) return [];
  return plan.depends.filter(({ name }) => !byName.has(name) && !/^#?\d+$|:\/\//.test(name)).map(({ name, field }) => ({ line: field.line, column: field.column, message: `depends on "${name}", which is not among the documents`, expected: 'the name of a plan in this run', got: name, hint: 'correct the name, or add the plan' }));
}

function circular(subject: Subject, run: Run): Hit[] {
  const plan = planOf(subject, run);
  if (plan === undefined) return [];
  const cycle = cycleFrom(plan, plansOf(run).byName);
  const first = plan.depends[0];
  if (cycle === null || first === undefined || cycle.some((name) => name < plan.id)) return [];
  return [{ line: first.field.line, column: first.field.column, message: 'the dependency goes round in a circle', expected: 'an order in which each can be done', got: [...cycle, plan.id].join(' -> '), hint: 'cut the circle: one of them does not really need the other' }];
}

function cycleFrom(start: Plan, byName: Map<string, Plan>): string[] | null {
  const seen = new Set<string>();
  const walk = (plan: Plan, path: string[]): string[] | null => {
    for (const { name } of plan.depends) {
      const next = byName.get(name);
      if (next === start) return path;
      if (next === undefined || seen.has(next.id)) continue;
      seen.add(next.id);
      const found = walk(next, [...path, next.id]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, [start.id]);
}

function doneBeforeDependency(subject: Subject, run: Run): Hit[] {
  const plan = planOf(subject, run);
  if (plan === undefined || !plan.done || plan.status === null) return [];
  const { byName } = plansOf(run);
  const open = plan.depends.filter(({ name }) => byName.get(name)?.done === false && byName.get(name)?.status !== null);
  const status = plan.status;
  return open.map(({ name }) => ({ line: status.line, column: status.column, message: `done, while "${name}" that it depends on is not`, expected: `${name} done first`, got: byName.get(name)?.status?.value ?? '', hint: 'finish the dependency, or take it out and say why it was none' }));
}

const link = /#\d+|https?:\/\/|\]\(|\b[A-Z]{2,}-\d+\b/;

/** A deferral is complete with a tracked follow-up, an owner and what is risked by it. */
function deferralIncomplete({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const places: { line: number; column: number; note: string }[] = [];
  for (const line of paper.lines) {
    const match = line.kind === 'text' || line.kind === 'item' ? /\bdeferred\b(?! from| sections?)/i.exec(line.prose) : null;
    if (match === null || /\b(?:or|explicitly|is|be|intentionally|gates are resolved or) (?:\w+ )?deferred\b/i.test(line.prose) || line.prose.endsWith('?')) continue;
    const missing = [link.test(line.raw) ? '' : 'follow-up', /@\w+|\bowner\b/i.test(line.raw) ? '' : 'owner', /\brisk/i.test(line.raw) ? '' : 'risk'].filter((word) => word !== '');
    if (missing.length >= 2 && missing.includes('follow-up')) places.push({ line: line.number, column: line.column + match.index, note: `without ${missing.join(', ')}` });
  }
  return gatherPlaces({ places, message: `${printCount(places.length, 'deferral')} without what makes it one`, expected: 'a tracked follow-up, an owner and a risk note', got: places[0]?.note ?? '', hint: 'link the follow-up, name its owner, and say what is risked until then' });
}

/** The text promises to classify the work and holds no classified item. */
function scopeUnclassified({ paper }: Subject): Hit[] {
  const line = paper.lines.find((entry) => entry.prose !== '' && /\bclassify (?:each|every|all|the)\b|\bexplicitly classified\b/i.test(entry.prose));
  if (line === undefined) return [];
  const rows = paper.tables.some((table) => table.header.some((cell) => /^(?:class|classification|scope)$/i.test(cell.text)));
  const marked = paper.items.filter((item) => /^(?:\*\*)?(?:launch-)?(?:critical|adjacent|post-launch|blocker|unsupported)(?:\*\*)?\s*[:—–-]|\((?:launch-)?(?:critical|adjacent|post-launch)\)/i.test(item.text));
  if (rows || marked.length > 0) return [];
  return [{ line: line.number, column: line.column, message: 'the work is to be classified, and no classified item stands here', expected: 'a scope table: item, class, state, owner, follow-up, risk', got: 'none', hint: 'list the items: what is not listed cannot be decided about' }];
}

const stop = new Set('the and are for with that this from all have has been its not only into when then given which will can each any was were their'.split(' '));
const keywords = (text: string): Set<string> => new Set((text.toLowerCase().match(/[a-z][a-z/-]{3,}/g) ?? []).filter((word) => !stop.has(word)).map((word) => word.replace(/(?:s|ed|ing)$/, '')));

/** A scenario shares its words with no criterion and no step: nothing proves it. */
function scenarioUnbound({ paper }: Subject): Hit[] {
  const scenarios = noteScenarios(paper);
  if (scenarios.length === 0) return [];
  const proofs = paper.items.filter((item) => !/^Scenario/i.test(item.section.title)).map((item) => keywords(item.text));
  const unbound = scenarios.filter((scenario) => {
    const end = paper.sections.find((section) => section.line === scenario.line)?.end ?? scenario.line;
    const words = keywords(paper.lines.slice(scenario.line - 1, end).map((line) => line.text).join(' '));
    return !proofs.some((proof) => [...words].filter((word) => proof.has(word)).length >= 3);
  });
  return [
    ...gatherPlaces({ places: unbound.map((scenario) => ({ ...scenario, note: shorten(scenario.text, 40) })), message: `${printCount(unbound.length, 'scenario')} bound to no criterion and no step`, expected: 'a criterion or step that proves each', got: unbound.map((scenario) => shorten(scenario.text, 30)).slice(0, 3).join(', '), hint: 'name in the scenario what proves it, or add the criterion' }),
    ...scenarios.filter((scenario) => !scenario.given || !scenario.when || !scenario.outcome).map((scenario): Hit => ({ line: scenario.line, column: scenario.column, message: 'the scenario is not complete', expected: 'Given, When and Then', got: [scenario.given ? 'Given' : '', scenario.when ? 'When' : '', scenario.outcome ? 'Then' : ''].filter((word) => word !== '').join(', ') || 'none of them', hint: 'say what must hold before, what happens and what must be seen' })),
  ];
}

/** Of the highest priority, and nobody has begun. */
function urgentNotStarted({ paper }: Subject): Hit[] {
  const priority = paper.fields.find((field) => /^priority$/i.test(field.key) && /^(?:p0|urgent|critical|blocker|highest)\b/i.test(field.value));
  const status = paper.fields.find((field) => /^status$/i.test(field.key) && /^(?:not[ _-]?started|planned|todo|backlog|open|new)\b/i.test(field.value));
  if (priority === undefined || status === undefined) return [];
  return [{ line: status.line, column: status.column, message: `priority ${priority.value}, and nobody has begun`, expected: 'work in progress, or a lower priority', got: status.value, hint: 'begin it, or say in the launch that it is left out', related: [{ line: priority.line, column: priority.column, note: priority.value }] }];
}

const emptyLead = /\b(?:as source of truth|the following|see below|listed below|are):\s*$/i;

/** A sentence that announces a list, and no list after it. */
function listMissing({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const line of paper.lines) {
    if (line.kind !== 'text' || !emptyLead.test(line.text)) continue;
    const next = paper.lines.slice(line.number).find((entry) => entry.kind !== 'blank' && entry.kind !== 'comment');
    if (next !== undefined && next.kind !== 'heading' && (next.kind !== 'text' || next.number <= line.number + 2 === false || next.indent > 0 || /^[A-Z]?["'`$/\d-]/.test(next.text) || !paper.plain)) continue;
    hits.push({ line: line.number, column: line.column, message: 'a list is announced and does not follow', expected: 'the list', got: next === undefined ? 'the end' : shorten(next.text, 40), hint: 'add what is announced; copies of web pages often lose it' });
  }
  return hits;
}

/** Dependencies, scope, deferrals and scenarios. */
export const dependencyRules: Rule[] = [
  { code: 'dangling-dependency', severity: 'blocking', summary: 'A plan depends on one that is not among the documents.', why: 'What is not there can never be done, or was renamed and is forgotten.', fires: { 'a.md': '---\nstatus: planned\ndepends: [b, gone]\n---\n# A\n', 'b.md': '---\nstatus: done\n---\n# B\n' }, silent: { 'a.md': '---\nstatus: planned\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: done\n---\n# B\n' }, check: dangling },
  { code: 'circular-dependency', severity: 'blocking', summary: 'Plans depend on each other in a circle.', why: 'None of them can be first.', fires: { 'a.md': '---\nstatus: planned\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: planned\ndepends: [a]\n---\n# B\n' }, silent: { 'a.md': '---\nstatus: planned\ndepends: [b, c]\n---\n# A\n', 'b.md': '---\nstatus: planned\ndepends: [c]\n---\n# B\n', 'c.md': '---\nstatus: planned\n---\n# C\n' }, check: circular },
  { code: 'done-before-dependency', severity: 'blocking', summary: 'A plan says done while one that it depends on does not.', why: 'Either the dependency was none, or the plan is not done.', fires: { 'a.md': '---\nstatus: done\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: planned\n---\n# B\n' }, silent: { 'a.md': '---\nstatus: done\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: done\n---\n# B\n' }, check: doneBeforeDependency },
  { code: 'deferral-incomplete', severity: 'warning', summary: 'Something is deferred without a tracked follow-up, an owner or a risk note.', why: 'Deferred without an address means dropped.', fires: '# P\n\nReal metrics deferred until we need them.\n', silent: '# P\n\nMetrics deferred to #54, owner @ann, risk: blind for a week.\n\nGates are resolved or explicitly deferred.\n', check: deferralIncomplete },
  { code: 'scope-unclassified', severity: 'warning', summary: 'The work is to be classified, and no classified item is listed.', why: 'Nobody sees what the launch leaves out.', fires: '# P\n\n1. Audit the work and classify each item as launch-critical or post-launch.\n', silent: '# P\n\n1. Classify each item.\n\n| Item | Class |\n|---|---|\n| Billing | critical |\n', check: scopeUnclassified },
  { code: 'scenario-unbound', severity: 'warning', summary: 'A Given/When/Then scenario is incomplete, or no criterion or step speaks of the same.', why: 'It is read as a promise, and nothing tests it.', fires: '# P\n\n- [ ] Deploy is green\n\n### Scenario: Refund\n\nGiven: a paid order\n\nWhen: the clerk refunds it\n\nThen: money returns\n', silent: '# P\n\n- [ ] A clerk can refund a paid order and money returns\n\n### Scenario: Refund\n\nGiven: a paid order\n\nWhen: the clerk refunds it\n\nThen: money returns\n', check: scenarioUnbound },
  { code: 'urgent-not-started', severity: 'warning', summary: 'Work of the highest priority has not been begun.', why: 'It blocks the launch, and no list of open boxes shows it.', fires: '---\nstatus: not_started\npriority: p0\n---\n# A\n', silent: '---\nstatus: not_started\npriority: p2\n---\n# A\n', check: urgentNotStarted },
  { code: 'list-missing', severity: 'info', summary: 'A sentence announces a list that does not follow.', why: 'The source of truth is the part that is missing.', fires: '# P\n\nUse these issues as source of truth:\n\n## Next\n', silent: '# P\n\nUse these issues as source of truth:\n\n- #1\n', check: listMissing },
];

