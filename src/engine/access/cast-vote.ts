import type { ActionVote } from '@tminus/verify';

import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';
import { appendSignedActionVote, prepareActionVote } from '../sign/action-vote.ts';
import type { VoteWish } from '../sign/action-vote.ts';
import { signPrepared } from '../sign/signer.ts';
import type { Signer } from '../sign/signer.ts';
import type { AssessedRequest } from './assess-request.ts';

/**
 * Signs a vote on a request, exactly as it stands now, with the key file of a person, and appends it to the log. A vote that would not count is
 * refused with `statement_void` before anything is written, but for the audit, which has both.
 */
export async function castVote(
  store: Store,
  scene: Scene,
  signer: Signer,
  wish: VoteWish,
): Promise<AssessedRequest & { vote: ActionVote; id: string; index: number }> {
  const prepared = await prepareActionVote(store, scene, signer.person.id, wish);
  return appendSignedActionVote(store, scene, signPrepared(prepared, signer), wish);
}
