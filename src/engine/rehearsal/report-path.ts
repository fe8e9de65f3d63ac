import { join } from 'node:path';

/** Where the report of a rehearsal is written, and where a `rehearsal` check looks for it. */
export function rehearsalReportPath(directory: string, id: string): string {
  return join(directory, 'reports', 'rehearsals', `${id}.json`);
}

/** Where the report of a drill is written, and where a `drill` check looks for it. */
export function drillReportPath(directory: string, id: string): string {
  return join(directory, 'reports', 'drills', `${id}.json`);
}

/** Where the word of somebody who watched a drill is written: beside its report, where a `drill` check looks for both. */
export function drillAttestationPath(directory: string, id: string, person: string): string {
  return join(directory, 'reports', 'drills', `${id}.attested-by-${encodeURIComponent(person)}.json`);
}
