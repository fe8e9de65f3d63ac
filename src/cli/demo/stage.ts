import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { rolloutStatus } from '../commands/rollout.ts';
import { status } from '../commands/status.ts';
import { runCommand } from '../run-command.ts';
import type { Shell } from '../shell.ts';
import { openTerminal } from '../terminal.ts';

/** What a command came to on the stage. */
export interface Performed {
  command: string;
  exit: number | null;
  output: string;
  /** How long it took. */
  ms: number;
}

/** What a program came to. */
type Ended = Pick<Performed, 'exit' | 'output'>;

/** Commands that the story looks with: where a run stands, or the rollout of the launch. */
export type Look = readonly ['status', string] | readonly ['rollout', 'status'];

/** Something went otherwise than the story says; the demo then ends with an error. */
export class StoryFault extends Error {}

/** The stage that the scenes play on: shows what is done as a person would type it, and holds it to what the story says. */
export interface Stage {
  say(text: string): void;
  /** Runs `tminus ARGS` as a process of its own in the launch repository and holds it to the exit code. */
  tminus(args: readonly string[], exit: number): Promise<Performed>;
  /** Runs plain `node ARGS` with nothing of the environment but PATH, as a stranger would. */
  node(args: readonly string[], exit: number): Promise<Performed>;
  /** Starts `tminus ARGS` beside everything else; it is ended with the story. */
  background(args: readonly string[]): void;
  /** Looks again and again until it prints all of the texts, and shows that; throws a StoryFault where it does not within three minutes. */
  until(look: Look, ...texts: string[]): Promise<Performed>;
  /** Ends what runs beside the story. */
  close(): Promise<void>;
  /** Throws a StoryFault where the text does not contain what the story says. */
  expect(performed: Performed, ...texts: string[]): void;
  readonly performed: readonly Performed[];
}

/** Opens a stage in a directory; `quiet` shows nothing, for `--json`. */
export function openStage(shell: Shell, directory: string, quiet: boolean): Stage {
  const performed: Performed[] = [];
  const print = (text: string): void => void (quiet || shell.terminal.out(text));
  const { bold, dim } = shell.terminal.palette;
  const perform = async (shown: string, exit: number, run: Promise<Ended>): Promise<Performed> => {
    print(`${bold(`$ ${shown}`)}\n`);
    const begunAt = performance.now();
    const done = { command: shown, ...(await run), ms: performance.now() - begunAt };
    performed.push(done);
    print(`${done.output.trimEnd()}\n${dim(`exit ${done.exit}`)}\n\n`);
    if (done.exit !== exit) throw new StoryFault(`${shown}: expected exit ${exit}, got ${done.exit}`);
    return done;
  };
  const wings = openWings(directory);
  return {
    performed,
    say: (text) => print(`${text}\n\n`),
    tminus: (args, exit) => perform(toShown(args), exit, runNode(shell, directory, toNodeRun(shell, args))),
    node: (args, exit) => {
      const env = { PATH: shell.env['PATH'] ?? '' };
      return perform(`node ${args.map(quote).join(' ')}`, exit, runNode(shell, directory, { args, env }));
    },
    background(args) {
      print(`${bold(`$ ${toShown(args)} &`)}\n\n`);
      wings.start(toNodeRun(shell, args));
    },
    async until(look, ...texts) {
      const seen = await waitFor(shell, directory, { look, texts });
      return perform(toShown(look), seen.exit, Promise.resolve(seen));
    },
    close: () => wings.close(),
    expect: assertShown,
  };
}

/** Programs that run beside the story until it ends. */
function openWings(directory: string): { start(run: NodeRun): void; close(): Promise<void> } {
  const beside: { child: ChildProcess; gone: Promise<unknown> }[] = [];
  return {
    start({ args, env }) {
      const child = spawn(process.execPath, [...args], { cwd: directory, env, stdio: 'ignore' });
      beside.push({ child, gone: once(child, 'close') });
    },
    async close() {
      for (const { child } of beside) child.kill('SIGTERM');
      await Promise.all(beside.map(({ gone }) => gone));
    },
  };
}

/** `tminus ARGS` of this installation. Steps of the launch are programs for Node, and the one on PATH may be too old for them. */
function toNodeRun(shell: Shell, args: readonly string[]): NodeRun {
  const color: Record<string, string> = shell.terminal.palette.isColorSupported
    ? { FORCE_COLOR: '1' }
    : { NO_COLOR: '1' };
  const path = `${dirname(process.execPath)}:${shell.env['PATH'] ?? ''}`;
  return {
    args: ['--disable-warning=ExperimentalWarning', `${shell.installation}/src/main.ts`, ...args],
    env: { ...definedOf(shell.env), PATH: path, CI: 'true', ...color },
  };
}

async function waitFor(
  shell: Shell,
  directory: string,
  { look, texts }: { look: Look; texts: readonly string[] },
): Promise<{ exit: number; output: string }> {
  for (const giveUp = performance.now() + patienceMs; ; await pause(500, undefined, { signal: shell.signal })) {
    const seen = await lookInside(shell, directory, look);
    if (texts.every((text) => toPlain(seen.output).includes(text))) return seen;
    if (performance.now() < giveUp) continue;
    throw new StoryFault(`${toShown(look)}: expected "${texts.join('", "')}", got\n${seen.output}`);
  }
}

/** What the command would print, by its own function: a process for every look would take a processor from the shift that is looked at. */
async function lookInside(shell: Shell, directory: string, look: Look): Promise<{ exit: number; output: string }> {
  const said = { output: '', errors: '' };
  const env = toNodeRun(shell, look).env;
  const terminal = openTerminal(
    { write: (text) => (said.output += String(text)) },
    { write: (text) => (said.errors += String(text)) },
    env,
  );
  const inside = { ...shell, terminal, directory, env };
  const exit = await runCommand(inside, false, () =>
    look[0] === 'status' ? status(inside, look[1], {}) : rolloutStatus(inside, undefined, {}),
  );
  return { exit, output: said.output === '' ? said.errors : said.output };
}

/** Four phases of a shift take half a minute, and much longer on a machine that is busy with something else. */
const patienceMs = 180_000;

function toShown(args: readonly string[]): string {
  return `tminus ${args.map(quote).join(' ')}`;
}

function toPlain(output: string): string {
  return output.replaceAll(/\u001B\[[0-9;]*m/gu, '');
}

function assertShown({ command, output }: Performed, ...texts: string[]): void {
  const plain = toPlain(output);
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

async function runNode(shell: Shell, cwd: string, { args, env }: NodeRun): Promise<Ended> {
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
