import { ProductError } from '../core/error/product-error.ts';
import type { Identity } from '../engine/identity/identity.ts';
import type { ApiParts } from './api-parts.ts';

/** How long a second factor that was shown holds for deeds about accounts and rights; the same as for changing how an account is opened. */
const recentMs = 10 * 60_000;

/** Throws `permission_denied` for a token: accounts, sessions, tokens and rights are people's, whatever a token may do besides. */
export function requireSession(identity: Identity): void {
  if (identity.via === 'session') return;
  throw new ProductError('permission_denied', 'expected somebody who is signed in, got a token', {
    hint: 'sign in and do it yourself',
  });
}

/**
 * Throws `step_up_wanted` where the account has a second factor that was not shown in this session within ten minutes, so that an open browser is not enough to
 * make others powerful. An account without one has nothing to show.
 */
export async function requireRecent({ identity: desk }: ApiParts, identity: Identity): Promise<void> {
  requireSession(identity);
  const account = await desk.accounts.read(identity.account);
  const hasFactor = account !== null && (account.factors.totp || account.factors.passkeys > 0);
  const shownMs = identity.strongAtMs;
  if (!hasFactor || (shownMs !== null && Date.now() - shownMs < recentMs)) return;
  throw new ProductError('step_up_wanted', 'expected a second factor shown within ten minutes, got none', {
    hint: 'show a second factor again, and repeat the request',
  });
}

/**
 * Throws `step_up_wanted` where no second factor was shown in this session within ten minutes, also for an account that has none: what goes round the approvals of
 * others is never done from a session that a password alone has opened (A27).
 */
export function requireShown(identity: Identity): void {
  requireSession(identity);
  const shownMs = identity.strongAtMs;
  if (shownMs !== null && Date.now() - shownMs < recentMs) return;
  throw new ProductError('step_up_wanted', 'expected a second factor shown within ten minutes, got none', {
    hint: 'show a second factor, or set one up under Settings, and repeat the request',
  });
}
