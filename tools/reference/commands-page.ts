import type { Argument, Command, Option } from 'commander';

import { buildProgram } from '../../src/cli/program.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { exitMeanings } from './error-meanings.ts';
import { generatedBy, toTable } from './page.ts';

/** The reference page of the command line, made from the tree of commands itself. */
export function toCommandsPage(): string {
  const printed: string[] = [];
  const program = toProgram(printed);
  const commands = leavesOf(program).filter((command) => command.name() !== 'help');
  const shared = sharedOptions(commands);
  const exits = Object.entries(exitMeanings).map(([exit, meaning]) => [exit, meaning]);
  const sections = commands.map((command) => toSection(command, { shared, printed }));
  return `${[
    introduction(program),
    toTable(
      ['command', 'does'],
      commands.map((each) => [`[\`${pathOf(each)}\`](#${anchorOf(each)})`, each.description()]),
    ),
    '## Options of most commands',
    toTable(
      ['option', ''],
      shared.map((option) => [`\`${option.flags}\``, option.description]),
    ),
    '## Exit codes',
    toTable(['exit', 'says'], exits),
    'What each error means is in [Errors](errors.md).',
    ...sections,
  ].join('\n\n')}\n`;
}

function introduction(program: Command): string {
  return `# Commands

${generatedBy}

${program.description()}. From a checkout, \`npm run -s tminus -- ARGUMENTS\` is \`tminus ARGUMENTS\`; \`npm link\` puts \`tminus\` on your PATH.
Results go to stdout, progress and errors to stderr.`;
}

/** The real tree of commands over a shell that touches nothing; no command of it is ever run. */
export function toProgram(printed: string[]): Command {
  const out = (text: string | Uint8Array): void => void printed.push(String(text));
  const shell: Shell = {
    terminal: openTerminal({ write: out }, { write: out }, {}),
    directory: '.',
    env: {},
    installation: '.',
    version: '0.0.0',
    loadKinds: () => Promise.resolve([]),
    loadStepKinds: () => Promise.resolve([]),
    loadReaders: () => Promise.resolve({ checks: [], steps: [] }),
    signal: new AbortController().signal,
    // Nothing is run: the page is made from the names of commands and options.
    openServer: () => Promise.reject(new Error('the reference page opens no server')),
  };
  return buildProgram(shell, () => Promise.resolve()) as unknown as Command;
}

/** A group has no options; what has some does something by itself, too, such as `slo` beside `slo import`. */
function leavesOf(command: Command): Command[] {
  if (command.commands.length === 0) return [command];
  const below = command
    .createHelp()
    .visibleCommands(command)
    .flatMap((each) => leavesOf(each));
  return command.parent !== null && command.options.length > 0 ? [command, ...below] : below;
}

/** Options that at least half of the commands take, in the same words. */
function sharedOptions(commands: readonly Command[]): Option[] {
  const all = commands.flatMap((command) => command.options);
  const first = all.filter((option, index) => all.findIndex((other) => isSame(option, other)) === index);
  return first.filter((option) => all.filter((other) => isSame(option, other)).length * 2 >= commands.length);
}

function isSame(a: Option, b: Option): boolean {
  return a.flags === b.flags && a.description === b.description;
}

function toSection(command: Command, page: { shared: readonly Option[]; printed: string[] }): string {
  const own = command.options.filter((option) => !page.shared.some((each) => isSame(each, option)));
  const isFull = page.shared.every((each) => command.options.some((option) => isSame(each, option)));
  const rows = [
    ...command.registeredArguments.map((argument) => toArgumentRow(argument)),
    ...own.map((option) => toOptionRow(option)),
  ];
  return [
    `## ${pathOf(command)}`,
    `${command.description().replace(/^./, (letter) => letter.toUpperCase())}.`,
    `\`\`\`\n${pathOf(command)} ${command.usage()}\n\`\`\``,
    ...(rows.length > 0 ? [toTable(['', '', 'default'], rows)] : []),
    ...(isFull ? ['Also the [options of most commands](#options-of-most-commands).'] : []),
    ...examplesOf(command, page.printed),
  ].join('\n\n');
}

function toArgumentRow(argument: Argument): string[] {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  const written = argument.required ? `<${name}>` : `[${name}]`;
  return [`\`${written}\``, argument.description, argument.required ? 'required' : toDefault(argument.defaultValue)];
}

function toOptionRow(option: Option): string[] {
  return [`\`${option.flags}\``, option.description, option.mandatory ? 'required' : toDefault(option.defaultValue)];
}

function toDefault(value: unknown): string {
  return typeof value === 'string' && value !== '' ? `\`${value}\`` : '';
}

/** What stands behind the options in the help of a command: its examples and its exit codes. */
function examplesOf(command: Command, printed: string[]): string[] {
  printed.length = 0;
  command.outputHelp();
  const text = printed.join('').slice(command.helpInformation().length).trim();
  if (text === '') return [];
  const lines = text.split('\n');
  const examples = lines.filter((line) => line.startsWith('  ')).map((line) => line.slice(2));
  const notes = lines.filter((line) => !line.startsWith('  ') && line !== 'Examples:' && line !== '');
  return [
    ...(examples.length > 0 ? [`\`\`\`\n${examples.join('\n')}\n\`\`\``] : []),
    ...notes.map((note) => `${note.replace(/\.$/, '')}.`),
  ];
}

function pathOf(command: Command): string {
  const names: string[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) names.unshift(each.name());
  return names.join(' ');
}

function anchorOf(command: Command): string {
  return pathOf(command).replaceAll(' ', '-');
}
