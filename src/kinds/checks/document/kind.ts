import type { JsonObject } from '@tminus/verify';

import type { CheckKind, Observation, ObserveContext } from '../../../core/check/check.ts';
import { textOf } from '../parse-json.ts';
import { readWorkspaceFiles } from '../read-workspace-file.ts';
import { jsonReader, yamlReader } from './reader.ts';

/** The whole value becomes facts and stands in the evidence record, so a document has to be small. */
const mostBytes = 256 * 1024;

function observeDocument(mediaType: string) {
  return async (spec: JsonObject, context: ObserveContext): Promise<Observation> =>
    readWorkspaceFiles(
      {
        path: textOf(spec['path']),
        extensions: [],
        mediaType,
        keepBytes: mostBytes,
        larger: 'trouble',
        missing: 'trouble',
      },
      context,
    );
}

/** The `json` check: one JSON file of the workspace. */
export const jsonKind: CheckKind = { ...jsonReader, observe: observeDocument('application/json') };

/** The `yaml` check: one YAML file of the workspace. */
export const yamlKind: CheckKind = { ...yamlReader, observe: observeDocument('application/yaml') };
