import picocolors from 'picocolors';

/** The colours that a command may use; every one is the identity where colour is off. */
export type Palette = ReturnType<typeof picocolors.createColors>;

/** Where a command prints. Progress goes to stderr, results to stdout, so that a pipe gets results only. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  palette: Palette;
  /** True where a person watches stderr: progress is redrawn on one line; else each event is a line. */
  interactive: boolean;
  columns: number;
}

/** A stream as far as the terminal needs it; `process.stdout` is one. */
export interface TerminalStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Builds the terminal from the two streams and the environment: NO_COLOR, FORCE_COLOR, CI and TERM=dumb are respected. */
export function openTerminal(
  stdout: TerminalStream,
  stderr: TerminalStream,
  env: Record<string, string | undefined>,
): Terminal {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const plain = env['NO_COLOR'] !== undefined || env['TERM'] === 'dumb';
  const color = !plain && (forced || stdout.isTTY === true);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    palette: picocolors.createColors(color),
    interactive: stderr.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb',
    columns: stdout.columns ?? 100,
  };
}
