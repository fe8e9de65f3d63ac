import { FormatError, quoteShort } from './format-error.ts';

/** Names of the files of a bundle; besides these there are only `documents/PATH` and `blobs/SHA256`. */
export const bundleFiles = {
  index: 'bundle.json',
  launch: 'launch.json',
  candidate: 'candidate.json',
  decision: 'decision.json',
  entries: 'entries.jsonl',
  leaves: 'leaves.txt',
  checkpoint: 'checkpoint.txt',
  logKey: 'log-key.txt',
  statement: 'statement.dsse.json',
  readme: 'README.txt',
} as const;

/** Sizes that no honest bundle reaches; a hostile one is refused before its bytes are read. */
export const bundleLimits = {
  files: 250_000,
  nameLength: 1024,
  fileBytes: 1_500_000_000,
  totalBytes: 16_000_000_000,
  jsonBytes: 64_000_000,
  entryBytes: 8_000_000,
};

const fixedNames: ReadonlySet<string> = new Set(Object.values(bundleFiles));

/** Refuses every name that does not belong into a bundle, above all those that would lead out of its folder. */
export function assertBundleName(name: string): void {
  const expected = 'a name of the bundle format';
  if (fixedNames.has(name) || /^blobs\/[0-9a-f]{64}$/.test(name)) return;
  if (!name.startsWith('documents/') || name.length > bundleLimits.nameLength || !isSafePath(name)) {
    throw new FormatError({ where: 'bundle', expected, got: quoteShort(name) });
  }
}

/** Relative, of plain segments, with nothing that a file system or a terminal would read in its own way. */
function isSafePath(path: string): boolean {
  if (!path.isWellFormed() || /[\\\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}
