import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { hasRawSamples } from './has-raw-samples.ts';

import { describeMachine } from './describe-machine.ts';

/** What every bench returns: figures, the goals they are held to, and the raw samples somewhere in it. */
interface BenchReport {
  name: string;
  setting: string;
  goals: Record<string, number | boolean> & { met: boolean };
  [figure: string]: unknown;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });

/** Those that are named, or all; `data` is every one whose name begins with `data-`. */
function listBenches(): string[] {
  const files = globSync('*.bench.ts', { cwd: import.meta.dirname }).toSorted();
  if (positionals.length === 0) return files;
  return files.filter((file) => {
    const name = basename(file, '.bench.ts');
    return positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}-`));
  });
}

/** Figures on one line each; arrays are raw samples and stay in the file. */
function printFigures(report: Record<string, unknown>, indent: string): void {
  for (const [name, value] of Object.entries(report)) {
    if (['name', 'setting', 'machine', 'goals', 'samples'].includes(name) || Array.isArray(value)) continue;
    if (typeof value === 'number') console.log(`${indent}${name.padEnd(36 - indent.length)}${formatNumber(value)}`);
    else if (typeof value === 'object' && value !== null) {
      console.log(`${indent}${name}`);
      printFigures(value as Record<string, unknown>, `${indent}  `);
    } else console.log(`${indent}${name.padEnd(36 - indent.length)}${String(value)}`);
  }
}

function formatNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}

async function runOne(file: string): Promise<BenchReport> {
  const { run } = (await import(join(import.meta.dirname, file))) as { run: () => BenchReport | Promise<BenchReport> };
  const loadBefore = loadavg()[0] ?? 0;
  const report: BenchReport = { ...(await run()), loadBefore };
  if (typeof report['machine'] !== 'string' || !hasRawSamples(report)) {
    throw new Error(
      `${file}: expected a report with its machine and raw samples, got one without - return both from run()`,
    );
  }
  console.log(`\n${report.name}: ${report.setting}`);
  printFigures(report, '  ');
  const { met, ...goals } = report.goals;
  const wanted = Object.entries(goals).map(([name, value]) => `${name} ${String(value)}`);
  console.log(`  ${met ? 'goals met' : 'GOALS NOT MET'}: ${wanted.join(', ')}`);
  return report;
}

const files = listBenches();
if (files.length === 0) {
  console.log(
    `no bench of that name - expected some of ${globSync('*.bench.ts', { cwd: import.meta.dirname })
      .map((file) => basename(file, '.bench.ts'))
      .join(', ')}`,
  );
  process.exitCode = 2;
}
console.log(
  `machine: ${describeMachine()}, load ${loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')}`,
);
const reports: BenchReport[] = [];
for (const file of files) reports.push(await runOne(file));
const out = values.out ?? join(import.meta.dirname, 'results');
mkdirSync(out, { recursive: true });
for (const report of reports) writeFileSync(join(out, `${report.name}.json`), `${JSON.stringify(report, null, 1)}\n`);
console.log(
  `\nraw samples: ${reports.map(({ name }) => `${name}.json`).join(', ')} in ${values.out ?? 'bench/results'}`,
);
const missed = reports.filter(({ goals }) => !goals.met).map(({ name }) => name);
if (missed.length > 0) {
  console.log(`goals not met: ${missed.join(', ')}`);
  process.exitCode = 1;
}
