import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { judgeRestore } from '../../../core/dataset/archive/restore-report.ts';
import type { RestoreReport } from '../../../core/dataset/archive/restore-report.ts';
import { openDrillFile } from '../../../kinds/checks/restore-drill/report-file.ts';
import { drillReportPath } from './restore-drill.ts';

/** A drill as its signed report tells it, judged again. */
export interface ListedDrill {
  report: RestoreReport;
  findings: string[];
}

/** Drills of a launch that could be read, the newest first, and how many files could not. */
export interface DrillList {
  drills: ListedDrill[];
  unreadable: number;
}

/** Reads every report of a restore drill in a launch repository. A file that nobody has signed counts as unreadable, and never as a drill. */
export async function listDrills(directory: string, launch: string): Promise<DrillList> {
  const folder = dirname(drillReportPath(directory, 'any'));
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const read = await Promise.all(names.map((name) => readDrill(join(folder, name))));
  const drills = read.filter((one) => one !== null && one.report.launch === launch) as ListedDrill[];
  return {
    drills: drills.toSorted((a, b) => (a.report.beganAt < b.report.beganAt ? 1 : -1)),
    unreadable: read.filter((one) => one === null).length,
  };
}

async function readDrill(file: string): Promise<ListedDrill | null> {
  try {
    const report = openDrillFile(await readFile(file));
    return { report, findings: judgeRestore(report) };
  } catch {
    return null;
  }
}
