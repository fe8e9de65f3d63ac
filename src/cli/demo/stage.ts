import { spawn } from 'node:child_process';

import type { Shell } from '../shell.ts';

/** What a command came to on the stage. */
export interface Performed {
  command: string;
  exit: number | null;
  output: string;
}

/** Something went otherwise than the story says; the demo then ends with an error. */
export class StoryFault extends Error {}

/** The stage that the scenes play on: shows what is done as a person would type it, and holds it to what the story says. */
export interface Stage {
  say(text: string): void;
  /** Runs `tminus ARGS` as a process of its own in the launch repository and holds it to the exit code. */
  tminus(args: readonly string[], exit: number): Promise<Performed>;
  /** Runs plain `node ARGS` with nothing of the environment but PATH, as a stranger would. */
  node(args: readonly string[], exit: number): Promise<Performed>;
  /** Throws a StoryFault where the text does not contain what the story says. */
  expect(performed: Performed, ...texts: string[]): void;
  readonly performed: readonly Performed[];
}

/** Opens a stage in a directory; `quiet` shows nothing, for `--json`. */
export function openStage(shell: Shell, directory: string, quiet: boolean): Stage {
  const performed: Performed[] = [];
  const print = (text: string): void => void (quiet || shell.terminal.out(text));
  const { bold, dim } = shell.terminal.palette;
  const color: Record<string, string> = shell.terminal.palette.isColorSupported
    ? { FORCE_COLOR: '1' }
    : { NO_COLOR: '1' };
  const perform = async (shown: string, exit: number, run: Promise<Omit<Performed, 'command'>>): Promise<Performed> => {
    print(`${bold(`$ ${shown}`)}\n`);
    const done = { command: shown, ...(await run) };
    performed.push(done);
    print(`${done.output.trimEnd()}\n${dim(`exit ${done.exit}`)}\n\n`);
    if (done.exit !== exit) throw new StoryFault(`${shown}: expected exit ${exit}, got ${done.exit}`);
    return done;
  };
  return {
    performed,
    say: (text) => print(`${text}\n\n`),
    tminus: (args, exit) =>
      perform(
        `tminus ${args.map(quote).join(' ')}`,
        exit,
        runNode(shell, directory, {
          args: ['--disable-warning=ExperimentalWarning', `${shell.installation}/src/main.ts`, ...args],
          env: { ...definedOf(shell.env), CI: 'true', ...color },
        }),
      ),
    node: (args, exit) =>
      perform(
        `node ${args.map(quote).join(' ')}`,
        exit,
        runNode(shell, directory, { args, env: { PATH: shell.env['PATH'] ?? '' } }),
      ),
    expect: assertShown,
  };
}

function assertShown({ command, output }: Performed, ...texts: string[]): void {
  const plain = output.replaceAll(/\u001B\[[0-9;]*m/gu, '');
  const missing = texts.find((text) => !plain.includes(text));
  if (missing === undefined) return;
  throw new StoryFault(`${command}: expected "${missing}" in what it prints, got something else`);
}

function quote(word: string): string {
  return /^[\w./:=@-]+$/u.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}

function definedOf(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

interface NodeRun {
  args: readonly string[];
  env: Record<string, string>;
}

async function runNode(shell: Shell, cwd: string, { args, env }: NodeRun): Promise<Omit<Performed, 'command'>> {
  const child = spawn(process.execPath, [...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: shell.signal,
  });
  let output = '';
  // Progress lines go to stderr; a person reading the story wants results and errors only.
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { exit, output: output === '' ? errors : output };
}
