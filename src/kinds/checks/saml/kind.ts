import type { CheckKind, JsonObject, Observation, ObserveContext, ObservedSource } from '../../../core/check/check.ts';
import { textOf } from '../parse-json.ts';
import { readWorkspaceFiles } from '../read-workspace-file.ts';
import { samlReader, toSource } from './reader.ts';

/** The `saml` check: two files of the launch repository. */
export const samlKind: CheckKind = { ...samlReader, observe: observeSaml };

async function observeSaml(spec: JsonObject, context: ObserveContext): Promise<Observation> {
  const sources: ObservedSource[] = [];
  for (const name of ['baseline', 'assertion'] as const) {
    const read = await readWorkspaceFiles(
      {
        path: textOf(spec[name]),
        extensions: [],
        mediaType: 'application/octet-stream',
        keepBytes: 1024 * 1024,
        larger: 'trouble',
        missing: 'trouble',
      },
      context,
    );
    if (read.trouble) return { sources: [], trouble: read.trouble };
    sources.push(toSource(name, read.sources[0]!.bytes));
  }
  return { sources, trouble: null };
}
