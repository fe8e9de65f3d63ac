import type { Command } from '@commander-js/extra-typings';

import type { Hold } from '../core/procedure/run.ts';
import { addDeed } from './add-deed.ts';
import { deed } from './commands/deed.ts';
import type { DeedOptions } from './commands/deed.ts';
import { holdScope, liftScope } from './commands/hold-scope.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

/** Adds `hold` and `resume`. */
export function addHoldDeeds(program: Command, shell: Shell, run: Run): void {
  addHold(program, shell, run);
  addResume(program, shell, run);
}

function addHold(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'hold', 'keep back every further step of a run, or one step, or all that touch an asset')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .option('--id <id>', 'name of the hold (default: the next that is free, hold-1, hold-2 ...)')
    .option('--scope <scope>', 'run, launch, environment or global: hold every run there, and those that come', 'run')
    .option('--step <step>', 'hold this step only')
    .option('--asset <asset>', 'hold the steps that touch this asset')
    .option('--now', 'stop what runs, too (default: let it end)')
    .option('--keep-counting', 'let T-time go on (default: it stands still, and T-0 moves)')
    .action((named, options) =>
      run(options, () =>
        options.scope === 'run'
          ? deed(shell, options, {
              run: named ?? null,
              toInput: ({ run: now, by, reason }) => ({ kind: 'hold', hold: toHold(now, options), by, reason }),
            })
          : holdScope(shell, { ...options, id: options.id ?? `hold-${options.scope}` }),
      ),
    );
}

function addResume(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'resume', 'lift a hold')
    .argument('[run]', 'the run (default: the only open one)')
    .option('--id <id>', 'name of the hold (default: the only one)')
    .option(
      '--everywhere',
      'lift a hold that was put with --scope, named by --id (hold-launch, hold-environment, hold-global)',
    )
    .requiredOption('--reason <text>', 'why it may go on')
    .action((named, options) =>
      run(options, () =>
        options.everywhere === true
          ? liftScope(shell, options)
          : deed(shell, options, {
              run: named ?? null,
              toInput: ({ run: now, by, reason }) => ({
                kind: 'release',
                hold: options.id ?? onlyHold(now),
                by,
                reason,
              }),
            }),
      ),
    );
}

interface HoldOptions extends DeedOptions {
  id?: string;
  step?: string;
  asset?: string;
  now?: boolean;
  keepCounting?: boolean;
}

type Held = { holds: readonly { id: string }[] };

function toHold(
  run: Held,
  { id = freeId(run), step, asset, now, keepCounting }: HoldOptions,
): Pick<Hold, 'id' | 'scope' | 'subject' | 'mode' | 'count'> {
  const rest = {
    id,
    mode: now === true ? 'now' : 'boundary',
    count: keepCounting === true ? 'runs' : 'stops',
  } as const;
  if (step !== undefined) return { ...rest, scope: 'step', subject: step };
  return asset === undefined ? { ...rest, scope: 'run', subject: null } : { ...rest, scope: 'asset', subject: asset };
}

/** The hold of one person never stands in for that of another. */
function freeId({ holds }: Held): string {
  for (let count = 1; ; count += 1) if (holds.every(({ id }) => id !== `hold-${count}`)) return `hold-${count}`;
}

/** Holds of people and watches, and the built-in hold at which the count stands; core refuses a name that is none. */
function onlyHold({
  holds,
  clock,
}: {
  holds: readonly { id: string }[];
  clock: { stops: readonly { id: string }[] } | null;
}): string {
  return holds[0]?.id ?? clock?.stops[0]?.id ?? '(none)';
}
