import { createHmac, hash } from 'node:crypto';
import { mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import { redactBoard } from '../../../core/dataset/trello/redact-board.ts';
import type { RedactedBoard } from '../../../core/dataset/trello/redact-board.ts';
import { toRedactionManifest, writeRedactedBoard } from '../../../core/dataset/trello/redaction-manifest.ts';
import type { RedactionManifest } from '../../../core/dataset/trello/redaction-manifest.ts';
import { describeFileError } from '../../../core/error/describe-file-error.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { parseJson } from '../../../kinds/checks/parse-json.ts';
import { makeFolder, toOutputError } from '../../write-file.ts';
import { encryptTo, requireRecipients } from '../archive/age-stream.ts';
import { createSecretFinder } from './find-secret-spans.ts';

/** Files of a folder that a redaction leaves. */
export const redactedFile = 'board.redacted.jsonl';
export const manifestFile = 'manifest.json';
export const approvalFile = 'approval.json';
export const peopleFile = 'people.json.age';

/** What is redacted, and how. */
export interface RedactionWish {
  /** The export as its maker wrote it. */
  file: string;
  /** Key of the pseudonyms. */
  key: Uint8Array;
  /** `age1...` recipients of the mapping of people; none throws it away. */
  recipients: readonly string[];
}

const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex');

/** Exports are held whole: a board of the greatest size that its maker allows is below this. */
const largestExport = 256 * 1024 ** 2;
const shortestKey = 16;

/**
 * Redacts the export of a board into a folder that is not there yet: the redacted file, its manifest and, encrypted, who is behind the pseudonyms. What was written
 * is looked through once more; where anything came through, no folder remains.
 */
export async function redactBoardFile(wish: RedactionWish, folder: string): Promise<RedactionManifest> {
  await requireRecipients(wish.recipients);
  const bytes = await readExport(wish.file);
  const redacted = redact(wish, bytes);
  const text = writeRedactedBoard(redacted);
  assertClean(redacted, text);
  const manifest = toRedactionManifest(redacted, { sourceSha256: sha256(bytes), redactedSha256: sha256(text) });
  makeFolder(dirname(folder));
  const draft = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await write(join(draft, redactedFile), text);
    await write(join(draft, manifestFile), `${JSON.stringify(manifest, null, 1)}\n`);
    if (wish.recipients.length > 0) await write(join(draft, peopleFile), await sealPeople(wish, redacted));
    await rename(draft, folder);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw toTaken(folder, error);
  }
}

async function readExport(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > largestExport) throw notABoard(file, 'something larger than any board');
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof ProductError) throw cause;
    throw notABoard(file, describeFileError(cause));
  }
}

function redact({ file, key }: RedactionWish, bytes: Buffer): RedactedBoard {
  if (key.length < shortestKey)
    throw new ProductError(
      'usage',
      `key of the pseudonyms: expected at least ${shortestKey} bytes, got ${key.length}`,
      {
        hint: 'make one with "openssl rand -hex 32" and keep it as a secret',
      },
    );
  const pseudonym = (id: string): string => `person-${createHmac('sha256', key).update(id).digest('hex').slice(0, 16)}`;
  const board = parse(file, bytes);
  const redacted = redactBoard(board, { pseudonym, findSecrets: createSecretFinder() });
  if (redacted === null) throw notABoard(file, 'other JSON');
  return redacted;
}

function parse(file: string, bytes: Buffer): ReturnType<typeof parseJson> {
  try {
    return parseJson(bytes);
  } catch {
    throw notABoard(file, 'no JSON with each key once');
  }
}

function notABoard(file: string, got: string): ProductError {
  return new ProductError('usage', `${file}: expected the export of a board, got ${got}`, {
    hint: 'export it in Trello: menu of the board, print and export, JSON',
  });
}

/** Redaction by rules is one pair of eyes; this is the other: secrets, addresses and whole names of the people of the board. */
function assertClean({ people }: RedactedBoard, text: string): void {
  const findSecrets = createSecretFinder();
  const lines = text.split('\n');
  const names = people.flatMap(({ fullName, username }) => [fullName, username]).filter((name) => name.length >= 3);
  const words = names.map((name) => toWord(name.toLowerCase()));
  const faults = lines.flatMap((line, index) => {
    const lower = line.toLowerCase();
    const isDirty =
      findSecrets(line).length > 0 || /[\w.+-]+@[\w-]+\.[\w.]+/.test(line) || words.some((word) => word.test(lower));
    return isDirty ? [index + 1] : [];
  });
  if (faults.length === 0) return;
  throw new ProductError(
    'export_refused',
    `redacted board: expected nothing restricted, got some in item ${faults.slice(0, 5).join(', ')}`,
    { hint: 'take it out of the board and export it again; nothing was written' },
  );
}

function toWord(name: string): RegExp {
  const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'u');
}

async function sealPeople({ recipients }: RedactionWish, { people }: RedactedBoard): Promise<Buffer> {
  const plain = Readable.from([Buffer.from(`${JSON.stringify(people, null, 1)}\n`)]);
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await encryptTo(recipients, plain)) as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function toTaken(folder: string, error: unknown): unknown {
  if (error instanceof ProductError || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'ENOTDIR')
    return toOutputError(folder, error);
  return new ProductError('output_exists', `${folder}: expected no such folder, got one`, {
    hint: 'name another folder; a redaction is never written over',
  });
}
