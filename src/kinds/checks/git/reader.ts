import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { refuseFence } from '../no-fence.ts';
import { parseJson } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { isAuthor, readAuthors } from './authors.ts';
import { gitSchema } from './schema.ts';
import type { GitSpec } from './schema.ts';

/** The source `git.json`: the commits that the revisions meant, and the exit status of every question. */
const askedSchema = z.strictObject({
  commit: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
  ancestor: z.string().nullable(),
  exits: z.record(z.string(), z.number().int()),
});

export type GitAsked = z.output<typeof askedSchema>;

/** Reads the answers of Git: `git.json`, and one source of raw output for each question. */
export const gitReader: CheckReader = {
  kind: 'git',
  summary:
    'Asks a repository in the workspace for a commit: whether the tree is clean, what contains what, tags, signature and the authors of a file.',
  jsonSchema: toJsonSchema(gitSchema),
  readSpec: (written) => readSchema(gitSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: toDefaults,
  parse: (spec, sources) => toReading(() => toFacts(spec as unknown as GitSpec, sources)),
  negativeControl,
};

/** What was asked for is what is wanted; a check that only looks at a commit wants a clean tree. */
function toDefaults(written: JsonObject): string[] {
  const spec = written as unknown as GitSpec;
  const asked = [
    ...(spec.ancestor === null ? [] : ['ancestor == true']),
    ...(spec.reviewer === null ? [] : ['reviewerIsAuthor == false']),
  ];
  return asked.length > 0 ? asked : ['clean == true'];
}

function toFacts(spec: GitSpec, sources: readonly ObservedSource[]): JsonObject {
  const asked = readAsked(sources);
  const text = (source: string): string => new TextDecoder().decode(bytesOf(sources, source));
  const changes = text('status')
    .split('\0')
    .filter((entry) => entry !== '');
  const branch = text('branch').trim();
  return {
    head: asked.commit,
    branch: branch === '' ? null : toPlainText(branch),
    clean: changes.length === 0,
    changes: changes.length,
    tags: text('tags')
      .split('\n')
      .filter((tag) => tag !== '')
      .map((tag) => toPlainText(tag))
      .toSorted(),
    // That a signature is there, not that it is good: whose keys count is not for the repository to say.
    hasSignature: /^gpgsig(?:-sha256)? /m.test(text('commit').split('\n\n', 1)[0]!),
    ...(spec.ancestor === null ? {} : { ancestor: exitOf(asked, 'ancestor') === 0 }),
    ...(spec.file === null ? {} : toAuthorFacts(spec, text('authors'))),
  };
}

/** A file without any history has no authors, and nobody can be told from nobody: `reviewerIsAuthor` is left out, which is unknown. */
function toAuthorFacts(spec: GitSpec, log: string): JsonObject {
  const authors = readAuthors(log);
  const names = [...new Set(authors.map(({ name, address }) => toPlainText(`${name} <${address}>`)))].toSorted();
  if (spec.reviewer === null || authors.length === 0) return { authors: names };
  return { authors: names, reviewerIsAuthor: [spec.reviewer].flat().some((reviewer) => isAuthor(reviewer, authors)) };
}

function readAsked(sources: readonly ObservedSource[]): GitAsked {
  const read = askedSchema.safeParse(parseJson(bytesOf(sources, 'git.json')));
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new Unreadable('malformed', `git.json: ${issue.path.join('.') || 'document'}: ${issue.message}`);
}

function exitOf(asked: GitAsked, question: string): number {
  const exit = Object.hasOwn(asked.exits, question) ? asked.exits[question] : undefined;
  if (exit === undefined) throw new Unreadable('source_missing', `expected the exit status of ${question}, got none`);
  return exit;
}

function bytesOf(sources: readonly ObservedSource[], wanted: string): Uint8Array {
  const source = sources.find(({ name }) => name === wanted);
  if (!source) throw new Unreadable('source_missing', `expected the source ${wanted}, got none`);
  return source.bytes;
}

/** A commit of nobody's, in a dirty tree, that contains nothing and was written by the reviewer. */
function negativeControl(written: JsonObject): ObservedSource[] {
  const spec = written as unknown as GitSpec;
  const reviewer = [spec.reviewer ?? 'nobody'].flat()[0]!;
  return toGitSources(
    { commit: '0'.repeat(40), ancestor: spec.ancestor, exits: { ancestor: 1 } },
    {
      branch: '',
      status: '? broken\0',
      tags: '',
      commit: 'tree 0\n\n',
      ancestor: '',
      authors: `${reviewer}\0${reviewer}\0\x1e`,
    },
  );
}

/** The account of the questions, and every answer as Git gave it. */
export function toGitSources(asked: GitAsked, outputs: { [source: string]: string | Uint8Array }): ObservedSource[] {
  return [
    { name: 'git.json', mediaType: 'application/json', bytes: toBytes(JSON.stringify(asked)) },
    ...Object.entries(outputs).map(([name, output]) => ({
      name,
      mediaType: 'application/octet-stream',
      bytes: toBytes(output),
    })),
  ];
}

function toBytes(output: string | Uint8Array): Uint8Array {
  return typeof output === 'string' ? new TextEncoder().encode(output) : output;
}
