import type { Binding, Signed, Waiver } from '@tminus/verify';

import { authorityFault, humanOf, signatureFault } from '../approval/authority.ts';
import type { Roster } from '../approval/authority.ts';
import { overrideFault } from '../slo/override-fault.ts';
import { clockSkewMs, toInstantMs } from './instant.ts';

/** What a waiver has to fit to take effect. */
export interface WaiverGround extends Binding {
  waivable: boolean;
  /** Kind of the check that is set aside; null where the criterion has none. An error budget asks for more than a reason. */
  checkKind: string | null;
  requester: string | null;
  roster: Roster;
  nowMs: number;
}

/** Why a waiver does not take effect, or null. One that does never turns an outcome into `pass`. */
export function waiverFault(waiver: Signed<Waiver>, ground: WaiverGround): string | null {
  return waiverTermsFault(waiver.statement, ground) ?? signatureFault(ground.roster, waiver);
}

/** Why a waiver would not take effect, whoever signs it, or null: what can be told before anybody is asked for a signature. */
export function waiverTermsFault(statement: Waiver, ground: WaiverGround): string | null {
  if (!ground.waivable) return 'this criterion may not be waived';
  return (
    bindingFault(statement, ground) ??
    timeFault(statement, ground.nowMs) ??
    (statement.reason.trim() === '' ? 'it gives no reason' : null) ??
    (ground.checkKind === 'slo' ? overrideFault(statement.reason) : null) ??
    authorityFault(ground.roster, statement.person, statement.role) ??
    requesterFault(statement, ground)
  );
}

function bindingFault(statement: Waiver, ground: WaiverGround): string | null {
  if (statement.launch !== ground.launch) return 'it is for another launch';
  if (statement.candidateSha256 !== ground.candidateSha256) return 'it is for another candidate';
  if (statement.environment !== ground.environment) return 'it is for another environment';
  return statement.planHash === ground.planHash ? null : 'the plan has changed since';
}

function timeFault({ signedAt, expiresAt }: Waiver, nowMs: number): string | null {
  const [signedMs, expiresMs] = [toInstantMs(signedAt), toInstantMs(expiresAt)];
  if (signedMs === null || expiresMs === null) return 'its times cannot be read';
  if (signedMs - nowMs > clockSkewMs) return 'it is from the future';
  return expiresMs > nowMs ? null : `it expired at ${expiresAt}`;
}

function requesterFault({ person, requestedBy }: Waiver, { roster, requester }: WaiverGround): string | null {
  const human = humanOf(roster, person);
  const askers = requester === null ? [requestedBy] : [requestedBy, requester];
  return askers.some((asker) => humanOf(roster, asker) === human) ? `${person} asked for it` : null;
}
