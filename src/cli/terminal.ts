import picocolors from 'picocolors';

import { toInert } from './inert.ts';

/** The colours that a command may use; every one is the identity where colour is off. */
export type Palette = ReturnType<typeof picocolors.createColors>;

/**
 * Where a command prints. Progress goes to stderr, results to stdout, so that a pipe gets results only. Documents and targets can be hostile: nothing
 * but the colours of the palette reaches the terminal as a control sequence.
 */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Prints bytes exactly as they are into a file or a pipe, and as inert text where a person reads. */
  bytes(bytes: Uint8Array): void;
  /** Puts a line in the place of the last one on stderr; only where `interactive`. */
  redraw(line: string): void;
  /** Takes so many rows away above the cursor on stderr; only where `interactive`. */
  rewind(rows: number): void;
  palette: Palette;
  /** True where a person watches stderr: progress is redrawn on one line; else each event is a line. */
  interactive: boolean;
  columns: number;
}

/** A stream as far as the terminal needs it; `process.stdout` is one. */
export interface TerminalStream {
  write(text: string | Uint8Array): unknown;
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
    out: (text) => void stdout.write(toInert(text, color)),
    err: (text) => void stderr.write(toInert(text, color)),
    bytes: (bytes) =>
      void stdout.write(stdout.isTTY === true ? `${toInert(new TextDecoder().decode(bytes), false)}\n` : bytes),
    redraw: (line) => void stderr.write(`\r\u001B[2K${toInert(line, color)}`),
    rewind: (rows) => void stderr.write(`\r\u001B[${rows}A\u001B[0J`),
    palette: picocolors.createColors(color),
    interactive: stderr.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb',
    columns: stdout.columns ?? 100,
  };
}
