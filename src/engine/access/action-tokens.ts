import { randomBytes } from 'node:crypto';

import { sha256Hex } from '@tminus/verify';

import { issueActionToken, redeemActionToken } from '../../core/access/action-token.ts';
import type { TokenSubject } from '../../core/access/action-token.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { insertToken, insertTokenUse, readToken } from '../../store/action-token.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { runIn } from '../../store/transaction.ts';
import type { StoreTransaction } from '../../store/transaction.ts';

/** Issues a token for one action and returns its text, which is kept nowhere (D29). */
export async function issueToken(store: Store, subject: TokenSubject, lifeSeconds?: number): Promise<string> {
  const nowMs = Date.parse(await readNow(store));
  const wish = { random: randomBytes(32), subject, nowMs, ...(lifeSeconds === undefined ? {} : { lifeSeconds }) };
  const issued = issueActionToken(wish);
  if (!issued.ok) throw new ProductError('usage', `token: ${issued.fault}`, { hint: 'ask for a life that is allowed' });
  await insertToken(store, issued.stored);
  return issued.text;
}

/**
 * Takes a token for this very subject: true once, and for one caller. The answer and its reason go into the audit; the caller learns yes or no only.
 * In a transaction the use stands or falls with it.
 */
export async function redeemToken(
  store: Store,
  presented: string,
  subject: TokenSubject,
  tx?: StoreTransaction,
): Promise<boolean> {
  const nowMs = Date.parse(await readNow(store));
  return runIn(store, tx, async (work) => {
    const stored = await readToken(store, sha256Hex(presented), work);
    const redeemed = redeemActionToken(stored, presented, subject, nowMs);
    const { sha256, usedAt } = redeemed.ok ? redeemed.stored : { sha256: '', usedAt: null };
    const taken = usedAt !== null && (await insertTokenUse(store, { sha256, usedAt }, work));
    const reason = redeemed.ok ? (taken ? 'it opened the action' : 'it was used at the same time') : redeemed.reason;
    const about = { launch: subject.launch, environment: subject.environment, subject: subject.action, run: null };
    const row = { ...about, actor: 'token', permission: 'action.token', allowed: taken, exception: false, reason };
    await insertAccessDecisions(store, [row], work);
    return taken;
  });
}
