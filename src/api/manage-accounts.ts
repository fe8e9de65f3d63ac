import { rightsLaunch } from '../engine/documents/rights-launch.ts';
import { permitAccounts } from '../engine/identity/permit-accounts.ts';
import type { Identity } from '../engine/identity/identity.ts';
import { personOf, signedOut } from './admit.ts';
import type { ApiParts } from './api-parts.ts';
import { requireRecent, requireSession } from './require-recent.ts';

interface ManageCall {
  parts: ApiParts;
  identity: Identity | null;
}

/** Throws unless whoever asks may manage accounts: in every environment of every launch that is served. */
export async function requireManager({ parts, identity }: ManageCall, subject: string): Promise<Identity> {
  if (identity === null) throw signedOut();
  requireSession(identity);
  const served = await parts.launches.list();
  // A document that somebody broke must not keep a stolen session alive: then the last one that could be read counts.
  const launches = await Promise.all(served.map((launch) => rightsLaunch(parts.store, launch)));
  await permitAccounts(parts.store, launches, { person: personOf(identity), subject });
  return identity;
}

/** The same for what changes something: with the second factor shown not long ago, where there is one. */
export async function requireManagerNow(call: ManageCall, subject: string): Promise<Identity> {
  const identity = await requireManager(call, subject);
  await requireRecent(call.parts, identity);
  return identity;
}
