import { readFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import { join } from 'node:path';

import { digestOf } from '@tminus/verify';
import type { JsonObject, Signed } from '@tminus/verify';

import { findPerson, signatureFault } from '../../../core/approval/authority.ts';
import { readRedactedBoard } from '../../../core/dataset/trello/read-redacted-board.ts';
import type { RedactedBoard } from '../../../core/dataset/trello/redact-board.ts';
import type { RedactionManifest } from '../../../core/dataset/trello/redaction-manifest.ts';
import { describeFileError } from '../../../core/error/describe-file-error.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { Launch } from '../../../core/launch/launch.ts';
import { readNow } from '../../../store/open-store.ts';
import type { Store } from '../../../store/open-store.ts';
import { toPrepared } from '../../sign/prepared.ts';
import type { Prepared } from '../../sign/prepared.ts';
import { toDeclaredPerson } from '../../sign/signer.ts';
import { writeNewFile } from '../../write-file.ts';
import { approvalFile, manifestFile, redactedFile } from './redact-board-file.ts';

/** What a person signs who has looked through a redacted board: this file, by its bytes, and this manifest with its sample. */
export interface BoardApproval {
  format: 'tminus/board-approval/1';
  launch: string;
  person: string;
  comment: string;
  approvedAt: string;
  sourceSha256: string;
  redactedSha256: string;
  manifestSha256: string;
}

/** The word of a person about a folder, before it is signed. Throws `import_refused` where the file is not the one of its manifest; writes nothing. */
export async function prepareBoardApproval(
  store: Store,
  launch: Launch,
  { folder, person, comment }: { folder: string; person: string; comment: string },
): Promise<Prepared<BoardApproval>> {
  const { manifest } = await readRedaction(folder);
  if (toDeclaredPerson(launch, person).automation) throw refuse(folder, 'an automation approves nothing');
  return toPrepared<BoardApproval>({
    format: 'tminus/board-approval/1',
    launch: launch.id,
    person,
    comment,
    approvedAt: await readNow(store),
    sourceSha256: manifest.sourceSha256,
    redactedSha256: manifest.redactedSha256,
    manifestSha256: digestOf(manifest),
  });
}

/** Lays a signed approval beside the file that it is about. */
export function keepBoardApproval(folder: string, signed: Signed<BoardApproval>): void {
  writeNewFile(join(folder, approvalFile), `${JSON.stringify(signed, null, 1)}\n`);
}

/** A board that somebody has approved, and under which word. */
export interface ApprovedBoard {
  board: RedactedBoard;
  manifest: RedactionManifest;
  approval: BoardApproval;
}

/** Reads a redacted board. Throws `import_refused` for any file but the one whose bytes a person of the launch has signed. */
export async function readApprovedBoard(launch: Launch, folder: string): Promise<ApprovedBoard> {
  const { manifest, text } = await readRedaction(folder);
  const signed = (await readJson(folder, approvalFile)) as unknown as Signed<BoardApproval>;
  const fault = approvalFault(launch, signed, manifest);
  if (fault !== null) throw refuse(folder, fault);
  const board = readRedactedBoard(text, manifest);
  if (board === null) throw refuse(folder, 'it holds what no redaction writes');
  return { board, manifest, approval: signed.statement };
}

function approvalFault(launch: Launch, signed: Signed<BoardApproval>, manifest: RedactionManifest): string | null {
  const { statement } = signed;
  if (typeof statement !== 'object' || statement.format !== 'tminus/board-approval/1') return 'it is no approval';
  if (statement.launch !== launch.id) return 'it was approved for another launch';
  if (statement.redactedSha256 !== manifest.redactedSha256) return 'another file was approved';
  if (statement.manifestSha256 !== digestOf(manifest)) return 'another manifest was approved';
  if (findPerson(launch, statement.person)?.automation !== false) return 'an automation approves nothing';
  return signatureFault(launch, signed);
}

async function readRedaction(folder: string): Promise<{ manifest: RedactionManifest; text: string }> {
  const manifest = (await readJson(folder, manifestFile)) as unknown as RedactionManifest;
  if (manifest.version !== 'trello-redaction/1') throw refuse(folder, 'its manifest is of another form');
  const bytes = await readBytes(folder, redactedFile);
  if (hash('sha256', bytes, 'hex') !== manifest.redactedSha256)
    throw refuse(folder, 'the file is not the one of its manifest');
  return { manifest, text: bytes.toString('utf8') };
}

async function readJson(folder: string, name: string): Promise<JsonObject> {
  try {
    return JSON.parse((await readBytes(folder, name)).toString('utf8')) as JsonObject;
  } catch (error) {
    throw error instanceof SyntaxError ? refuse(folder, `${name} is no JSON`) : error;
  }
}

async function readBytes(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw refuse(folder, `${name}: ${describeFileError(cause)}`);
  }
}

function refuse(folder: string, why: string): ProductError {
  return new ProductError('import_refused', `${folder}: expected a redacted board that somebody has approved: ${why}`, {
    hint: 'run "tminus trello redact", look through the sample of its manifest, then "tminus trello approve"',
  });
}
