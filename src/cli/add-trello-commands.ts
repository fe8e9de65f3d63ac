import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { TaskListDeed } from './commands/task-list.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadTaskList = () => import('./commands/task-list.ts');
const loadTrello = () => import('./commands/trello.ts');

const key = ['--key <file>', 'their private key (default: where "tminus key create" put it)'] as const;

/** Adds `trello redact`, `approve`, `plan`, `import` and `rollback`. */
export function addTrelloCommands(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('trello')
    .description('bring the export of a board into a launch: redact, approve, look, write, take back')
    .exitOverride();
  addGlobalOptions(group.command('redact').exitOverride())
    .description('take out of an export what nobody allowed, and write what is left with its account')
    .argument('<export>', 'the JSON export of a board')
    .requiredOption('--out <dir>', 'a folder that is not there yet')
    .requiredOption('--seed <secret>', 'name of the secret that pseudonyms are made under')
    .requiredOption('--as <person>', 'who redacts')
    .option(...key)
    .option('--recipient <key...>', 'age recipients who may see the people behind pseudonyms (default: nobody)')
    .action((file, options) => run(options, loadTrello, ({ trelloRedact }) => trelloRedact(shell, file, options)));
  addGlobalOptions(group.command('approve').exitOverride())
    .description('sign that the sample of a redacted board was looked through; an import refuses every other file')
    .argument('<folder>', 'what "trello redact" wrote')
    .requiredOption('--as <person>', 'who has looked')
    .option(...key)
    .requiredOption('--comment <text>', 'what was seen; it stands in what is signed')
    .action((folder, options) =>
      run(options, loadTrello, ({ trelloApprove }) => trelloApprove(shell, folder, options)),
    );
  const addOnBoard = (name: string, description: string, act: 'trelloPlan' | 'trelloImport' | 'trelloRollback'): void =>
    void addGlobalOptions(group.command(name).exitOverride())
      .description(description)
      .argument('<folder>', 'a redacted board that was approved')
      .argument('<dataset...>', 'ids of datasets, parents first')
      .requiredOption('--as <person>', 'who asks for it')
      .option(...key)
      .option('--list <name...>', 'lists that are worked on (default: Preparation, Announced, After event)')
      .option('--type <label...>', 'labels that stand for a type of workflow')
      .option('--known <pseudonym...>', 'pseudonyms that somebody has matched with a person')
      .action((folder, datasets, options) =>
        run(options, loadTrello, (commands) => commands[act](shell, { folder, datasets, options })),
      );
  addOnBoard('plan', 'count what an import would do with every item, and why; changes no byte', 'trelloPlan');
  addOnBoard('import', 'write what was planned; a second time nothing is created', 'trelloImport');
  addOnBoard('rollback', 'take the newest import back, and nothing that people have edited since', 'trelloRollback');
}

/** Adds `tasks plan`, `import` and `rollback`: lists of tasks as people keep them in a table. */
export function addTaskListCommands(program: Command, shell: Shell, run: Run): void {
  const group = program
    .command('tasks')
    .description('bring a list of tasks into a launch, by its columns description, date, status and proof')
    .exitOverride();
  const add = (name: TaskListDeed, description: string): void =>
    void addGlobalOptions(group.command(name).exitOverride())
      .description(description)
      .argument('<dataset>', 'id of the dataset whose source is the list')
      .requiredOption('--as <person>', 'who asks for it')
      .option(...key)
      .action((dataset, options) =>
        run(options, loadTaskList, ({ taskList }) => taskList(shell, name, { dataset, options })),
      );
  add('plan', 'count what an import would do with every line, and why; changes no byte');
  add('import', 'write what was planned; a second time nothing is created');
  add('rollback', 'take the newest import back, and nothing that people have edited since');
}
