import { cpus, release, totalmem } from 'node:os';

/** The machine that a figure was measured on: processor, cores, memory, kernel, Node. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${memory} GiB, kernel ${release()}, Node ${process.version}`;
}
