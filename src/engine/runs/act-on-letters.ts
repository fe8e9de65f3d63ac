import { ProductError } from '../../core/error/product-error.ts';
import { readNow } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { workQueues } from '../advance/work-queues.ts';
import type { DeadLetter } from '../delivery.ts';
import type { LaunchDesk } from '../launches/launch-desk.ts';
import { describeJobs } from './describe-jobs.ts';
import type { JobWork } from './describe-jobs.ts';
import type { Engine } from './open-engine.ts';

/** A dead letter, and what it would do if it were sent again. */
export interface KnownLetter extends DeadLetter {
  work: JobWork;
}

/** Letters that one queue tells of at once: nobody reads more. */
export const mostLetters = 500;

/** Returns the dead letters of every queue, the oldest of each first. */
export async function listLetters({ store, delivery }: Engine): Promise<KnownLetter[]> {
  const lists = await Promise.all(workQueues.map(({ name }) => delivery.deadLetters.list(name, mostLetters)));
  const letters = lists.flat();
  const works = await describeJobs(store, letters);
  return letters.map((letter, index) => ({ ...letter, work: works[index] as JobWork }));
}

/** Which letters a person means, and why. */
export interface LetterDeed {
  act: 'requeue' | 'archive';
  letters: readonly string[];
  person: string;
  reason: string;
}

/**
 * Sends dead letters again, or sets them aside, and returns how many. All that are named still have to wait, else nothing is done: what a person was shown is what
 * happens. Wants `queue.requeue` where each run is; a letter of no run concerns all that is served here, and wants it everywhere.
 */
export async function actOnLetters(
  engine: Engine,
  launches: LaunchDesk,
  { act, letters: ids, person, reason }: LetterDeed,
): Promise<number> {
  const known = await listLetters(engine);
  const meant = known.filter(({ id }) => ids.includes(id));
  const gone = ids.filter((id) => meant.every((letter) => letter.id !== id));
  if (gone.length > 0)
    throw new ProductError('letter_unknown', `dead letter ${gone.join(', ')}: expected one that waits, got none`, {
      hint: 'look at the list again: somebody has requeued it or set it aside; nothing was done',
    });
  await permitDeed(engine, launches, meant, person);
  const byQueue = Map.groupBy(meant, ({ queue }) => queue);
  let count = 0;
  for (const [queue, found] of byQueue)
    count += await engine.delivery.deadLetters[act]({ queue, ids: found.map(({ id }) => id) }, { person, reason });
  return count;
}

async function permitDeed(
  { store }: Engine,
  launches: LaunchDesk,
  letters: readonly KnownLetter[],
  person: string,
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  const served = (await launches.list()).flatMap(({ plan }) => (plan ? [plan.launch] : []));
  const isEverywhere = letters.some(({ work }) => work.place === null);
  const wanted = new Set(letters.map(({ work }) => `${work.place?.launch} ${work.place?.environment}`));
  const known = served.flatMap((launch) => launch.environments.map(({ id }) => ({ launch, environment: id })));
  const places = known.filter(({ launch, environment }) => isEverywhere || wanted.has(`${launch.id} ${environment}`));
  if (places.length < (isEverywhere ? 1 : wanted.size))
    throw new ProductError('permission_denied', `${person}: expected launches that can be read, got one that cannot`, {
      hint: 'mend the document of the launch to which the run belongs, or act by the command line of its checkout',
    });
  for (const { launch, environment } of places)
    await requirePermission(store, launch, { person, permission: 'queue.requeue', environment, nowMs });
}
