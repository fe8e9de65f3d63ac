import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { runInside } from './run-inside.ts';
import type { TminusRun } from './run-tminus.ts';
import { readError, startTminus } from './start-tminus.ts';
import type { ReportedError, StartedRun } from './start-tminus.ts';

/** What `tminus status --json` says, as far as the tests read it. */
export interface SeenRun {
  run: {
    id: string;
    state: string;
    requestedBy: string;
    steps: { [id: string]: { state: string; attempt: number; detail: string | null; proof: string | null } };
    holds: { id: string }[];
    returnPoint: { state: string };
    endingReason: string | null;
  };
  explanation: {
    countMs: number | null;
    isCounting: boolean;
    t0Ms: number | null;
    blockers: { step: string | null; why: string; people: string[] }[];
  };
  notes: { step: string; body: string }[];
  messages: { what: string; body: string }[];
}

/** One line of `tminus events --json`. */
export interface SeenEvent {
  cursor: number;
  /** Counts the events of one change. */
  part: number;
  at: string;
  type: string;
  step: string | null;
  text: string;
}

/** A worker that runs. */
export interface StartedWorker extends StartedRun {
  pid: number;
}

/**
 * Looks at a run and deeds of people on it: none of them starts a program or carries a step. A process for each takes two seconds of a processor, and a test asks hundreds
 * of times.
 */
const quick: ReadonlySet<string> = new Set(
  'approve attest cancel confirm dead decide events forecast hold log queue request resume retarget settle skip status undo'.split(
    ' ',
  ),
);

/** The command line in one launch repository: whatever does work is a process of its own, above all every worker. */
export class RunDesk {
  readonly directory: string;
  readonly #env: Record<string, string | undefined>;
  readonly #workers: StartedWorker[] = [];

  constructor(directory: string, env: Record<string, string | undefined> = {}) {
    this.directory = directory;
    // Programs of a launch say `node`: it has to be the one that runs the tests.
    const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
    this.#env = { PATH: path, DATABASE_URL: undefined, TMINUS_DATA: undefined, ...env };
  }

  /** Runs one command to its end. */
  tminus(...args: string[]): Promise<TminusRun> {
    if (quick.has(args[0] ?? '')) return runInside(this.directory, args, this.#env);
    return startTminus(this.directory, args, { env: this.#env, limitMs: 600_000 }).ended;
  }

  /** Runs one command in the name of a person, with their key. */
  as(person: string, ...args: string[]): Promise<TminusRun> {
    return this.tminus(...args, '--as', person, '--key', join('.keys', `${person}.pem`));
  }

  /** Runs a command in the name of a person that has to succeed with this exit code. */
  async done(person: string, exit: number, ...args: string[]): Promise<TminusRun> {
    const ended = await this.as(person, ...args);
    if (ended.exit === exit) return ended;
    throw new Error(
      `tminus ${args.join(' ')}: expected exit ${exit}, got ${ended.exit}\n${ended.stdout}${ended.stderr}`,
    );
  }

  /** Runs a command in the name of a person that has to be refused, and returns the exit code with the error. */
  async refused(person: string, ...args: string[]): Promise<{ exit: number | null } & ReportedError> {
    const ended = await this.as(person, ...args, '--json');
    return { exit: ended.exit, ...readError(ended) };
  }

  async status(run?: string): Promise<SeenRun> {
    return readJson(await this.tminus('status', ...(run === undefined ? [] : [run]), '--json')) as SeenRun;
  }

  async events(run: string, after = 0): Promise<{ events: SeenEvent[]; cursor: number }> {
    return readJson(await this.tminus('events', run, '--after', String(after), '--json')) as Awaited<
      ReturnType<RunDesk['events']>
    >;
  }

  /** Looks at the run until it is as wanted; throws with the last picture where it never is. */
  async until(
    what: string,
    isSo: (seen: SeenRun) => boolean,
    { run, limitMs = 180_000 }: { run?: string; limitMs?: number } = {},
  ): Promise<SeenRun> {
    const endsAt = performance.now() + limitMs;
    for (;;) {
      const seen = await this.status(run);
      if (isSo(seen)) return seen;
      if (performance.now() < endsAt) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        continue;
      }
      const { stdout } = await this.tminus('status', ...(run === undefined ? [] : [run]));
      const gates = await this.#explainGates(stdout);
      throw new Error(`expected ${what} within ${limitMs} ms, got\n${stdout}${JSON.stringify(seen.notes)}\n${gates}`);
    }
  }

  /** What stands between the gates that a picture names and GO. */
  async #explainGates(picture: string): Promise<string> {
    const gates = new Set([...picture.matchAll(/"tminus decide ([\w-]+)"/g)].map(([, gate]) => gate ?? ''));
    return (await Promise.all([...gates].map((gate) => this.tminus('decide', gate))))
      .map(({ stdout }) => stdout)
      .join();
  }

  /** Looks until a step has reached this state. */
  untilStep(step: string, state: string, limits: { run?: string; limitMs?: number } = {}): Promise<SeenRun> {
    return this.until(`${step} ${state}`, ({ run }) => run.steps[step]?.state === state, limits);
  }

  /** Starts a worker and waits until it says that it is there. */
  async startWorker(...args: string[]): Promise<StartedWorker> {
    const started = startTminus(this.directory, ['worker', ...args], { env: this.#env, limitMs: 1_800_000 });
    const worker = { ...started, pid: started.process.pid ?? 0 };
    this.#workers.push(worker);
    const isThere = (): boolean => started.stderrSoFar().includes('interrupt it to end');
    await waitFor('a worker that says so', () => isThere() || worker.process.exitCode !== null);
    if (!isThere()) throw new Error(`expected a worker, got exit ${worker.process.exitCode}: ${started.stderrSoFar()}`);
    return worker;
  }

  /** Starts a command that goes on until it is stopped. */
  start(...args: string[]): StartedRun {
    return startTminus(this.directory, args, { env: this.#env, limitMs: 600_000 });
  }

  /** Votes on the newest request of a run, on what it shows at this moment. */
  async vote(person: string, run: string, exit: number): Promise<TminusRun> {
    const { subject } = readJson(await this.as(person, 'approve', run, '--json')) as { subject: string };
    return this.done(person, exit, 'approve', run, '--subject', subject);
  }

  /** Orders a live run and leaves it to the workers; returns its id. */
  async order(person: string, exit: number, ...args: string[]): Promise<string> {
    const ordered = await this.done(person, exit, 'run', '--detach', '--json', ...args);
    return (readJson(ordered) as { run: { id: string } }).run.id;
  }

  /** Runs every check that is due. Throws, with what they said, where one did not pass: a gate that is shut for it would be found out minutes later. */
  async passChecks(): Promise<void> {
    const { exit, stdout, stderr } = await this.tminus('check');
    if (exit !== 0) throw new Error(`expected that every check passes, got exit ${exit}\n${stdout}${stderr}`);
  }

  /** Brings a gate to GO: votes of these people in these roles on the decision of this moment. Throws where that is not enough. */
  async voteGate(gate: string, votes: { [person: string]: string }): Promise<void> {
    const { decision } = readJson(await this.tminus('decide', gate, '--json')) as {
      decision: { subjectSha256: string };
    };
    for (const [person, role] of Object.entries(votes))
      await this.done(person, 0, 'approve', gate, '--role', role, '--subject', decision.subjectSha256);
    const { exit, stdout } = await this.tminus('decide', gate);
    if (exit !== 0) throw new Error(`expected GO at ${gate}, got exit ${exit}\n${stdout}`);
  }

  /** Ends every worker that still runs, as an operator would, and waits for them. */
  async stopWorkers(): Promise<void> {
    for (const { process: child } of this.#workers) if (child.exitCode === null) child.kill('SIGINT');
    await Promise.all(this.#workers.splice(0).map(({ ended }) => ended));
  }
}

/** The result of a command with `--json`. */
export function readJson({ stdout, stderr, exit }: TminusRun): unknown {
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new Error(`expected JSON on stdout (exit ${exit}), got ${JSON.stringify(stdout.slice(0, 200))}\n${stderr}`);
  }
}

/** Waits until something is so; a hang is a failure with its name. */
export async function waitFor(what: string, isSo: () => boolean, limitMs = 120_000): Promise<void> {
  const endsAt = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > endsAt) throw new Error(`expected ${what} within ${limitMs} ms, got none`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Processes whose command line has this text, with everybody above each, nearest first. */
export function findProcesses(text: string): { pid: number; above: number[] }[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const known = rows.flatMap((row) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(row) ?? [];
    return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const parentOf = new Map(known.map(({ pid, parent }) => [pid, parent]));
  return known
    .filter(({ args }) => args.includes(text))
    .map(({ pid }) => {
      const above: number[] = [];
      for (let at = parentOf.get(pid); at !== undefined && at > 1; at = parentOf.get(at)) above.push(at);
      return { pid, above };
    });
}

/** Files below a folder in which this text stands, in any of their bytes. */
export function findInFiles(folder: string, text: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => existsSync(file) && readFileSync(file).includes(text));
}

/** A key pair as the launch declares it and as its owner keeps it. */
export function createKeyPair(): { publicKey: string; privateKeyPem: string } {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    publicKey: `ed25519:${raw.toString('base64')}`,
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
