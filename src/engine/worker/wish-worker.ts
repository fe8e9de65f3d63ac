import { ProductError } from '../../core/error/product-error.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { insertWish, listWorkers, lockWishes, readWishes } from '../../store/worker.ts';
import type { StoredWorker, WorkerWish } from '../../store/worker.ts';
import { permissionDenied, requirePermission } from '../access/permit-person.ts';
import type { LaunchDesk } from '../launches/launch-desk.ts';

/** A wish, and what its person saw of the worker before. */
export interface WishAsk extends WorkerWish {
  /** Throws where the wish that holds now (`0` for none) is not the one that was seen. */
  demandSeen: (version: string) => void;
}

/**
 * Writes what a person wants of a worker, which follows within its next beat, on whatever machine it is. Wants `queue.requeue` in every environment of every
 * launch that the worker works for: whoever may only touch staging takes no worker away from production.
 */
export async function wishWorker(store: Store, launches: LaunchDesk, { demandSeen, ...wish }: WishAsk): Promise<void> {
  const worker = (await listWorkers(store)).find(({ id }) => id === wish.worker);
  if (worker === undefined)
    throw new ProductError('worker_unknown', `worker ${wish.worker}: expected one that was heard of, got none`, {
      hint: 'list the workers',
    });
  await permitWish(store, launches, worker, wish.person);
  await store.tables.transaction().execute(async (tx) => {
    await lockWishes(tx, worker.id);
    demandSeen((await readWishes(store, [worker.id], tx)).get(worker.id)?.id ?? '0');
    await insertWish(tx, wish);
  });
}

async function permitWish(store: Store, launches: LaunchDesk, worker: StoredWorker, person: string): Promise<void> {
  const permission = 'queue.requeue';
  const served = await launches.list();
  const nowMs = Date.parse(await readNow(store));
  const ids = new Set(worker.launches.map((checkout) => checkout.slice(0, checkout.indexOf('@'))));
  if (ids.size === 0) throw permissionDenied(person, permission, `worker ${worker.id} works for no launch`);
  for (const id of ids) {
    const plan = served.find((launch) => launch.id === id)?.plan;
    if (!plan) throw permissionDenied(person, permission, `${id}, for which the worker works, cannot be read here`);
    for (const { id: environment } of plan.launch.environments)
      await requirePermission(store, plan.launch, { person, permission, environment, nowMs, subject: worker.id });
  }
}
