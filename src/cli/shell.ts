import type { CheckKind } from '../core/check/check.ts';
import type { LaunchReaders } from '../spec/launch/launch-readers.ts';
import type { StepKind } from '../core/step/step-kind.ts';
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
  kinds: readonly CheckKind[];
  stepKinds: readonly StepKind[];
  /** What documents are read with. */
  readers: LaunchReaders;
  signal: AbortSignal;
}
