import type { Run } from '../../core/procedure/run.ts';
import { readEvents } from '../../store/event.ts';
import { keepMessage, readMessages } from '../../store/message.ts';
import type { Store } from '../../store/open-store.ts';
import { loadRuns } from '../../store/run.ts';
import { keepSightings, listHandedOut } from '../../store/secret-sighting.ts';
import type { SecretSighting } from '../../store/secret-sighting.ts';
import { readStepLog } from '../../store/step-record.ts';
import type { Claim } from '../delivery.ts';
import type { Chore } from '../advance/work-queues.ts';
import { toRunSetting } from '../run-setting.ts';
import type { WorkerParts } from './worker-parts.ts';
import { failpoint } from '../../store/failpoint.ts';

/**
 * Looks for the secrets that a run was handed in everything that it wrote, decoded three deep (S3). What is found taints the run and names the secrets
 * that have to be changed. A secret that cannot be resolved any more could not be looked for, and that is said, too.
 */
export async function sweepRun(
  parts: WorkerParts,
  claim: Claim,
  { run: id }: Extract<Chore, { do: 'sweep' }>,
): Promise<void> {
  const stored = (await loadRuns(parts.store, [id])).get(id);
  if (!stored) return;
  failpoint('sweep.before');
  const names = await listHandedOut(parts.store, stored.launch, id);
  const lost: string[] = [];
  for (const name of names) if (!(await isKnown(parts, claim, stored, name))) lost.push(name);
  const { sightings, unread } = await see(parts, stored.run);
  const seen = [...new Set(sightings.map(({ secret }) => secret))];
  const words = [
    ...(seen.length > 0
      ? [{ what: 'tainted', body: `secrets were seen in what the run wrote: change ${seen.join(', ')}` }]
      : []),
    ...(lost.length > 0
      ? [{ what: 'sweep', body: `the sweep could not look for ${lost.join(', ')}: not to be had any more` }]
      : []),
    ...(unread.length > 0 ? [{ what: 'sweep', body: `the sweep could not decode all of ${unread.join(', ')}` }] : []),
  ];
  await parts.delivery.settleAndSend(claim, async (tx) => {
    await keepSightings(tx, sightings);
    for (const word of words) await keepMessage(tx, { run: id, people: [], ...word });
    return [];
  });
}

/** Opening a secret makes it known to the masker, and so to the sweep. */
async function isKnown(
  parts: WorkerParts,
  claim: Claim,
  stored: { run: Run; launch: string; setting: object },
  name: string,
): Promise<boolean> {
  const { run, launch: launchId } = stored;
  try {
    const setting = toRunSetting(stored.setting);
    const launch = await parts.shelf.find(launchId, run.plan.planHash);
    const workspace = setting.workspace ?? (await parts.workspaces.list())[0]?.directory ?? '.';
    const value = await parts.openSecret({
      launch,
      name,
      run,
      step: 'sweep',
      setting,
      workspace,
      signal: claim.signal,
    });
    value.wipe();
    return true;
  } catch {
    return false;
  }
}

/** What was found, and the places that could not be read to the end: those are unknown, not clean. */
async function see(parts: WorkerParts, run: Run): Promise<{ sightings: SecretSighting[]; unread: string[] }> {
  const found: { sightings: SecretSighting[]; unread: string[] } = { sightings: [], unread: [] };
  for await (const { place, text } of readWritten(parts.store, run)) {
    const { hits, unread } = await parts.masking.sweep(Buffer.from(text));
    if (unread.length > 0) found.unread.push(place);
    for (const { name, path, class: kind } of hits)
      if (kind === 'known') found.sightings.push({ run: run.id, place, secret: name, decodings: path });
  }
  return found;
}

/** Events that are swept together. */
const eventsAtOnce = 10_000;

/** Everything that a run wrote, to the last piece: the logs of its attempts, its messages, its events. */
async function* readWritten(store: Store, run: Run): AsyncGenerator<{ place: string; text: string }> {
  const log = await readStepLog(store, run.id);
  const byAttempt = Map.groupBy(log, ({ step, attempt, stream }) => `log of ${step}, attempt ${attempt}, ${stream}`);
  for (const [place, pieces] of byAttempt) yield { place, text: pieces.map(({ body }) => body).join('') };
  const messages = await readMessages(store, run.id);
  yield { place: 'messages', text: messages.map(({ body }) => body).join('\n') };
  for (let after = 0, isMore = true; isMore;) {
    const events = await readEvents(store, after, { run: run.id, limit: eventsAtOnce });
    yield { place: 'events', text: events.map(({ body }) => JSON.stringify(body)).join('\n') };
    isMore = events.length === eventsAtOnce;
    after = events.at(-1)?.cursor ?? after;
  }
}
