import { hash, randomBytes } from 'node:crypto';

import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { DataAccess } from '../../../core/dataset/data-access.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { Scene } from '../../scene.ts';

/** What every use case of fixes is about. */
export interface FixSetting {
  scene: Scene;
  data: DataAccess;
  signal: AbortSignal;
  now: () => number;
  progress: (done: number, total: number | null, text: string) => void;
}

/** SHA-256 of a text. */
export const sha256Of = (text: string): string => hash('sha256', text, 'hex');

/** SHA-256 of the canonical line of a row. */
export const rowSha256 = (row: CanonRow): string => sha256Of(toCanonLine(row));

/** A token as 003 asks for it: 32 random bytes as base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Returns the dataset of that name; throws `dataset_unknown` with those there are. */
export function findRepaired({ data }: FixSetting, id: string): Dataset {
  const found = data.datasets.find((one) => one.id === id);
  if (found) return found;
  const known = data.datasets.map((one) => one.id).join(', ') || 'none';
  throw new ProductError('dataset_unknown', `dataset ${id}: expected one of ${known}, got none of that name`, {
    hint: 'name a dataset that a yaml dataset fence declares',
  });
}

/** A fix that may not go on, with every reason. */
export function refuseFix(what: string, reasons: readonly string[], hint: string): ProductError {
  return new ProductError(
    'fix_refused',
    `${what}: expected a fix that may go on, got one that may not: ${reasons.join('; ')}`,
    {
      hint,
    },
  );
}
