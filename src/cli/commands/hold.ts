import type { Hold } from '../../core/procedure/run.ts';
import { freeHoldId } from '../../engine/runs/do-deed.ts';
import type { CommandResult } from '../command-result.ts';
import { onlyHold } from '../only-hold.ts';
import { refuseBesides } from '../refuse-besides.ts';
import type { Shell } from '../shell.ts';
import { deed } from './deed.ts';
import type { DeedOptions } from './deed.ts';
import { holdScope, liftScope } from './hold-scope.ts';

/** Keeps back every further step of a run, one step, or all that touch an asset; with another scope every run there, and those that come. */
export async function hold(shell: Shell, named: string | undefined, options: HoldOptions): Promise<CommandResult> {
  const { scope, step, asset } = options;
  if (scope === 'run')
    return deed(shell, options, {
      run: named ?? null,
      toInput: ({ run, by, reason }) => ({ kind: 'hold', hold: toHold(run, options), by, reason }),
    });
  refuseBesides(`--scope ${scope}`, { run: named, '--step': step, '--asset': asset }, options);
  return holdScope(shell, { ...options, id: options.id ?? `hold-${scope}` });
}

/** Lifts the hold of a run, or one that was put on everything of a scope. */
export async function resume(shell: Shell, named: string | undefined, options: ResumeOptions): Promise<CommandResult> {
  if (options.everywhere === true) return liftScope(shell, refuseBesides('--everywhere', { run: named }, options));
  return deed(shell, options, {
    run: named ?? null,
    toInput: ({ run, by, reason }) => ({ kind: 'release', hold: options.id ?? onlyHold(run), by, reason }),
  });
}

interface ResumeOptions extends DeedOptions {
  reason: string;
  id?: string;
  everywhere?: boolean;
}

interface HoldOptions extends DeedOptions {
  reason: string;
  id?: string;
  scope: string;
  step?: string;
  asset?: string;
  now?: boolean;
  keepCounting?: boolean;
}

type Held = { holds: readonly { id: string }[] };

function toHold(
  run: Held,
  { id = freeHoldId(run), step, asset, now, keepCounting }: HoldOptions,
): Pick<Hold, 'id' | 'scope' | 'subject' | 'mode' | 'count'> {
  const rest = {
    id,
    mode: now === true ? 'now' : 'boundary',
    count: keepCounting === true ? 'runs' : 'stops',
  } as const;
  refuseBesides('--step', { '--asset': step === undefined ? undefined : asset }, {});
  if (step !== undefined) return { ...rest, scope: 'step', subject: step };
  return asset === undefined ? { ...rest, scope: 'run', subject: null } : { ...rest, scope: 'asset', subject: asset };
}
