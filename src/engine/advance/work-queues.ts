import type { QueueDefinition } from '../delivery.ts';

/**
 * Steps to be carried out and probed. The tries are those of the delivery and not of the step: a job that is delivered again only reports that its
 * worker was lost, and what becomes of the step is decided by `core/procedure`.
 */
export const stepQueue: QueueDefinition = { name: 'steps', attempts: 5, backoffSeconds: 1, backoffMaxSeconds: 15 };

/**
 * Everything else: looking for stop conditions, telling people, sweeping what was written. Tried for a quarter of an hour before somebody has to look: a
 * stop condition that is not looked for any more would be worse than a late one.
 */
export const choreQueue: QueueDefinition = { name: 'chores', attempts: 20, backoffSeconds: 2, backoffMaxSeconds: 60 };

/** Rounds of checks on schedule. */
export const recheckQueue: QueueDefinition = { name: 'recheck', attempts: 3, backoffSeconds: 5, backoffMaxSeconds: 60 };

/**
 * Slots of procedures that recur, each on its way to become a run. Tried for some minutes; then somebody has to look, and the slot that did not begin raises an
 * alarm of its own.
 */
export const recurringQueue: QueueDefinition = {
  name: 'recurring',
  attempts: 8,
  backoffSeconds: 2,
  backoffMaxSeconds: 60,
};

/** Events on their way out to webhooks: tried for an hour, then somebody has to look. */
export const webhookQueue: QueueDefinition = {
  name: 'webhooks',
  attempts: 12,
  backoffSeconds: 5,
  backoffMaxSeconds: 900,
};

/** Notices on their way to people: tried for an hour, then somebody has to look. */
export const noticeQueue: QueueDefinition = {
  name: 'notices',
  attempts: 12,
  backoffSeconds: 5,
  backoffMaxSeconds: 900,
};

export const workQueues: readonly QueueDefinition[] = [
  stepQueue,
  choreQueue,
  recheckQueue,
  recurringQueue,
  webhookQueue,
  noticeQueue,
];

/** What a job of `steps` says. */
export type StepJob =
  | { do: 'run'; run: string; step: string; attempt: number; readyAtMs: number }
  | { do: 'probe'; run: string; step: string; attempt: number };

/** What a job of `chores` says. */
export type Chore =
  | { do: 'watch'; run: string; kind: 'stop' | 'return'; watch: string }
  | { do: 'tell'; run: string; what: string; step: string | null; people: string[]; text: string }
  | { do: 'send'; run: string; message: number; what: string; people: string[]; text: string }
  | { do: 'begin'; run: string }
  | { do: 'sweep'; run: string };
