import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');
const family = join(root, 'src/kinds/checks');
const folders: { readonly [kind: string]: string } = { json: 'document', yaml: 'document' };

/** Places in source code in which a word is a code of trouble. */
const construction = [
  /\b(?:Unreadable|FileTrouble|QueryTrouble|trouble|refuse|refusal|inTrouble)\(\s*'([a-z][a-z0-9_]*)'/g,
  /\bcode: '([a-z][a-z0-9_]*)'/g,
  /^\s+(?:[A-Z][A-Z0-9_]*: |return |\[)'([a-z][a-z0-9]*(?:_[a-z0-9]+)+)'/gm,
  /\baborted \? '(aborted)' : '(?:timeout)'/g,
  /\? '(timeout)' : 'aborted'/g,
  /'aborted' : '(timeout)'/g,
  /'timeout' : '(aborted)'/g,
];

/** The same in files that translate the errors of a driver: every value of a table, and every word that is returned. */
const translation = [/^\s+(?:[A-Z_]+|\d+): '([a-z_]+)',$/gm, /(?:return|\?) '([a-z_]+)'/g];
const translators = /(?:-trouble|query-[a-z]+|sqlite-child)\.ts$/;

/** Words in such a place that are no code of trouble: codes of Zod, of the command line, words of a format or of a driver. */
const others = new Set([
  'bool',
  'bytes',
  'columns',
  'custom',
  'decimal',
  'end_of_record',
  'float',
  'histogram',
  'int',
  'internal',
  'invalid_union',
  'key',
  'present',
  'signature_invalid',
  'text',
  'unknown',
  'usage',
]);

/** Files whose troubles many kinds share, by the name that the page gives to them together. */
const shared: { readonly [group: string]: readonly string[] } = {
  network: ['network-trouble.ts'],
  files: ['file-trouble.ts', 'list-workspace-files.ts', 'read-workspace-file.ts'],
};

/** Codes of trouble of one kind: its own, and the names of the groups that it shares with others. */
export interface KindTroubles {
  own: string[];
  groups: string[];
}

/** Codes of each group of troubles that kinds share, sorted. */
export function findSharedTroubles(): { [group: string]: string[] } {
  return Object.fromEntries(
    Object.entries(shared).map(([group, files]) => [group, codesOfFiles(files.map((file) => join(family, file)))]),
  );
}

/** Codes of trouble that one kind can end in, by its own files and those of the family that they import. */
export function findTroubles(kind: string): KindTroubles {
  const files = new Set<string>();
  collect(join(family, folders[kind] ?? kind, 'kind.ts'), files);
  const groups = Object.entries(shared).filter(([, names]) => names.some((name) => files.has(join(family, name))));
  const inGroups = new Set(groups.flatMap(([, names]) => names.map((name) => join(family, name))));
  return { own: codesOfFiles([...files].filter((file) => !inGroups.has(file))), groups: groups.map(([name]) => name) };
}

function codesOfFiles(files: readonly string[]): string[] {
  return [...new Set(files.flatMap((file) => codesIn(file, readFileSync(file, 'utf8'))))].toSorted();
}

/** Codes of trouble that the text of a source file constructs. */
export function codesIn(file: string, text: string): string[] {
  const patterns = translators.test(file) ? [...construction, ...translation] : construction;
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
  return found.filter((code) => !others.has(code));
}

function collect(file: string, files: Set<string>): void {
  if (files.has(file) || relative(family, file).startsWith('..')) return;
  files.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()'(\.[^']+\.ts)'/g))
    collect(join(dirname(file), target ?? ''), files);
}
