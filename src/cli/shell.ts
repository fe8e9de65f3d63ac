import type { CheckKind } from '../core/check/check.ts';
import type { LaunchReaders } from '../spec/launch/launch-readers.ts';
import type { StepKind } from '../core/step/step-kind.ts';
import type { RunningServer, ServerWish } from './serve/running-server.ts';
import type { ShellLog } from './shell-log.ts';
import type { Terminal } from './terminal.ts';

/** Everything that the commands may touch of the world; built once in main. */
export interface Shell {
  terminal: Terminal;
  /** Directory that the command was started in. */
  directory: string;
  env: Record<string, string | undefined>;
  /** Root of this installation, for the examples and the built verifier. */
  installation: string;
  version: string;
  /** Loads what checks observe with. Kinds and readers are a third of what there is to load: a command that asks for none starts without them. */
  loadKinds: () => Promise<readonly CheckKind[]>;
  /** Loads what carries out steps. */
  loadStepKinds: () => Promise<readonly StepKind[]>;
  /** Loads what documents are read with. */
  loadReaders: () => Promise<LaunchReaders>;
  signal: AbortSignal;
  /** The log of a process that stays; absent for every other command. */
  logging?: ShellLog;
  /** Opens API, cockpit and worker; handed in, because commands know nothing of HTTP. */
  openServer: (shell: Shell, wish: ServerWish) => Promise<RunningServer>;
}
