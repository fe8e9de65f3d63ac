import type { Step } from '../../core/launch/launch.ts';
import type { Draft } from './draft.ts';
import { addProblem } from './problem.ts';

/** Adds a problem for each circle of steps that wait for each other, with the whole way round. */
export function findCycles(draft: Draft): void {
  const steps = new Map(
    draft.launch.procedures.flatMap((procedure) => procedure.steps.map((step) => [step.id, step] as const)),
  );
  const done = new Set<string>();
  for (const step of steps.values()) {
    const cycle = cycleFrom(step, steps, done);
    if (cycle === null) continue;
    const way = [...cycle, cycle[0]].map((member) => member?.id).join(' -> ');
    addProblem(draft.problems, 'needs_cycle', cycle[0]?.at ?? step.at, {
      message: 'steps wait for each other in a circle',
      expected: 'an order',
      got: way,
      hint: 'remove one of these needs',
    });
  }
}

/** Walks along `needs` without recursion: a chain may have as many members as the document has lines. */
function cycleFrom(start: Step, steps: ReadonlyMap<string, Step>, done: Set<string>): Step[] | null {
  const path: { step: Step; next: number }[] = done.has(start.id) ? [] : [{ step: start, next: 0 }];
  const onPath = new Set([start.id]);
  while (path.length > 0) {
    const top = path[path.length - 1];
    if (top === undefined) break;
    const need = steps.get(top.step.needs[top.next] ?? '');
    top.next += 1;
    if (top.next > top.step.needs.length) {
      done.add(top.step.id);
      onPath.delete(top.step.id);
      path.pop();
    } else if (need !== undefined && onPath.has(need.id)) {
      for (const { step } of path) done.add(step.id);
      return path.slice(path.findIndex(({ step }) => step.id === need.id)).map(({ step }) => step);
    } else if (need !== undefined && !done.has(need.id)) {
      path.push({ step: need, next: 0 });
      onPath.add(need.id);
    }
  }
  return null;
}
