/** How long an action of one class may take. All values in milliseconds, `exec` for the whole, `step` for one step, `lease` for its claim. */
export interface ActionLimits {
  execMs: number;
  stepMs: number;
  leaseMs: number;
  /** How often the claim may be renewed before the class is taken to be wrong. */
  maxRenewals: number;
  maxAttempts: number;
  writes: boolean;
}

/** The time limits by action class (O08), and attempts by speed (O10). A person has a day, after which others are called. */
export const actionClasses = {
  fast_read: limits([10, 5, 15], 2, false),
  medium_read: limits([30, 15, 45], 3, false),
  medium_modify: limits([30, 20, 60], 3, true),
  long_read: limits([600, 60, 180], 5, false),
  long_modify: limits([600, 120, 360], 5, true),
  long_deploy: limits([600, 180, 540], 5, true),
  human: limits([86_400, 86_400, 86_400], 1, true),
} as const satisfies Record<string, ActionLimits>;

export type ActionClass = keyof typeof actionClasses;

/** Whether a word names a class. */
export function isActionClass(word: string): word is ActionClass {
  return Object.hasOwn(actionClasses, word);
}

/** O01: the SLA class by the limit of the whole: fast below 10 s, medium up to 30 s, long above. */
export function slaOf(execMs: number): 'fast' | 'medium' | 'long' {
  if (execMs < 10_000) return 'fast';
  return execMs <= 30_000 ? 'medium' : 'long';
}

function limits(
  seconds: [exec: number, step: number, lease: number],
  maxAttempts: number,
  writes: boolean,
): ActionLimits {
  const [exec, step, lease] = seconds;
  return { execMs: exec * 1_000, stepMs: step * 1_000, leaseMs: lease * 1_000, maxRenewals: 3, maxAttempts, writes };
}
