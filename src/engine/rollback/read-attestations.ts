import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Signed } from '@tminus/verify';

import { describeFileError } from '../../core/error/describe-file-error.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { DrillAttestation } from '../../core/rollback/drill-attestation.ts';
import { isAttestationFile, openAttestationFile } from '../../kinds/checks/drill/attestation-file.ts';
import { drillReportPath } from '../rehearsal/report-path.ts';

/** Returns the signed words on drills that lie where a `drill` check looks for them. What is none is left to the check, which says so; whether one counts is not asked here. */
export async function readAttestations(directory: string): Promise<Signed<DrillAttestation>[]> {
  const folder = dirname(drillReportPath(directory, 'any'));
  const names = await namesOf(folder);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name)).catch(() => null)));
  return files.flatMap((bytes) => (bytes !== null && isAttestationFile(bytes) ? readOne(bytes) : []));
}

async function namesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ProductError('document_unreadable', `${folder}: expected a folder, got ${describeFileError(cause)}`, {
      hint: 'make it readable: attestations of drills lie in it',
      cause,
    });
  }
}

function readOne(bytes: Uint8Array): Signed<DrillAttestation>[] {
  try {
    return [openAttestationFile(bytes)];
  } catch {
    return [];
  }
}
