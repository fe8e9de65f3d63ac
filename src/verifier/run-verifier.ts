import { canonicalize, renderReport, verifyBundle } from '@tminus/verify';
import type { VerifyReport } from '@tminus/verify';
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { describeFileError } from '../core/error/describe-file-error.ts';
import { readRegularFile } from '../spec/read-regular-file.ts';
import { readBundleDirectory } from './read-bundle-directory.ts';
import { productRules } from './recompute.ts';

const usage = `usage: node tminus-verify.mjs DIR [--key KEY] [--checkpoint FILE]... [--json]

  DIR                the folder of the bundle
  --key KEY          the log key as you got it by another way: name+id+base64
  --checkpoint FILE  a checkpoint of this log that was kept elsewhere; may be given several times
  --json             the report as one line of JSON

exit code: 0 verified, 4 something does not hold, 5 not everything could be checked, 2 usage or unreadable
`;

/** What a run of the verifier ends with. */
export interface VerifierRun {
  exit: 0 | 2 | 4 | 5;
  output: string;
  error: string;
}

/** Verifies the bundle that the arguments name, offline, and returns what to print and how to exit. Writes nothing. */
export function runVerifier(args: readonly string[]): VerifierRun {
  let options: VerifierOptions;
  let report: VerifyReport;
  try {
    options = readOptions(args);
  } catch (error) {
    return { exit: 2, output: '', error: `tminus-verify: ${toMessage(error)}\n\n${usage}` };
  }
  if (options.help) return { exit: 0, output: usage, error: '' };
  try {
    const { key, checkpoints, directory } = options;
    assertFolder(directory);
    const foreignCheckpoints = checkpoints.map((file) => ({ name: file, note: readNote(file) }));
    report = verifyBundle(readBundleDirectory(directory), { pinnedKey: key, foreignCheckpoints }, productRules);
  } catch (error) {
    return { exit: 2, output: '', error: `tminus-verify: ${toMessage(error)}\n` };
  }
  return { exit: toExit(report), output: options.json ? `${canonicalize(report)}\n` : renderReport(report), error: '' };
}

/** A checkpoint has a few hundred bytes. */
const mostNoteBytes = 65_536;

function readNote(file: string): string {
  try {
    return new TextDecoder().decode(readRegularFile(file, mostNoteBytes));
  } catch (error) {
    throw new Error(`${file}: expected a checkpoint, got ${describeFileError(error)}`, { cause: error });
  }
}

function assertFolder(directory: string): void {
  let got = 'a file';
  try {
    if (statSync(directory).isDirectory()) return;
  } catch (error) {
    got = describeFileError(error);
  }
  throw new Error(`${directory}: expected the folder of a bundle, got ${got}`);
}

/** The exit code that says how a verification ended; `incomplete` is never 0. */
function toExit({ verdict, firstFault }: VerifyReport): VerifierRun['exit'] {
  if (verdict === 'verified') return 0;
  if (firstFault === null) return 5;
  return firstFault.code === 'bundle_unreadable' ? 2 : 4;
}

interface VerifierOptions {
  directory: string;
  key: string | null;
  checkpoints: string[];
  json: boolean;
  help: boolean;
}

/** Strict: a mistyped `--checkpiont` must not verify less than was asked for. */
function readOptions(args: readonly string[]): VerifierOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      checkpoint: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [directory] = positionals;
  const help = values.help === true;
  if (!help && (directory === undefined || positionals.length > 1)) {
    throw new Error(`expected one folder, got ${positionals.length}`);
  }
  const { key = null, checkpoint = [], json = false } = values;
  return { directory: directory ?? '', key, checkpoints: checkpoint, json, help };
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
