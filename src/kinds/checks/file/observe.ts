import type { JsonObject } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { FileTrouble, toFileTrouble } from '../file-trouble.ts';
import { listWorkspaceFiles } from '../list-workspace-files.ts';
import { textOf } from '../parse-json.ts';
import { readWorkspaceFiles } from '../read-workspace-file.ts';
import { toListingSource } from './archive-listing.ts';
import { listArchive } from './list-archive.ts';

/** Beyond this a file is kept by digest and its first 64 KiB only. */
const mostBytes = 16 * 1024 * 1024;

/** Brings the files that `path` names and, where the check asks, the listing of the archive that the one file is. */
export async function observeFile(spec: JsonObject, context: ObserveContext): Promise<Observation> {
  const path = textOf(spec['path']);
  const observation = await readWorkspaceFiles(
    {
      path,
      extensions: [''],
      mediaType: 'application/octet-stream',
      keepBytes: mostBytes,
      larger: 'head',
      missing: 'fact',
    },
    context,
  );
  const wantsListing = spec['archive'] === true || spec['manifest'] !== undefined;
  const [file] = observation.sources;
  if (observation.trouble !== null || !wantsListing || file === undefined || observation.sources.length < 2)
    return observation;
  try {
    return { sources: [...observation.sources, toListingSource(await listOnly(path, spec, context))], trouble: null };
  } catch (error) {
    if (context.signal.aborted)
      return { sources: [], trouble: { code: 'aborted', message: `${path}: reading was aborted` } };
    return { sources: observation.sources, trouble: toFileTrouble(path, error).toTrouble() };
  }
}

async function listOnly(path: string, spec: JsonObject, context: ObserveContext): ReturnType<typeof listArchive> {
  const [file, ...others] = await listWorkspaceFiles(context.workspace, path, [''], context.signal);
  if (file === undefined || others.length > 0)
    throw new FileTrouble('ambiguous', `${path}: expected one archive, got ${others.length + 1} files`);
  const manifest = typeof spec['manifest'] === 'string' ? spec['manifest'] : null;
  return listArchive({ real: file.real, shown: file.path, manifest, signal: context.signal });
}
