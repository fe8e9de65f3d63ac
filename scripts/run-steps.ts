import { spawnSync } from 'node:child_process';

/** One command of a check run: a name for people and the arguments for this Node. */
export interface CommandStep {
  name: string;
  args: string[];
}

/** Runs every step, also after one has failed, and returns the names of those that failed. */
export function runSteps(steps: readonly CommandStep[]): string[] {
  const failed: string[] = [];
  for (const step of steps) {
    const start = process.hrtime.bigint();
    const run = spawnSync(process.execPath, step.args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    console.log(`${run.status === 0 ? 'ok    ' : 'failed'}  ${step.name}  ${seconds.toFixed(1)} s`);
    if (run.status === 0) continue;
    failed.push(step.name);
    console.log((run.stdout + run.stderr).trimEnd());
  }
  return failed;
}
