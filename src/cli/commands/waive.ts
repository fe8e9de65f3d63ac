import type { Waiver } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { appendStatement, toHeldRole } from '../../engine/append-statement.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface WaiveOptions extends GlobalOptions, SignerOptions {
  role?: string;
  reason: string;
  until: string;
  requestedBy: string;
}

/** Sets a criterion aside until a given time, signed, with a reason. Whether it counts is for the decision to say. */
export async function waive(shell: Shell, criterion: string, options: WaiveOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const signer = readSigner(shell, scene, options);
    const statement: Waiver = {
      format: 'tminus/waiver/1',
      ...scene.binding,
      criterion,
      reason: options.reason,
      person: signer.person.id,
      role: toHeldRole(scene.launch, signer, options.role ?? null),
      requestedBy: options.requestedBy,
      signedAt: await readNow(store),
      expiresAt: toInstant(options.until),
    };
    const place = await appendStatement(store, scene, signer, statement);
    const text = `${statement.person} waives ${criterion} until ${statement.expiresAt}: ${statement.reason}, entry ${place.index}\n`;
    return { exit: 0, json: { ...place, statement }, text };
  });
}

function toInstant(text: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/u.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new ProductError('usage', `--until: expected an RFC 3339 time with its zone, got ${text}`, {
    hint: 'write it as 2026-12-05T18:00:00Z',
  });
}
