import type { LaunchReaders } from '../launch/launch-readers.ts';
import type { Problem } from '../launch/problem.ts';
import { readLaunch } from '../launch/read-launch.ts';
import type { Finding } from './finding.ts';
import { findLaunchGaps } from './launch-gaps.ts';
import type { Prepared } from './lint-documents.ts';
import { findDataGaps } from './data-gaps.ts';
import { findReturnGaps } from './return-gaps.ts';
import { findRollbackGaps } from './rollback-gaps.ts';
import { findRunGaps } from './run-gaps.ts';
import { resolveTarget } from './paper/resolve-target.ts';

/**
 * Returns the problems of the launches among the documents, by path, as blocking findings; of a launch
 * without any, what will keep its gates shut, as warnings. A launch is the document that says
 * `tminus: launch` with the declaring documents in and below its folder, and what they link to. Where no launch document is among
 * them nothing is read: a runbook alone cannot know its roles.
 */
export function lintLaunches(prepared: readonly Prepared[], readers: LaunchReaders | null): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  const launches = prepared.filter((entry) => kindOf(entry) === 'launch');
  if (readers === null || launches.length === 0) return found;
  const byPath = new Map(prepared.map((entry) => [entry.input.path, entry]));
  for (const launch of launches) {
    const inputs = documentsOf(launch, prepared, launches).map((entry) => byPath.get(entry)?.input);
    const read = readLaunch(
      inputs.filter((input) => input !== undefined),
      readers,
    );
    const findings = read.ok
      ? [
          ...findLaunchGaps(read.launch),
          ...findRunGaps(read.launch, readers.steps),
          ...findRollbackGaps(read.launch, readers.steps),
          ...findReturnGaps(read.launch, readers.steps),
          ...findDataGaps(read.launch),
        ]
      : read.problems.map(toFinding);
    for (const finding of findings) found.set(finding.file, [...(found.get(finding.file) ?? []), finding]);
  }
  return found;
}

function toFinding({ code, message, file, line, column, expected, got, hint }: Problem): Finding {
  return { code, severity: 'blocking', message, file, line, column, expected, got, hint, related: [] };
}

/** Paths of the declaring documents in and below the folder of the launch, and of what they link to. */
function documentsOf(launch: Prepared, prepared: readonly Prepared[], launches: readonly Prepared[]): string[] {
  const folder = folderOf(launch);
  const declaring = prepared.filter(
    (entry) => kindOf(entry) !== null && isInside(entry, folder) && !insideAnother(entry, folder, launches),
  );
  const paths = new Set(declaring.map((entry) => entry.input.path));
  for (const entry of declaring) {
    for (const link of entry.subject.paper.links) {
      paths.add(resolveTarget(entry.input.path, link.target.replace(/#.*$/, '')) ?? entry.input.path);
    }
  }
  return [...paths];
}

function kindOf(entry: Prepared): string | null {
  return /^tminus\s*:\s*["']?(\w+)/m.exec(entry.subject.paper.frontMatter?.text ?? '')?.[1] ?? null;
}

function folderOf(entry: Prepared): string {
  return entry.input.path.includes('/') ? entry.input.path.slice(0, entry.input.path.lastIndexOf('/') + 1) : '';
}

function isInside(entry: Prepared, folder: string): boolean {
  return entry.input.path.startsWith(folder);
}

/** True where another launch stands in a folder nearer to the document. */
function insideAnother(entry: Prepared, folder: string, launches: readonly Prepared[]): boolean {
  return launches.some((other) => folderOf(other).length > folder.length && isInside(entry, folderOf(other)));
}
