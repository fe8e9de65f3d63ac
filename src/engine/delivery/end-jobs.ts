import type { PgBoss } from 'pg-boss';

import type { Store } from '../../store/open-store.ts';
import type { Claim, Delivery, NewJob, Settlement, WriteEnds } from '../delivery.ts';
import { readSettledTokens } from './claim-jobs.ts';
import { createGather } from './gather.ts';
import type { HeldClaims } from './held-claims.ts';
import type { DeliveryTimes } from './open-boss.ts';
import { outlast } from './outlast.ts';
import { handBackJob, settleJobs, settleTogether, settleWithWrites } from './settle-jobs.ts';
import { failpoint } from '../../store/failpoint.ts';

/** What the ends of jobs are written with. */
export interface EndContext {
  store: Store;
  boss: PgBoss;
  held: HeldClaims;
  times: DeliveryTimes;
}

/** Returns the ways in which a claim ends. Each outlasts a database that is away, and tells a commit whose answer was lost from a stale claim. */
export function createEnds(context: EndContext): Pick<Delivery, 'settleAndSend' | 'settleMany' | 'release'> {
  const { store, boss, held, times } = context;
  const gather = createGathers(context);
  return {
    async settleAndSend(claim, next) {
      const settled = await outlast(times.outlastSeconds, async (unsure) => {
        const answer =
          typeof next === 'function'
            ? await settleWithWrites({ store, boss }, claim, next)
            : await gather(claim.queue)({ claim, next });
        failpoint('settle-one.committed', claim.data);
        return (await correctLost({ store, unsure }, [claim], [answer]))[0] as Settlement;
      });
      held.settle(claim);
      return settled;
    },
    async settleMany(endings, write: WriteEnds) {
      const claims = endings.map(({ claim }) => claim);
      if (claims.length === 0) return [];
      const answers = await outlast(times.outlastSeconds, async (unsure) =>
        correctLost({ store, unsure }, claims, await settleTogether({ store, boss }, claims, write)),
      );
      failpoint('settle-many.committed');
      for (const claim of claims) held.settle(claim);
      return answers;
    },
    async release(claim, { afterSeconds }) {
      const back = { afterSeconds, begun: false };
      const answer = await outlast(times.outlastSeconds, () => handBackJob({ store, boss }, claim, back));
      failpoint('release.committed');
      held.settle(claim);
      return answer;
    },
  };
}

/** The answer to the first run was lost; what became of it stands with the claims. */
async function correctLost(
  { store, unsure }: { store: Store; unsure: boolean },
  claims: readonly Claim[],
  answers: readonly Settlement[],
): Promise<Settlement[]> {
  if (!unsure || !answers.includes('stale')) return [...answers];
  const settled = await readSettledTokens(store, claims);
  return claims.map(({ token }) => (settled.has(token) ? 'settled' : 'stale'));
}

function createGathers({ store, boss }: EndContext) {
  type Gather = (ending: { claim: Claim; next: readonly NewJob[] }) => Promise<Settlement>;
  const gathers = new Map<string, Gather>();
  return (queue: string): Gather => {
    const known = gathers.get(queue) ?? createGather((endings) => settleJobs({ store, boss }, endings));
    gathers.set(queue, known);
    return known;
  };
}
