import { ProductError } from '../../core/error/product-error.ts';
import { workQueues } from '../../engine/advance/work-queues.ts';
import { requirePermission } from '../../engine/access/permit-person.ts';
import type { LetterFilter, QueueHealth } from '../../engine/delivery.ts';
import { readDeliveryHealth } from '../../engine/delivery/read-health.ts';
import { readNow } from '../../store/open-store.ts';
import { listWorkers } from '../../store/worker.ts';
import type { StoredWorker } from '../../store/worker.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';
import type { RunSession } from '../with-run-session.ts';

/** Shows the queues and the workers. What cannot be read is said to be unknown, never zero. */
export async function queue(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ store }) => {
    const health = await readDeliveryHealth(
      store,
      workQueues.map(({ name }) => name),
    );
    const workers = await listWorkers(store);
    const lines = [
      ...(health.state === 'known' ? health.queues.map(renderQueue) : [`queues   unknown: ${health.reason}`]),
      ...workers.map(renderWorker),
      ...(workers.length === 0 ? ['worker   none: start one with "tminus worker"'] : []),
    ];
    return { exit: 0, json: { health, workers }, text: `${lines.join('\n')}\n` };
  });
}

function renderQueue({ queue: name, waiting, delayed, oldestSeconds, active, dead, stuck }: QueueHealth): string {
  const oldest = oldestSeconds === null ? '' : ` (oldest ${formatDuration(oldestSeconds * 1_000)})`;
  const silent = stuck === 0 ? '' : `, ${stuck} of a silent worker`;
  return `${name.padEnd(8)} waiting ${waiting}${oldest}, later ${delayed}, active ${active}${silent}, dead ${dead}`;
}

function renderWorker({ id, launches, slots, silentMs, state }: StoredWorker): string {
  const plans = launches.map((one) => one.slice(0, one.indexOf('@') + 13)).join(' ');
  return `worker   ${id}  ${state}, ${slots} slots, ${plans}, heard ${formatDuration(silentMs)} ago`;
}

/** Lists the jobs that nobody could carry out. */
export async function deadList(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ engine }) => {
    const letters = (await Promise.all(workQueues.map(({ name }) => engine.delivery.deadLetters.list(name)))).flat();
    const lines = letters.map(
      ({ id, queue: name, key, attempts, reason }) =>
        `${id}  ${name} ${key}  after ${attempts}: ${reason.split('\n')[0]}`,
    );
    return { exit: 0, json: { letters }, text: lines.length === 0 ? 'no dead letters\n' : `${lines.join('\n')}\n` };
  });
}

export interface DeadOptions extends GlobalOptions, SignerOptions {
  reason: string;
  all?: boolean;
  dryRun?: boolean;
}

/** Sends dead letters again, or sets them aside, in the name of a person with a reason; `--dry-run` only counts them. */
export async function deadAct(
  shell: Shell,
  act: 'requeue' | 'archive',
  { ids, options }: { ids: readonly string[]; options: DeadOptions },
): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { person } = readSigner(shell, session.scene, options);
    const nowMs = Date.parse(await readNow(session.store));
    const environment = session.scene.environment.id;
    await requirePermission(session.store, session.scene.launch, {
      person: person.id,
      permission: 'queue.requeue',
      environment,
      nowMs,
    });
    const by = { person: person.id, reason: options.reason };
    const { deadLetters } = session.engine.delivery;
    let count = 0;
    for (const filter of await toFilters(session, ids, options, nowMs))
      count += options.dryRun === true ? await deadLetters.preview(filter) : await deadLetters[act](filter, by);
    const verb = options.dryRun === true ? `would ${act}` : act === 'requeue' ? 'requeued' : 'archived';
    return { exit: 0, json: { count, act, dryRun: options.dryRun === true }, text: `${verb} ${count}\n` };
  });
}

async function toFilters(
  { engine }: RunSession,
  ids: readonly string[],
  { all }: DeadOptions,
  nowMs: number,
): Promise<LetterFilter[]> {
  if (all === true && ids.length > 0)
    throw new ProductError('usage', `dead letters: expected ids or --all, got --all and ${ids.join(', ')}`, {
      hint: 'leave --all out to mean these, or the ids to mean all',
    });
  if (all === true) return workQueues.map(({ name }) => ({ queue: name, before: new Date(nowMs) }));
  if (ids.length === 0)
    throw new ProductError('usage', 'dead letters: expected ids or --all, got neither', {
      hint: 'see "tminus dead list"',
    });
  const letters = (await Promise.all(workQueues.map(({ name }) => engine.delivery.deadLetters.list(name)))).flat();
  const unknown = ids.filter((id) => letters.every((letter) => letter.id !== id));
  if (unknown.length > 0)
    throw new ProductError('usage', `dead letter ${unknown.join(', ')}: expected one that waits, got none`, {
      hint: 'see "tminus dead list"',
    });
  const byQueue = Map.groupBy(
    letters.filter(({ id }) => ids.includes(id)),
    ({ queue: name }) => name,
  );
  return [...byQueue].map(([name, found]) => ({ queue: name, ids: found.map(({ id }) => id) }));
}
