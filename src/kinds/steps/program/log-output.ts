import type { StepLog } from '../../../core/step/step-kind.ts';
import { CappedOutput } from '../../checks/capped-output.ts';

/** Bytes at the end of a stream among which the last lines are looked for. */
const recentBytes = 8 * 1024;

/**
 * Hands a stream of any length on to the log in bounded memory: the first half of the limit as it comes, what is left of the rest at the end, and in
 * between a line that says how much was left out.
 */
export class LogOutput {
  readonly #log: (chunk: Uint8Array) => void;
  readonly #rest: CappedOutput;
  readonly #recent = new CappedOutput(recentBytes);
  #open: number;
  #total = 0;

  constructor(limit: number, log: (chunk: Uint8Array) => void) {
    this.#log = log;
    this.#open = Math.floor(limit / 2);
    this.#rest = new CappedOutput(limit - this.#open);
  }

  add(chunk: Uint8Array): void {
    this.#total += chunk.byteLength;
    this.#recent.add(chunk);
    const now = chunk.subarray(0, this.#open);
    this.#open -= now.byteLength;
    if (now.byteLength > 0) this.#log(Uint8Array.from(now));
    if (now.byteLength < chunk.byteLength) this.#rest.add(chunk.subarray(now.byteLength));
  }

  /** Logs what is left, and returns the size of the stream and its last lines. */
  finish(): { bytes: number; truncated: boolean; lastLines: string } {
    const { bytes, truncated } = this.#rest.finish();
    if (bytes.byteLength > 0) this.#log(bytes);
    const lines = new TextDecoder().decode(this.#recent.finish().bytes).trimEnd().split('\n');
    return { bytes: this.#total, truncated, lastLines: lines.slice(-3).join(' / ').slice(-300) };
  }
}

/** Returns the two streams of a program, each with half of the limit of its own. */
export function openLogs(limit: number, log: StepLog): { out: LogOutput; err: LogOutput } {
  return {
    out: new LogOutput(limit, (chunk) => log('out', chunk)),
    err: new LogOutput(limit, (chunk) => log('err', chunk)),
  };
}
