import type { JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

/** How one node of a dbt run ended, in the words of the fact it is counted under. */
export type NodeEnd = 'passed' | 'warned' | 'failed' | 'errors' | 'skipped';

/** What one artefact of dbt says. */
export interface DbtArtifact {
  artifact: 'run-results' | 'sources';
  version: string;
  nodes: { id: string; end: NodeEnd }[];
}

const ends: { [status: string]: NodeEnd } = {
  success: 'passed',
  pass: 'passed',
  warn: 'warned',
  fail: 'failed',
  error: 'errors',
  'runtime error': 'errors',
  'partial success': 'errors',
  skipped: 'skipped',
  'no-op': 'skipped',
  reused: 'passed',
};

/**
 * Returns what a `run_results.json` or a `sources.json` of dbt says. Throws `Unreadable` where it is neither (a manifest holds no results),
 * has no result, or a status that is not known.
 */
export function parseDbt(bytes: Uint8Array): DbtArtifact {
  const artifact = parseJson(bytes);
  const metadata = isObject(artifact) ? artifact['metadata'] : undefined;
  const schema = isObject(metadata) ? textOf(metadata['dbt_schema_version']) : '';
  const kind = /\/(run-results|sources)\/v\d+\.json$/.exec(schema)?.[1] as DbtArtifact['artifact'] | undefined;
  if (!isObject(artifact) || !isObject(metadata) || kind === undefined || !Array.isArray(artifact['results']))
    throw new Unreadable('wrong_format', 'expected run_results.json or sources.json of dbt, got other JSON');
  const nodes = artifact['results'].map(readNode);
  if (nodes.length === 0) throw new Unreadable('nothing_ran', 'expected at least one result, got none');
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length)
    throw new Unreadable(
      'totals_disagree',
      `expected each node once, got ${nodes.length} results of ${ids.size} nodes`,
    );
  return { artifact: kind, version: textOf(metadata['dbt_version']), nodes };
}

function readNode(result: JsonValue): { id: string; end: NodeEnd } {
  const id = isObject(result) ? result['unique_id'] : undefined;
  const status = isObject(result) ? result['status'] : undefined;
  const end = typeof status === 'string' && Object.hasOwn(ends, status) ? ends[status] : undefined;
  if (typeof id !== 'string' || end === undefined)
    throw new Unreadable('unknown_status', `node ${textOf(id)}: expected a known status, got ${textOf(status)}`);
  return { id, end };
}
