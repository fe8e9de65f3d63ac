import type { Command } from '@commander-js/extra-typings';

import type { Hold } from '../core/procedure/run.ts';
import { addGlobalOptions } from './add-global-options.ts';
import { deed, toProof } from './commands/deed.ts';
import type { DeedOptions } from './commands/deed.ts';
import { holdScope, liftScope } from './commands/hold-scope.ts';
import { toInstant } from './commands/run.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

/** Adds what people do to a run: each deed has a person, a role and, where it is no simple yes, a reason. */
export function addDeedCommands(program: Command, shell: Shell, run: Run): void {
  addStepDeeds(program, shell, run);
  addHoldDeeds(program, shell, run);
  addRunDeeds(program, shell, run);
}

function addDeed(program: Command, name: string, description: string) {
  return addGlobalOptions(program.command(name))
    .description(description)
    .requiredOption('--as <person>', 'who does it, as the launch names them')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--role <role>', 'the role they act in (default: the one that is asked for)');
}

function addStepDeed(program: Command, name: string, description: string) {
  return addDeed(program, name, description)
    .argument('<step>', 'id of the step')
    .option('--run <run>', 'the run (default: the only open one)');
}

function addStepDeeds(program: Command, shell: Shell, run: Run): void {
  addStepDeed(program, 'confirm', 'close a step that waits for you, with the proof that it asks for')
    .option('--proof <value>', 'a url, a file, a status, a comment')
    .action((step, options) =>
      run(options, () =>
        deed(shell, options, {
          step,
          toInput: ({ run: now, by }) => ({
            kind: 'confirm',
            step,
            by,
            proof: toProof(shell, now, step, options.proof),
          }),
        }),
      ),
    );
  const reasoned = [
    ['decline', 'say that a step that waits for you did not work'],
    ['skip', 'leave a step out; it stays with the run, with your reason'],
    ['retry', 'have a failed or unknown step done again'],
    ['begin-late', 'let a step begin although it is late'],
  ] as const;
  for (const [name, description] of reasoned) {
    const kind = name === 'begin-late' ? 'permit_late' : name;
    addStepDeed(program, name, description)
      .requiredOption('--reason <text>', 'why')
      .action((step, options) =>
        run(options, () => deed(shell, options, { step, toInput: ({ by, reason }) => ({ kind, step, by, reason }) })),
      );
  }
  addStepDeed(program, 'settle', 'say what became of a step whose outcome nobody could tell')
    .requiredOption('--reason <text>', 'what you saw')
    .option('--failed', 'it did not take effect (default: it did)')
    .action((step, options) =>
      run(options, () =>
        deed(shell, options, {
          step,
          toInput: ({ by, reason }) => ({
            kind: 'settle',
            step,
            outcome: options.failed === true ? 'failed' : 'done',
            by,
            reason,
          }),
        }),
      ),
    );
}

function addHoldDeeds(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'hold', 'keep back every further step of a run, or one step, or all that touch an asset')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .option('--id <id>', 'name of the hold', 'hold')
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
              toInput: ({ by, reason }) => ({ kind: 'hold', hold: toHold(options), by, reason }),
            })
          : holdScope(shell, options),
      ),
    );
  addDeed(program, 'resume', 'lift a hold')
    .argument('[run]', 'the run (default: the only open one)')
    .option('--id <id>', 'name of the hold (default: the only one)')
    .option('--everywhere', 'lift a hold that was put with --scope, named by --id')
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
  id: string;
  step?: string;
  asset?: string;
  now?: boolean;
  keepCounting?: boolean;
}

function toHold({
  id,
  step,
  asset,
  now,
  keepCounting,
}: HoldOptions): Pick<Hold, 'id' | 'scope' | 'subject' | 'mode' | 'count'> {
  const rest = {
    id,
    mode: now === true ? 'now' : 'boundary',
    count: keepCounting === true ? 'runs' : 'stops',
  } as const;
  if (step !== undefined) return { ...rest, scope: 'step', subject: step };
  return asset === undefined ? { ...rest, scope: 'run', subject: null } : { ...rest, scope: 'asset', subject: asset };
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

function addRunDeeds(program: Command, shell: Shell, run: Run): void {
  addDeed(program, 'retarget', 'move T-0; what hangs on the count moves with it')
    .argument('<t0>', 'the new T-0, RFC 3339 with its offset')
    .option('--run <run>', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .action((t0, options) =>
      run(options, () =>
        deed(shell, options, { toInput: ({ by, reason }) => ({ kind: 'retarget', t0Ms: toInstant(t0), by, reason }) }),
      ),
    );
  addDeed(program, 'recycle', 'take the count back to a declared point')
    .argument('<point>', 'id of the recycle point')
    .option('--run <run>', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .action((point, options) =>
      run(options, () =>
        deed(shell, options, { toInput: ({ by, reason }) => ({ kind: 'recycle', point, by, reason }) }),
      ),
    );
  addDeed(program, 'cancel', 'call a run off: what runs is asked to end, nothing more begins')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .option('--take-back', 'take back what was done, newest first')
    .action((named, options) =>
      run(options, () =>
        deed(shell, options, {
          run: named ?? null,
          toInput: ({ by, reason, wayBack }) => ({
            kind: 'cancel',
            cause: 'user_initiated',
            takeBack: options.takeBack === true,
            approval: wayBack,
            by,
            reason,
          }),
        }),
      ),
    );
  addDeed(program, 'undo', 'take back what a run has done, newest first')
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--reason <text>', 'why')
    .action((named, options) =>
      run(options, () =>
        deed(shell, options, {
          run: named ?? null,
          toInput: ({ by, reason, wayBack }) => ({ kind: 'undo', approval: wayBack, by, reason }),
        }),
      ),
    );
}
