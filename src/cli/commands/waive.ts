import type { Signed, Waiver } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { waiverFault } from '../../core/gate/waiver-fault.ts';
import { findCriterion, listCriteria } from '../../core/launch/find-criterion.ts';
import type { Gate } from '../../core/launch/launch.ts';
import { appendStatement, toHeldRole } from '../../engine/append-statement.ts';
import { readNow } from '../../store/open-store.ts';
import type { Scene } from '../../engine/scene.ts';
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
    const { waivable } = findCriterion(scene.launch, criterion);
    const signer = readSigner(shell, scene, options);
    const signedAt = await readNow(store);
    const requester = findGateOf(scene, criterion)?.requester ?? null;
    const terms = { ...scene.binding, waivable, requester, roster: scene.launch, nowMs: Date.parse(signedAt) };
    const statement: Waiver = {
      format: 'tminus/waiver/1',
      ...scene.binding,
      criterion,
      reason: options.reason,
      person: signer.person.id,
      role: toHeldRole(scene.launch, signer, options.role ?? null),
      requestedBy: options.requestedBy,
      signedAt,
      expiresAt: toInstant(options.until),
    };
    const findFault = (signed: Signed<Waiver>) => waiverFault(signed, terms);
    const place = await appendStatement(store, scene, signer, { statement, findFault });
    const text = `${statement.person} waives ${criterion} until ${statement.expiresAt}: ${statement.reason}, entry ${place.index}\n`;
    return { exit: 0, json: { ...place, statement }, text };
  });
}

function findGateOf({ launch }: Scene, criterion: string): Gate | undefined {
  return launch.gates.find((gate) => listCriteria({ gates: [gate] }).some(({ id }) => id === criterion));
}

function toInstant(text: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/u.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new ProductError('usage', `--until: expected an RFC 3339 time with its zone, got ${text}`, {
    hint: 'write it as 2026-12-05T18:00:00Z',
  });
}
