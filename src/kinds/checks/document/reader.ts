import { z } from 'zod';

import type { JsonObject, JsonValue } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { splitStat, toFileFacts, toStatSource } from '../file-stat.ts';
import { refuseFence } from '../no-fence.ts';
import { parseJson } from '../parse-json.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { parseYaml } from '../parse-yaml.ts';

const schema = z.strictObject({ ...fileKeys });

/** Any JSON file of the workspace; its value is the fact `json`. */
export const jsonReader: CheckReader = toDocumentReader(
  'json',
  'Reads one JSON file strictly and gives its value as json.',
  parseJson,
);

/** Any YAML file of the workspace; its value is the fact `yaml`. */
export const yamlReader: CheckReader = toDocumentReader(
  'yaml',
  'Reads one YAML 1.2 file strictly and gives its value as yaml.',
  parseYaml,
);

/**
 * What a document should say only its reader knows, so the default asks no more than that it says something. The control is a workspace
 * without the document: there every expectation on a value is unknown and the default fails.
 */
function toDocumentReader(
  kind: 'json' | 'yaml',
  summary: string,
  parse: (bytes: Uint8Array) => JsonValue,
): CheckReader {
  return {
    kind,
    summary,
    jsonSchema: toJsonSchema(schema),
    readSpec: (written) => readSchema(schema, written),
    fenceLanguages: [],
    readFence: refuseFence,
    defaultExpectations: () => [`${kind} exists`, 'entries > 0'],
    parse(spec, sources) {
      const control = toReading(() => readAbsence(sources));
      if (control.state === 'readable') return control;
      return readReport(spec, sources, (files) => toFacts(kind, files, parse));
    },
    negativeControl: () => [toStatSource({ files: [] })],
  };
}

function readAbsence(sources: readonly ObservedSource[]): JsonObject {
  const { files, stat } = splitStat(sources);
  if (stat === null || stat.files.length > 0 || files.length > 0)
    throw new Unreadable('present', 'a document is there');
  return { entries: 0, file: toFileFacts([], stat) };
}

function toFacts(kind: string, files: readonly ObservedSource[], parse: (bytes: Uint8Array) => JsonValue): JsonObject {
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new Unreadable('ambiguous', `expected one document, got ${files.length}`);
  const value = readNamed(file, parse);
  return { [kind]: value, ...entriesOf(value) };
}

/** A single value has no entries, and so does not meet the default: any text file at all is YAML for a text. */
function entriesOf(value: JsonValue): JsonObject {
  return typeof value === 'object' && value !== null ? { entries: Object.keys(value).length } : {};
}
