import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
  success: boolean;
}

function runCheck(): boolean {
  return spawnSync(process.execPath, ['scripts/check.ts'], { stdio: 'inherit' }).status === 0;
}

/** Runs vitest and returns its own count; null where it wrote no report, which is a failure. */
function runVitest(args: string[]): { report: VitestReport | null; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
    stdio: 'inherit',
  });
  try {
    return { report: JSON.parse(readFileSync(file, 'utf8')) as VitestReport, status: run.status };
  } catch {
    return { report: null, status: run.status };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
// With a path the developer wants one part quickly; CI gives none and gets everything.
const checked = args.length > 0 || runCheck();
const { report, status } = runVitest(args);

if (report === null) {
  console.log('vitest wrote no report - expected a count of tests; read its lines above');
  process.exitCode = 1;
} else {
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`${skipped} tests were skipped: each says above what it lacks`);
  console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
  // A file that fails to load has no tests to count, and no test at all is no proof.
  if (!checked || status !== 0 || !report.success || report.numPassedTests === 0) process.exitCode = 1;
}
