import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadGrant = () => import('./commands/grant.ts');
const loadSecrets = () => import('./commands/secrets.ts');

const keyHelp = 'their private key (default: where "tminus key create" put it)';

/** Adds who may do what and the secrets: `grant list`, `grant give`, `grant revoke`, `grant group`, `secrets list`, `secrets check`, `secrets rotate`. */
export function addAccessCommands(program: Command, shell: Shell, run: Run): void {
  addGrantCommands(program, shell, run);
  addSecretCommands(program, shell, run);
}

function addGrantCommands(program: Command, shell: Shell, run: Run): void {
  const grant = program.command('grant').description('who may do what in this launch').exitOverride();

  addGlobalOptions(grant.command('list').exitOverride())
    .description('every right that is in force, of the document and of people')
    .option('--all', 'those that ended, too')
    .action((options) => run(options, loadGrant, ({ listGrants }) => listGrants(shell, options)));

  addGlobalOptions(grant.command('give').exitOverride())
    .description('give a right in an environment; the first of a launch names its admin')
    .argument('<holder>', 'id of the person, or with --group of the group')
    .requiredOption('--role <role>', 'viewer, operator, approver, lead or admin')
    .requiredOption('--reason <text>', 'why')
    .option('--as <person>', 'who gives it; left out for the first admin only')
    .option('--key <file>', keyHelp)
    .option('--until <time>', 'RFC 3339 time at which it ends')
    .option('--group', 'the holder is a group')
    .option('--pass-on <grant>', 'a grant of your own, which this one stands on')
    .option('--break-glass', 'in an emergency, a way round the approvals: 1 h alone, 4 h with somebody else')
    .action((holder, options) => run(options, loadGrant, ({ grantRole }) => grantRole(shell, holder, options)));

  addGlobalOptions(grant.command('revoke').exitOverride())
    .description('end a right now, also one that the document gives')
    .argument('[grant]', 'id of the grant, as "tminus grant list" shows it')
    .option('--holder <id>', 'everything that this person or group holds by its own name')
    .requiredOption('--as <person>', 'who ends it')
    .requiredOption('--reason <text>', 'why')
    .option('--key <file>', keyHelp)
    .action((id, options) => run(options, loadGrant, ({ revokeRole }) => revokeRole(shell, id, options)));

  addGlobalOptions(grant.command('group').exitOverride())
    .description('write who is in a group from now on')
    .argument('<id>', 'id of the group')
    .argument('[people...]', 'ids of its people; nobody empties it')
    .requiredOption('--as <person>', 'who writes it; nobody puts themselves into a group')
    .option('--key <file>', keyHelp)
    .action((id, people, options) => run(options, loadGrant, ({ setGroup }) => setGroup(shell, id, people, options)));
}

function addSecretCommands(program: Command, shell: Shell, run: Run): void {
  const secrets = program
    .command('secrets')
    .description('the secrets that the launch declares, never their values')
    .exitOverride();

  addGlobalOptions(secrets.command('list').exitOverride())
    .description('where each is kept, and how old it is')
    .option('--as <person>', 'who looks (default: the installation)')
    .option('--key <file>', keyHelp)
    .action((options) => run(options, loadSecrets, ({ surveyOf }) => surveyOf(shell, { ...options, gate: false })));

  addGlobalOptions(secrets.command('check').exitOverride())
    .description('the same as a gate: exit 4 where one is missing, overdue, or of unknown age')
    .option('--as <person>', 'who looks (default: the installation)')
    .option('--key <file>', keyHelp)
    .option('--allow-unknown-age', 'let pass what no store knows the age of')
    .action((options) => run(options, loadSecrets, ({ surveyOf }) => surveyOf(shell, { ...options, gate: true })));

  addGlobalOptions(secrets.command('rotate').exitOverride())
    .description('put in a new value, run the checks, and go back where one does not pass')
    .argument('<secret>', 'its name in the launch')
    .requiredOption('--as <person>', 'who rotates it')
    .requiredOption('--validate <criterion...>', 'checks that have to pass before and after')
    .option('--key <file>', keyHelp)
    .option('--from <file>', 'file with the new value (default: 32 random bytes)')
    .option('--dry-run', 'look at everything and change nothing')
    .action((secret, options) => run(options, loadSecrets, ({ rotate }) => rotate(shell, secret, options)));
}
