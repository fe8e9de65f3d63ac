import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { parseJson } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { readCommandFence } from './read-command-fence.ts';
import { runSchema } from './run.ts';
import type { Run } from './run.ts';
import { commandSchema } from './schema.ts';
import type { CommandSpec } from './schema.ts';

/** Longest part of each stream that stands among the facts; the sources hold what was kept. */
const longestText = 64 * 1024;

/** Reads one run of a program: `run.json`, `stdout` and `stderr`. */
export const commandReader: CheckReader = {
  kind: 'command',
  summary: 'Runs a program in the workspace and reads its exit status, its output and, where the output is JSON, that.',
  jsonSchema: toJsonSchema(commandSchema),
  readSpec: (written) => readSchema(commandSchema, written),
  fenceLanguages: ['sh', 'bash'],
  readFence: readCommandFence,
  defaultExpectations: () => ['exit == 0'],
  parse: (_spec, sources) => toReading(() => toFacts(sources)),
  negativeControl: (spec) =>
    toRunSources(brokenRun(spec as unknown as CommandSpec), new Uint8Array(), new TextEncoder().encode('broken\n')),
};

function toFacts(sources: readonly ObservedSource[]): JsonObject {
  const run = readRun(sources);
  const stdout = bytesOf(sources, 'stdout');
  const json = run.stdout.truncated ? null : toJson(stdout);
  return {
    exit: run.exit,
    signal: run.signal,
    durationMs: run.durationMs,
    stdout: toText(stdout),
    stderr: toText(bytesOf(sources, 'stderr')),
    truncated: run.stdout.truncated || run.stderr.truncated,
    stdoutBytes: run.stdout.total,
    stderrBytes: run.stderr.total,
    leftBehind: run.leftBehind,
    limits: run.limits,
    ...(json === null ? {} : { json }),
  };
}

function readRun(sources: readonly ObservedSource[]): Run {
  const read = runSchema.safeParse(parseJson(bytesOf(sources, 'run.json')));
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new Unreadable('malformed', `run.json: ${issue.path.join('.') || 'document'}: ${issue.message}`);
}

function bytesOf(sources: readonly ObservedSource[], wanted: string): Uint8Array {
  const source = sources.find(({ name }) => name === wanted);
  if (!source) throw new Unreadable('source_missing', `expected the source ${wanted}, got none`);
  return source.bytes;
}

/** Output is rarely all UTF-8; bytes that are not become U+FFFD here and stay as they are in the source. */
function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, longestText));
}

function toJson(bytes: Uint8Array): JsonObject[string] {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** A program that fails, late and without a word. Status 255 is none that a script chooses by habit. */
function brokenRun(spec: CommandSpec): Run {
  const timeMs = spec.timeout ?? 60_000;
  return {
    argv: ['broken'],
    cwd: '.',
    exit: 255,
    signal: null,
    durationMs: timeMs,
    stdout: { total: 0, truncated: false },
    stderr: { total: 7, truncated: false },
    leftBehind: 1,
    limits: { timeMs, memoryBytes: null, outputBytes: 2 },
  };
}

/** The three sources of a run. */
export function toRunSources(run: Run, stdout: Uint8Array, stderr: Uint8Array): ObservedSource[] {
  return [
    { name: 'run.json', mediaType: 'application/json', bytes: new TextEncoder().encode(JSON.stringify(run)) },
    { name: 'stdout', mediaType: 'application/octet-stream', bytes: stdout },
    { name: 'stderr', mediaType: 'application/octet-stream', bytes: stderr },
  ];
}
