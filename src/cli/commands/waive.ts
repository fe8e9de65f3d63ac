import { ProductError } from '../../core/error/product-error.ts';
import { findCriterion } from '../../core/launch/find-criterion.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import { appendSignedWaiver, prepareWaiver } from '../../engine/sign/waiver.ts';
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

/** Sets a criterion aside until a given time, signed, with a reason. What the decision would not count is refused. */
export async function waive(shell: Shell, criterion: string, options: WaiveOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    findCriterion(scene.launch, criterion);
    const signer = readSigner(shell, scene, options);
    const { reason, requestedBy, role = null } = options;
    const wish = { criterion, reason, role, requestedBy, expiresAt: toInstant(options.until) };
    const prepared = await prepareWaiver(store, scene, signer.person.id, wish);
    const place = await appendSignedWaiver(store, scene, signPrepared(prepared, signer));
    const { statement } = prepared;
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
