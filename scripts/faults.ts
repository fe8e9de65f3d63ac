import { parseArgs } from 'node:util';

import { startFaultServer } from '../tests/faults/fault-server.ts';
import { faultPoints } from '../tests/faults/points.ts';
import { runMatrix } from '../tests/faults/run-matrix.ts';
import type { CaseResult } from '../tests/faults/run-case.ts';

// The kill matrix by one command: every persisted transition, and a process that dies there. Exit code 1 on any violation.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    points: { type: 'string', default: String(faultPoints.length) },
    only: { type: 'string' },
    places: { type: 'string', default: '2' },
    victims: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

const first = Number(values.seed);
const { only } = values;
const points = faultPoints
  .filter(({ name }) => only === undefined || name.includes(only))
  .slice(0, Number(values.points));
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const began = performance.now();
const server = await startFaultServer();
const results = await runMatrix({
  points,
  seeds: Array.from({ length: Number(values.seeds) }, (_, nr) => first + nr),
  places: Number(values.places),
  victims: Number(values.victims),
  create: (kind) => server.create(kind),
  report: (result) => values.json || write(describe(result)),
});
await server.close();

const violated = results.filter(({ violations }) => violations.length > 0);
const summary = {
  points: points.length,
  seeds: Number(values.seeds),
  cases: results.length,
  kills: results.filter(({ killed }) => killed).length,
  notReached: [...new Set(results.filter(({ killed }) => !killed).map(({ point }) => point))],
  violations: violated.length,
  seconds: Math.round((performance.now() - began) / 1000),
};
write(values.json ? JSON.stringify({ summary, violated }, null, 2) : JSON.stringify(summary));
process.exitCode = violated.length > 0 ? 1 : 0;

function describe({ point, role, seed, killed, violations, ms }: CaseResult): string {
  const verdict = violations.length > 0 ? 'VIOLATED' : killed ? 'ok' : 'not reached';
  const line = `${verdict.padEnd(11)} ${point} (${role}) seed ${seed}, ${(ms / 1000).toFixed(1)} s`;
  if (violations.length === 0) return line;
  return [
    line,
    ...violations.map((text) => `  ${text}`),
    `  again: npm run faults -- --seed ${seed} --only ${point}`,
  ].join('\n');
}
