import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadRollout = () => import('./commands/rollout.ts');
const loadRolloutImport = () => import('./commands/rollout-import.ts');

const as = ['--as <person>', 'who does it, as the launch names them'] as const;
const key = ['--key <file>', 'their private key (default: where "tminus key create" put it)'] as const;
const label = ['--label <word...>', 'words that lift a change window which names them'] as const;

/** Adds `rollout plan`, `start`, `status`, `promote`, `hold`, `resume`, `abort`, `note` and `import`. */
export function addRolloutCommands(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('rollout')
    .description('shift traffic to the canary, judge it beside the stable arm, take it back')
    .exitOverride();
  addPlan(group, shell, run);
  addStart(group, shell, run);
  addStatus(group, shell, run);
  addDeedOf(group, 'promote', 'go on to the next phase although the measures do not say so yet', { shell, run });
  addDeedOf(group, 'hold', 'keep the weight where it is; what is measured is still judged', { shell, run });
  addDeedOf(group, 'resume', 'go on from a hold', { shell, run });
  addDeedOf(group, 'abort', 'give the canary nothing any more, at any phase', { shell, run });
  addDeedOf(group, 'note', 'leave the word that a phase waits for', { shell, run });
  addImport(group, shell, run);
}

function addPlan(group: Command, shell: Shell, run: Run): void {
  addGlobalOptions(group.command('plan').exitOverride())
    .description(
      'phases, what they will be able to see at this traffic, what routers and sources say now, and what stands against it; moves nothing',
    )
    .argument('[rollout]', 'id of the rollout (default: the only one)')
    .requiredOption(...as)
    .option(...key)
    .option(...label)
    .option('--watch <length>', 'how long traffic is counted for (default: 10s)')
    .option('--rps <number>', 'requests a second to expect, where now is not like then')
    .action((name, options) => run(options, loadRollout, ({ rolloutPlan }) => rolloutPlan(shell, name, options)));
}

function addStart(group: Command, shell: Shell, run: Run): void {
  addGlobalOptions(group.command('start').exitOverride())
    .description('begin it, and carry it here until it ends or a person has to decide')
    .argument('[rollout]', 'id of the rollout (default: the only one)')
    .requiredOption(...as)
    .option(...key)
    .requiredOption('--reason <text>', 'why; it stands in the journal')
    .option(...label)
    .option('--watch <length>', 'how long traffic is counted before (default: 10s)')
    .option('--blind <reason>', 'why it may begin although it cannot see its own limit at this traffic')
    .option('--detach', 'leave it to the workers')
    .action((name, options) => run(options, loadRollout, ({ rolloutStart }) => rolloutStart(shell, name, options)));
}

function addStatus(group: Command, shell: Shell, run: Run): void {
  addGlobalOptions(group.command('status').exitOverride())
    .description('where it stands: weight, verdicts, exposed requests, and everything that happened')
    .argument('[rollout]', 'id of a rollout, or of one that was started (default: the open one, else the newest)')
    .option('--follow', 'tell what happens until it ends')
    .action((id, options) => run(options, loadRollout, ({ rolloutStatus }) => rolloutStatus(shell, id, options)));
}

function addDeedOf(
  group: Command,
  kind: 'promote' | 'hold' | 'resume' | 'abort' | 'note',
  description: string,
  { shell, run }: { shell: Shell; run: Run },
): void {
  addGlobalOptions(group.command(kind).exitOverride())
    .description(description)
    .argument('[rollout]', 'id of a rollout, or of one that was started (default: the open one)')
    .requiredOption(...as)
    .option(...key)
    .requiredOption('--reason <text>', kind === 'note' ? 'what is to be said' : 'why')
    .option('--expected-version <version>', 'refuse where it is no longer as "rollout status" showed it')
    .action((id, options) => run(options, loadRollout, ({ rolloutDeed }) => rolloutDeed(shell, { kind, id }, options)));
}

function addImport(group: Command, shell: Shell, run: Run): void {
  addGlobalOptions(group.command('import').exitOverride())
    .description(
      'print what Argo Rollouts, Flagger, Keptn or Kayenta declare as drafts of rollout fences; writes nothing',
    )
    .argument('<file>', 'YAML or JSON')
    .option('--source <name>', 'metric source of the launch that its measures are read from', '')
    .action((file, options) =>
      run(options, loadRolloutImport, ({ importRolloutFile }) =>
        Promise.resolve(importRolloutFile(shell, file, options.source)),
      ),
    );
}
