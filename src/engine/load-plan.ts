import { ProductError } from '../core/error/product-error.ts';
import type { LaunchReaders } from '../spec/launch/launch-readers.ts';
import { readLaunch } from '../spec/launch/read-launch.ts';
import type { DocumentBytes, ReadLaunch } from '../spec/launch/read-launch.ts';
import type { PassedOver } from '../spec/find-markdown.ts';
import type { Problem } from '../spec/launch/problem.ts';
import { loadWorkspace } from '../spec/load-workspace.ts';
import type { ReadPlan } from './scene.ts';

/** Problems that are told in one message; the rest are counted, and "tminus lint" shows all. */
const shownProblems = 20;

/** A launch as its documents declare it, and what was passed over while they were looked for. */
export interface LoadedPlan extends ReadPlan {
  skipped: readonly PassedOver[];
}

/** Reads the launch that a folder declares. Throws `launch_invalid` with every problem and its place: nothing is run from half a plan. */
export async function loadPlan(directory: string, readers: LaunchReaders): Promise<LoadedPlan> {
  return createPlanLoader(readers)(directory);
}

/**
 * Returns a `loadPlan` for whoever asks again and again: the files are read every time, and what they mean is worked out anew only where a byte of them is
 * another. A document of 2,000 steps takes a second to understand, and a server is asked many times a second.
 */
export function createPlanLoader(readers: LaunchReaders): (directory: string) => Promise<LoadedPlan> {
  const known = new Map<string, { documents: readonly DocumentBytes[]; read: ReadLaunch }>();
  return async (directory) => {
    const { root, documents, skipped } = await loadWorkspace(directory);
    const last = known.get(directory);
    const read = last && isSame(last.documents, documents) ? last.read : readLaunch(documents, readers);
    known.set(directory, { documents, read });
    if (!read.ok) throw invalidLaunch(directory, read.problems);
    return { directory: root, documents, launch: read.launch, planHash: read.planHash, skipped };
  };
}

function isSame(before: readonly DocumentBytes[], now: readonly DocumentBytes[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ path, bytes }, place) => {
      const other = now[place]!;
      return other.path === path && Buffer.compare(bytes, other.bytes) === 0;
    })
  );
}

function invalidLaunch(directory: string, problems: readonly Problem[]): ProductError {
  const [first] = problems;
  const lines = problems.slice(0, shownProblems).map(toLine);
  const more = problems.length - lines.length;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const message = [
    `launch in ${directory}: expected none, got ${count}`,
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
  const hint = problems.length === 1 && first ? first.hint : 'mend them; "tminus lint" shows each with what to do';
  const at = first ? { file: first.file, line: first.line, column: first.column } : null;
  return new ProductError('launch_invalid', message, { hint, at });
}

function toLine({ file, line, column, message, expected, got }: Problem): string {
  return `  ${file}:${line}:${column} ${message} - expected ${expected}, got ${got}`;
}
