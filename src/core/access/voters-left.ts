import type { ActionVote } from '@tminus/verify';

import { humanOf } from '../approval/authority.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from './approval-request.ts';
import { excludedHumans } from './excluded-humans.ts';
import type { AccessRole } from './permission.ts';
import { voteStanding } from './vote-standing.ts';

/** Somebody whose go would count now, and the roles in which it would. */
export interface VoterLeft {
  person: string;
  name: string;
  roles: AccessRole[];
}

/** Everybody who could still say go so that it counts, in the order of the document: by the rule that their vote will be judged by, and not heard yet. */
export function votersLeft(
  request: ApprovalRequest,
  counted: readonly LoggedActionVote[],
  scene: ApprovalScene,
  nowMs: number,
): VoterLeft[] {
  const excluded = excludedHumans(request, scene);
  const heard = new Set(counted.map(({ entry }) => humanOf(scene.launch, entry.statement.person)));
  const { launch, environment } = request;
  const signedAt = new Date(nowMs).toISOString();
  return scene.launch.people
    .filter(({ human, automation }) => !automation && !heard.has(human))
    .map(({ id, name }) => {
      const mayAs = (role: AccessRole): boolean =>
        voteStanding({ launch, environment, person: id, role, signedAt } as ActionVote, scene, excluded, nowMs).ok;
      return { person: id, name, roles: (['approver', 'lead'] as const).filter(mayAs) };
    })
    .filter(({ roles }) => roles.length > 0);
}
