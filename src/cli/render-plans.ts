import { planGraph } from '../core/plan/plan-graph.ts';
import type { Plan } from '../core/plan/plan.ts';
import { planStatuses } from '../core/plan/plan.ts';
import type { PlanViews, PlanWith } from '../core/plan/plan-views.ts';
import type { Palette } from './terminal.ts';

/** The views of plan files for a terminal: what contradicts itself first, then what can be begun and what waits, then the graph. */
export function renderPlans(plans: readonly Plan[], views: PlanViews, palette: Palette): string {
  const titles = new Map(plans.map(({ id, title }) => [id, title]));
  const named = (id: string): string => (titles.get(id) === id ? id : `${id}  ${palette.dim(titles.get(id) ?? '')}`);
  const waits = ({ id, names }: PlanWith): string => `${id}  ${palette.dim(`waits for ${names.join(', ')}`)}`;
  const sections: [string, string[]][] = [
    [palette.red('Cannot be true'), toFaults(views)],
    [palette.green('Ready'), views.ready.map(named)],
    ['Waiting for something outside', views.awaiting.map(waits)],
    ['Waiting for another plan', views.blockedByDependency.map(waits)],
    ['Blocked', views.blocked.map((blocked) => toBlocked(blocked, { plans, views, palette }))],
    ['Done, and no pull request is named', views.doneWithoutPr.map(named)],
    [`Longest chain, ${views.longestChain.length} plans`, [views.longestChain.join(' -> ')]],
    ['Graph: each plan below what it waits for', toGraph(plans, views, palette)],
  ];
  const shown = sections.filter(([, lines]) => lines.some((line) => line !== ''));
  const body = shown.flatMap(([title, lines]) => ['', palette.bold(title), ...lines.map((line) => `  ${line}`)]);
  return `${[countByStatus(plans), ...body].join('\n')}\n`;
}

function countByStatus(plans: readonly Plan[]): string {
  const counts = [...planStatuses, null].map(
    (status) => [status ?? 'without status', plans.filter((plan) => plan.status === status).length] as const,
  );
  const told = counts.filter(([, count]) => count > 0).map(([word, count]) => `${count} ${word}`);
  return `${plans.length} ${plans.length === 1 ? 'plan' : 'plans'}: ${told.join(', ')}`;
}

function toFaults(views: PlanViews): string[] {
  return [
    ...views.cycles.map((cycle) => `wait for each other: ${[...cycle, cycle[0]].join(' -> ')}`),
    ...views.dangling.map(({ id, names }) => `${id} depends on ${names.join(', ')}, which no plan is called`),
    ...views.doneWithOpenDependency.map(({ id, names }) => `${id} is done, its dependency is not: ${names.join(', ')}`),
    ...views.duplicates.map((id) => `${id} is the name of several plans`),
    ...views.withoutStatus.map((id) => `${id} has no status: expected ${planStatuses.join(' | ')}`),
  ];
}

function toBlocked(
  { id, reason }: PlanViews['blocked'][number],
  { plans, views, palette }: { plans: readonly Plan[]; views: PlanViews; palette: Palette },
): string {
  if (views.blockedWithoutReason.includes(id)) return `${id}  ${palette.yellow('no reason is given')}`;
  const awaited = plans.find((plan) => plan.id === id)?.awaits ?? [];
  const why = reason ?? (awaited.length > 0 ? `waits for ${awaited.join(', ')}` : null);
  return why === null ? id : `${id}  ${palette.dim(why)}`;
}

/** A plan stands one step further in than the deepest of what it waits for. */
function toGraph(plans: readonly Plan[], { order }: PlanViews, palette: Palette): string[] {
  const { needs } = planGraph(plans);
  const statuses = new Map(plans.map(({ id, status }) => [id, status]));
  const depths = new Map<string, number>();
  return order.map((id) => {
    const names = needs.get(id) ?? [];
    const depth = names.reduce((deepest, name) => Math.max(deepest, (depths.get(name) ?? 0) + 1), 0);
    depths.set(id, depth);
    const behind = names.length === 0 ? '' : palette.dim(`  <- ${names.join(', ')}`);
    return `${(statuses.get(id) ?? 'no status').padEnd(12)}${'  '.repeat(depth)}${id}${behind}`;
  });
}
