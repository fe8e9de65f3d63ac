/** The public types of events and what each means, in four families (O15). Nothing else is ever sent. */
export const runEventTypes = {
  'execution.created': 'the run was made; `state` says whether it waits for an approval',
  'execution.queued': 'it waits for its start: approved, or handed to the workers',
  'execution.started': 'it began, or its way back began (`state`)',
  'execution.held': 'it does not go on: held, waiting for people, of unknown outcome, or being stopped (`state`)',
  'execution.resumed': 'a hold was lifted, or nothing keeps it back any more',
  'execution.completed': 'every step is done',
  'execution.failed': 'it ended without being done; `state` says how: failed, timed_out or partial',
  'execution.cancelled': 'it was called off or taken back, as asked; `state` says which: cancelled or rolled_back',
  'step.waiting':
    'it waits; `for` says for what: worker, person, time, turn (its needs, its time and the holds on it) or outcome (nobody can tell it)',
  'step.started': 'a worker began it; `attempt` says which time',
  'step.progress': 'something about it changed and its state did not, or it is being looked at after an interruption',
  'step.completed': 'it is done',
  'step.failed': 'it failed or ran out of time (`state`)',
  'step.skipped': 'it will not be done: skipped by a person, or called off with the run (`state`)',
  'approval.requested': 'the run wants an approval of a `level`',
  'approval.given': 'an approval was handed in and holds',
  'approval.rejected': 'a person who may decide said no; the run has ended',
  'system.notice':
    'people are called or told, the count or the point of no return moved, or an input was refused (`what`)',
} as const satisfies { [type: `${'execution' | 'step' | 'approval' | 'system'}.${string}`]: string };

export type RunEventType = keyof typeof runEventTypes;

/** The types as a Markdown table for the reference. */
export function renderEventTypes(): string {
  const rows = Object.entries(runEventTypes).map(([type, meaning]) => `| \`${type}\` | ${meaning} |`);
  return ['| type | meaning |', '|---|---|', ...rows].join('\n');
}
