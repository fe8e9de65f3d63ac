/** Views of the runbook, by their names in its address. */
export const runbookViews = ['timeline', 'steps', 'graph', 'compare', 'approvals', 'events'] as const;

export type RunbookView = (typeof runbookViews)[number];

/** True for the name of a view of the runbook. */
export function isRunbookView(name: unknown): name is RunbookView {
  return runbookViews.some((one) => one === name);
}
