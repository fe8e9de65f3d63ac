import type { JsonObject } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../core/check/check.ts';
import { textOf } from './parse-json.ts';
import { readWorkspaceFiles } from './read-workspace-file.ts';

/** Reports beyond this are refused: a reader holds them in memory, and so does everyone who verifies them. */
const mostBytes = 48 * 1024 * 1024;

/** Brings the reports that `path` names; of a folder, the files with one of `extensions`. */
export function observeReport(extensions: readonly string[], mediaType: string) {
  return async (spec: JsonObject, context: ObserveContext): Promise<Observation> =>
    readWorkspaceFiles(
      {
        path: textOf(spec['path']),
        extensions,
        mediaType,
        keepBytes: mostBytes,
        larger: 'trouble',
        missing: 'trouble',
      },
      context,
    );
}
