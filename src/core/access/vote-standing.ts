import type { ActionVote } from '@tminus/verify';

import { humanOf } from '../approval/authority.ts';
import { toInstantMs } from '../gate/instant.ts';
import { refusalOf } from './allows.ts';
import type { ApprovalScene } from './approval-request.ts';
import type { Exclusions } from './excluded-humans.ts';
import { delegatorsOf } from './grant-fault.ts';
import { isHeldBy } from './grant.ts';
import type { Grant } from './grant.ts';

/** On what a vote stands: the humans whose voice it is, the voter first, then those who passed the role on. */
export type VoteStanding = { ok: true; humans: string[] } | { ok: false; fault: string };

/**
 * Whether somebody may vote in the role they name, now and when they signed: a role that was given or taken away in between does not count, nor
 * does a break-glass grant. A delegated role speaks with two voices: neither the voter nor whoever passed it on may have had a hand in the matter.
 */
export function voteStanding(
  vote: ActionVote,
  scene: ApprovalScene,
  excluded: Exclusions,
  nowMs: number,
): VoteStanding {
  const own = humanOf(scene.launch, vote.person);
  const hand = excluded.get(own);
  if (hand !== undefined) return { ok: false, fault: `${own} ${hand}` };
  const grants = scene.grants.filter((grant) => grant.role === vote.role && grant.breakGlass === null);
  const held = grants
    .filter((grant) => isHeldBy(grant, vote.person, scene.groups))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  let fault = `${vote.person} does not hold the role ${vote.role}`;
  for (const grant of held) {
    const refused = permissionFault(vote, grant, scene, nowMs);
    const humans = [own, ...delegatorsOf(grant, scene.grants).map((each) => humanOf(scene.launch, each))];
    const tainted = humans.find((human) => excluded.has(human));
    if (refused === null && tainted === undefined) return { ok: true, humans };
    fault = refused ?? `${tainted}, for whom ${vote.person} votes, ${excluded.get(tainted!)}`;
  }
  return { ok: false, fault };
}

/** Asks for the permission by this very grant, at both moments. */
function permissionFault(vote: ActionVote, grant: Grant, scene: ApprovalScene, nowMs: number): string | null {
  const request = { actor: vote.person, permission: 'approval.vote', scope: vote } as const;
  const byThisGrant = (moment: number): string | null => refusalOf(grant, request, scene, moment);
  return byThisGrant(nowMs) ?? byThisGrant(toInstantMs(vote.signedAt) ?? -Infinity);
}
