import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadQueue = () => import('./commands/queue.ts');
const loadRecurring = () => import('./commands/recurring.ts');
const loadRehearse = () => import('./commands/rehearse.ts');
const loadRequest = () => import('./commands/request.ts');
const loadRun = () => import('./commands/run.ts');
const loadRunRecord = () => import('./commands/run-record.ts');
const loadStatus = () => import('./commands/status.ts');
const loadWorker = () => import('./commands/worker.ts');

/** Adds `run`, `request`, `rehearse`, `status`, `recurring`, `events`, `log`, `worker`, `queue` and `dead`. */
export function addRunCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('run'))
    .description('run a procedure of the launch live, with its machines and people')
    .argument('[procedure]', 'id of the procedure (default: the only runbook)')
    .requiredOption('--as <person>', 'who asks for it; its steps run for this account')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--t0 <time>', "T-0, RFC 3339 (default: the launch's)")
    .option('--reason <text>', 'why; wanted where the run needs an approval')
    .option('--idempotency-key <key>', 'the same key within 24 hours is the same run')
    .option('--dry-run', 'list what every step would do; ask nothing, write nothing')
    .option('--label <word...>', 'lift change windows that name this word, such as emergency; who approves sees it')
    .option('--detach', 'leave it to the workers')
    .option('--slots <count>', 'steps carried out at once here', '3')
    .action((procedure, options) =>
      run(options, loadRun, (commands) =>
        options.dryRun === true ? commands.dryRun(shell, procedure, options) : commands.run(shell, procedure, options),
      ),
    );
  addRequestAndRehearse(program, shell, run);
  addGlobalOptions(program.command('status'))
    .description('where a run stands: the count, every step, what is waited for and who can act')
    .argument('[run]', 'the run (default: the only open one, else the newest)')
    .option('-f, --follow', 'the countdown, until the run ends')
    .option('--all', 'every run of the launch')
    .action((named, options) => run(options, loadStatus, ({ status }) => status(shell, named, options)));
  addGlobalOptions(program.command('recurring'))
    .description('what recurs: its last proof, what is due, what was missed; exit 4 where something is overdue')
    .action((options) => run(options, loadRecurring, ({ recurring }) => recurring(shell, options)));
  addRecordCommands(program, shell, run);
  addQueueCommands(program, shell, run);
}

function addRequestAndRehearse(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('request'))
    .description(
      'ask for an approval of a run whose approval has expired, or of taking it back past its point of no return',
    )
    .argument('[run]', 'the run (default: the only open one)')
    .requiredOption('--as <person>', 'who asks')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .requiredOption('--reason <text>', 'why; who approves reads it')
    .option('--way-back', 'for "tminus undo" or "cancel --take-back"')
    .action((named, options) => run(options, loadRequest, ({ request }) => request(shell, named, options)));
  addGlobalOptions(program.command('rehearse'))
    .description('run a procedure where it harms nobody: forward, back, and with faults planted, on a clock that jumps')
    .argument('[procedure]', 'id of the procedure (default: the only runbook)')
    .requiredOption('--as <person>', 'who asks for it')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--quick', 'forward and back only, no faults')
    .option('--in-place', 'work in the repository itself (default: in a copy of it)')
    .option('--out <file>', 'where the signed report goes (default: reports/rehearsals/<id>.json of the launch)')
    .action((procedure, options) =>
      run(options, loadRehearse, ({ rehearseCommand }) => rehearseCommand(shell, procedure, options)),
    );
}

function addRecordCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('events'))
    .description('what happened in a run, in order')
    .argument('[run]', 'the run (default: the only open one, else the newest)')
    .option('--after <cursor>', 'only what came after this cursor', '0')
    .option('--type <type>', 'only this type or family, such as step or approval.given')
    .action((named, options) => run(options, loadRunRecord, ({ events }) => events(shell, named, options)));
  addGlobalOptions(program.command('log'))
    .description('what the steps of a run said, secrets masked')
    .argument('<run>', 'the run')
    .argument('[step]', 'only this step')
    .action((named, step, options) => run(options, loadRunRecord, ({ log }) => log(shell, named, step, options)));
}

function addQueueCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('worker'))
    .description(
      'carry out steps of this launch until interrupted; any number of them, on any machine that reaches the database',
    )
    .option('--slots <count>', 'steps carried out at once', '3')
    .option(
      '--recheck <cron>',
      'run the checks that are due on this schedule, five fields, UTC; a missed round raises an alarm',
    )
    .option('--health <host:port>', 'answer /livez and /readyz there, for whoever keeps the process running')
    .option('--log <format>', 'write a line for everything that happens to stderr, as json or text')
    .option('--grace <seconds>', 'how long what runs may take to end when interrupted', '30')
    .action((options) => run(options, loadWorker, ({ worker }) => worker(shell, options)));
  addGlobalOptions(program.command('queue'))
    .description('the queues and the workers')
    .action((options) => run(options, loadQueue, ({ queue }) => queue(shell, options)));
  const dead = program.command('dead').description('jobs that nobody could carry out').exitOverride();
  addGlobalOptions(dead.command('list').exitOverride())
    .description('list them, with the last reason')
    .action((options) => run(options, loadQueue, ({ deadList }) => deadList(shell, options)));
  for (const act of ['requeue', 'archive'] as const) {
    addGlobalOptions(dead.command(act).exitOverride())
      .description(act === 'requeue' ? 'send them again, with all their tries' : 'set them aside')
      .argument('[letter...]', 'their ids')
      .option('--all', 'all that wait now')
      .requiredOption('--as <person>', 'who does it')
      .option('--key <file>', 'their private key')
      .requiredOption('--reason <text>', 'why')
      .option('--dry-run', 'count them, change nothing')
      .action((ids, options) => run(options, loadQueue, ({ deadAct }) => deadAct(shell, act, { ids, options })));
  }
}
