import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

const root = join(import.meta.dirname, '../..');

/** How a run of the command line ended, and what it took. */
export interface EndedRun {
  /** null where a signal ended it. */
  exit: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Time that its processors worked for it: on a machine that does other things, too, the clock says little. 0 where it could not report it. */
  cpuMs: number;
  /** Largest resident memory in bytes; 0 where the process could not report it. */
  peakBytes: number;
}

/** A run that is under way. */
export interface StartedRun {
  process: ChildProcess;
  /** What it has printed on stderr so far. */
  stderrSoFar(): string;
  ended: Promise<EndedRun>;
}

export interface StartOptions {
  env?: Record<string, string | undefined>;
  /** User and group to run as; only root can choose. */
  account?: { uid: number; gid: number };
  /** Killed after this time, 100 s where it is left out, so that a hang is a failure and not a hang of the tests. */
  limitMs?: number;
}

/** Starts the command line as a process of its own with 512 MiB of heap: a blow-up ends it. Nothing of CI or colour is in its environment unless asked for. */
export function startTminus(directory: string, args: readonly string[], options: StartOptions = {}): StartedRun {
  const flags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=512', '--import'];
  const child = spawn(
    process.execPath,
    [...flags, join(import.meta.dirname, 'report-memory.ts'), join(root, 'src/main.ts'), ...args],
    {
      cwd: directory,
      env: { ...process.env, CI: 'true', NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      ...options.account,
    },
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? 100_000);
  let errors = '';
  (child.stderr as Readable).setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  const stdout = text(child.stdout as Readable);
  const reported = text(child.stdio[3] as Readable);
  const ended = new Promise<EndedRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => {
      clearTimeout(timer);
      void Promise.all([stdout, reported]).then(([out, report]) => {
        const [peakKib = 0, cpuMs = 0] = report.split(' ').map(Number);
        resolve({ exit, signal, stdout: out, stderr: errors, cpuMs, peakBytes: peakKib * 1024 });
      });
    });
  });
  return { process: child, stderrSoFar: () => errors, ended };
}

/** What the last line of stderr says with `--json`. */
export interface ReportedError {
  code: string;
  message: string;
  hint: string;
  at: { file: string; line: number; column: number } | null;
}

/** Returns the error that a run with `--json` reported; throws where the last line of stderr is none. */
export function readError({ stderr, exit }: Pick<EndedRun, 'stderr' | 'exit'>): ReportedError {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  try {
    return (JSON.parse(last) as { error: ReportedError }).error;
  } catch {
    throw new Error(`expected an error as JSON on the last line of stderr (exit ${exit}), got ${JSON.stringify(last)}`);
  }
}
