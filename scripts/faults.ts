import { parseArgs } from 'node:util';

import { keepFaultResult } from '../bench/keep-fault-result.ts';
import { startFaultServer } from '../tests/faults/fault-server.ts';
import { measureStepTakeover } from '../tests/faults/measure-step-takeover.ts';
import { faultPoints } from '../tests/faults/points.ts';
import { runMatrix } from '../tests/faults/run-matrix.ts';
import { tryBugs } from '../tests/faults/try-bugs.ts';
import type { CaseResult } from '../tests/faults/run-case.ts';

// The kill matrix by one command: every persisted transition, and a process that dies there. Exit code 1 on any violation, 2 where a case ran out of time
// or nobody died, 64 for options that select nothing.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    points: { type: 'string', default: String(faultPoints.length) },
    only: { type: 'string' },
    places: { type: 'string', default: '2' },
    victims: { type: 'string', default: '5' },
    /** Measures instead how long it takes until a step of a dead worker is taken over: so many workers are killed. */
    takeover: { type: 'string' },
    /** Tries the checker instead, on engines with a planted bug. */
    bugs: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Keeps the figures of each seed in bench/results/faults.json; only of all points. */
    keep: { type: 'boolean', default: false },
  },
});

const { only } = values;
const points = faultPoints
  .filter(({ name }) => only === undefined || name.includes(only))
  .slice(0, readCount('points'));
const write = (line: string): void => void process.stdout.write(`${line}\n`);
// An empty matrix has no violation, and must not look like one that held.
if (points.length === 0) refuse(`--only: expected part of the name of a point, got ${only}`);
const [firstSeed, seeds] = [readCount('seed'), readCount('seeds')];
const { places, victims } = { places: readCount('places'), victims: readCount('victims') };
const takeover = values.takeover === undefined ? null : readCount('takeover');
const server = await startFaultServer();
if (values.bugs) await runBugs();
else if (takeover === null) await runSeeds();
else await takeOver(takeover);
await server.close();

function readCount(name: 'seed' | 'seeds' | 'points' | 'places' | 'victims' | 'takeover'): number {
  const count = Number(values[name]);
  return Number.isSafeInteger(count) && count > 0
    ? count
    : refuse(`--${name}: expected a whole number above zero, got ${values[name]}`);
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(64);
}

async function runSeeds(): Promise<void> {
  let [violated, slow]: [CaseResult[], CaseResult[]] = [[], []];
  let kills = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const results = await runSeed(seed);
    kills += results.filter(({ killed }) => killed).length;
    violated = [...violated, ...results.filter(({ violations }) => violations.length > 0)];
    slow = [...slow, ...results.filter((result) => result.slow.length > 0)];
  }
  if (values.json) write(JSON.stringify({ violated, slow }, null, 2));
  // Where nobody died, nothing was tried.
  process.exitCode = violated.length > 0 ? 1 : slow.length > 0 || kills === 0 ? 2 : 0;
}

async function runBugs(): Promise<void> {
  const tried = await tryBugs(() => server.create('migrated'));
  for (const { name, rule, found } of tried)
    write(`${(rule ?? 'MISSED').padEnd(40)} ${name}${rule ? '' : `: got ${found.join('; ')}`}`);
  if (values.keep) keepFaultResult({ bugs: tried.map(({ name, rule }) => ({ name, rule })) });
  process.exitCode = tried.some(({ rule }) => rule === null) ? 1 : 0;
}

async function takeOver(kills: number): Promise<void> {
  const perRound = 7;
  const seconds: number[] = [];
  for (let round = 0; round * perRound < kills; round += 1)
    seconds.push(...(await measureStepTakeover(await server.create('migrated'), perRound)));
  write(JSON.stringify({ kills: Math.ceil(kills / perRound) * perRound, seconds: seconds.toSorted((a, b) => a - b) }));
  if (seconds.length < kills) process.exitCode = 1;
  else if (values.keep) keepFaultResult({ takeover: seconds });
}

async function runSeed(seed: number): Promise<CaseResult[]> {
  const began = performance.now();
  const results = await runMatrix({
    points,
    seeds: [seed],
    places,
    victims,
    create: (kind) => server.create(kind),
    report: (result) => values.json || write(describe(result)),
  });
  const killed = results.filter((result) => result.killed);
  const summary = {
    seed,
    points: points.length,
    cases: results.length,
    kills: killed.length,
    notReached: results.filter((result) => !result.killed).map(({ point, role }) => `${point} (${role})`),
    violations: results.filter(({ violations }) => violations.length > 0).length,
    slow: results.filter((result) => result.slow.length > 0).length,
    minutes: Math.round((performance.now() - began) / 600) / 100,
  };
  write(JSON.stringify(summary));
  if (values.keep && points.length === faultPoints.length) keepFaultResult({ seed: summary });
  return results;
}

function describe({ point, role, seed, killed, violations, slow: late, ms }: CaseResult): string {
  const verdict = violations.length > 0 ? 'VIOLATED' : late.length > 0 ? 'SLOW' : killed ? 'ok' : 'not reached';
  const line = `${verdict.padEnd(11)} ${point} (${role}) seed ${seed}, ${(ms / 1000).toFixed(1)} s`;
  if (violations.length + late.length === 0) return line;
  return [
    line,
    ...[...violations, ...late].map((text) => `  ${text}`),
    `  again: npm run faults -- --seed ${seed} --only ${point}`,
  ].join('\n');
}
