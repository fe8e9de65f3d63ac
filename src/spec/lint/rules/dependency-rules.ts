import type { Field } from '../paper/paper.ts';
import type { Hit, Rule, Run } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { vocabulary } from '../understand/vocabulary.ts';

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
      const depends = front
        .filter((field) => /^depends(?:[ _-]on)?$/i.test(field.key))
        .flatMap((field) => namesOf(field));
      if (status === null && depends.length === 0) continue;
      const file =
        subject.paper.path
          .split('/')
          .at(-1)
          ?.replace(/\.\w+$/, '') ?? subject.paper.path;
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
  return field.value
    .replace(/^\[|\]$/g, '')
    .split(/[,\s]+/)
    .map((name) => name.replace(/["']/g, '').replace(/\.md$/, '').split('/').at(-1) ?? '')
    .filter((name) => name !== '')
    .map((name) => ({ name, field }));
}

function planOf(subject: Subject, run: Run): Plan | undefined {
  return plansOf(run).plans.find((plan) => plan.subject === subject);
}

function dangling(subject: Subject, run: Run): Hit[] {
  const plan = planOf(subject, run);
  const { byName } = plansOf(run);
  if (plan === undefined || run.subjects.length < 2 || !plan.depends.some(({ name }) => byName.has(name))) return [];
  return plan.depends
    .filter(({ name }) => !byName.has(name) && !/^#?\d+$|:\/\//.test(name))
    .map(({ name, field }) => ({
      line: field.line,
      column: field.column,
      message: `depends on "${name}", which is not among the documents`,
      expected: 'the name of a plan in this run',
      got: name,
      hint: 'correct the name, or add the plan',
    }));
}

function circular(subject: Subject, run: Run): Hit[] {
  const plan = planOf(subject, run);
  if (plan === undefined) return [];
  const cycle = cycleFrom(plan, plansOf(run).byName);
  const first = plan.depends[0];
  if (cycle === null || first === undefined || cycle.some((name) => name < plan.id)) return [];
  return [
    {
      line: first.field.line,
      column: first.field.column,
      message: 'the dependency goes round in a circle',
      expected: 'an order in which each can be done',
      got: [...cycle, plan.id].join(' -> '),
      hint: 'cut the circle: one of them does not really need the other',
    },
  ];
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
  return open.map(({ name }) => ({
    line: status.line,
    column: status.column,
    message: `done, while "${name}" that it depends on is not`,
    expected: `${name} done first`,
    got: byName.get(name)?.status?.value ?? '',
    hint: 'finish the dependency, or take it out and say why it was none',
  }));
}

/** What must be done before what, over the plans of a run. */
export const dependencyRules: Rule[] = [
  {
    code: 'dangling-dependency',
    severity: 'blocking',
    summary: 'A plan depends on one that is not among the documents.',
    why: 'What is not there can never be done, or was renamed and is forgotten.',
    fires: { 'a.md': '---\nstatus: planned\ndepends: [b, gone]\n---\n# A\n', 'b.md': '---\nstatus: done\n---\n# B\n' },
    silent: { 'a.md': '---\nstatus: planned\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: done\n---\n# B\n' },
    check: dangling,
  },
  {
    code: 'circular-dependency',
    severity: 'blocking',
    summary: 'Plans depend on each other in a circle.',
    why: 'None of them can be first.',
    fires: {
      'a.md': '---\nstatus: planned\ndepends: [b]\n---\n# A\n',
      'b.md': '---\nstatus: planned\ndepends: [a]\n---\n# B\n',
    },
    silent: {
      'a.md': '---\nstatus: planned\ndepends: [b, c]\n---\n# A\n',
      'b.md': '---\nstatus: planned\ndepends: [c]\n---\n# B\n',
      'c.md': '---\nstatus: planned\n---\n# C\n',
    },
    check: circular,
  },
  {
    code: 'done-before-dependency',
    severity: 'blocking',
    summary: 'A plan says done while one that it depends on does not.',
    why: 'Either the dependency was none, or the plan is not done.',
    fires: { 'a.md': '---\nstatus: done\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: planned\n---\n# B\n' },
    silent: { 'a.md': '---\nstatus: done\ndepends: [b]\n---\n# A\n', 'b.md': '---\nstatus: done\n---\n# B\n' },
    check: doneBeforeDependency,
  },
];
