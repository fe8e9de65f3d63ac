import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { by, playDrill, renderDeeds, signAndVote } from './scenes.ts';
import type { Cast, Scene } from './scenes.ts';
import { StoryFault } from './stage.ts';
import type { Look } from './stage.ts';

/** The story after the GO: the runbook runs with people in it, the first customers show what no test saw, and the next candidate takes all of them, until everything is taken back. */
export const runScenes: readonly Scene[] = [
  { id: 'order', title: 'The runbook wants to run in production. Who says so?', play: playOrder },
  { id: 'fail', title: 'One customer in twenty goes over, and the new shop fails them', play: playFail },
  { id: 'mend', title: 'It is mended: a new candidate, for which nothing is proven yet', play: playMend },
  {
    id: 'shift',
    title: 'All customers go over, phase by phase, as far as their requests prove it good',
    play: playShift,
  },
  { id: 'undo', title: 'Something is wrong. Back, before the first customer has ordered', play: playUndo },
];

const reason = 'the cutover that was announced';
/** Short enough for whoever watches; and a T-0 that has passed before the order is read is none. */
const leadSeconds = { least: 15, inCommands: 6 };

async function playOrder(cast: Cast): Promise<void> {
  const { stage } = cast;
  const { run, subject } = await order(cast);
  stage.say('Whoever asks does not approve, and no more does whoever wrote the change: both were Dave.');
  await stage.tminus(['approve', run, ...by(cast, 'dave'), '--subject', subject], 6);
  await approve(cast, run, subject);
}

async function order(cast: Cast): Promise<{ run: string; subject: string }> {
  const { stage } = cast;
  const decided = stage.performed.findLast(({ command }) => command.startsWith('tminus decide'));
  const leadMs = Math.max(leadSeconds.least * 1_000, leadSeconds.inCommands * (decided?.ms ?? 0));
  const t0 = new Date(Date.now() + leadMs).toISOString().replace(/\.\d+Z$/u, 'Z');
  const ordered = await stage.tminus(['run', ...by(cast, 'dave'), '--t0', t0, '--reason', reason, '--detach'], 5);
  stage.expect(ordered, 'pending approval', 'it wants an approval of level 2');
  const run = findRun(ordered.output);
  const shown = await stage.tminus(['approve', run, ...by(cast, 'alice')], 5);
  return { run, subject: /--subject ([0-9a-f]+)/u.exec(shown.output)?.[1] ?? '' };
}

async function approve(cast: Cast, run: string, subject: string): Promise<void> {
  await cast.stage.tminus(['approve', run, ...by(cast, 'alice'), '--subject', subject], 5);
  await cast.stage.tminus(['approve', run, ...by(cast, 'bob'), '--subject', subject], 0);
}

/** People and machines take their turns, up to the shift of the customers. */
async function playTurns(cast: Cast): Promise<void> {
  const { stage } = cast;
  const status = statusOf(cast);
  await stage.until(status, 'announce', 'waiting human');
  const news = 'https://shop.example/news/the-new-shop';
  await stage.tminus(['confirm', 'announce', ...by(cast, 'alice'), '--proof', news], 0);
  await stage.until(status, '☐ rehearse');
  await stage.tminus(['confirm', 'rehearse', ...by(cast, 'carol'), '--proof', '../go.html'], 0);
}

async function playFail(cast: Cast): Promise<void> {
  const { stage, shop } = cast;
  await shop.letCustomersIn();
  stage.background(['worker']);
  await playTurns(cast);
  const status = statusOf(cast);
  const failed = await stage.until(status, '✗ shift-customers');
  stage.expect(failed, 'no return  ahead', 'is rolled-back');
  stage.say('Nobody was asked: weight 0 came first. Then the run waits for a person, who takes the rest back.');
  const shift = await stage.until(['rollout', 'status'], 'canary 0 %', 'begin way back');
  stage.expect(shift, 'errors: FAIL: Of ', 'is worse than 1.5x', 'requests went to the new version');
  // The way back of the customers is a run, too, and may not have ended yet: the one that is meant is named.
  const [, run = ''] = status;
  await stage.tminus(['undo', run, ...by(cast, 'alice'), '--reason', 'the new shop fails customers'], 0);
  const back = await stage.until(statusOf(cast), 'rolled back');
  stage.expect(back, '✓ customers-back', '✓ restore-orders', '✓ legacy-writable', '✓ unfreeze');
}

/** What was proven was proven for another candidate: looked at, drilled, signed and voted on again. */
async function playMend(cast: Cast): Promise<void> {
  const { stage, shop } = cast;
  stage.say(renderDeeds(await shop.mend()));
  stage.expect(await stage.tminus(['check'], 4), 'pass        api-health', 'unknown     drilled');
  await playDrill(cast);
  await signAndVote(cast);
  stage.expect(await stage.tminus(['decide', 'ready'], 0), 'GO  gate "ready" of shop-cutover');
}

async function playShift(cast: Cast): Promise<void> {
  const { stage, out } = cast;
  const { run, subject } = await order(cast);
  await approve(cast, run, subject);
  await playTurns(cast);
  const waiting = await stage.until(statusOf(cast), '✓ shift-customers', '☐ switch-name');
  stage.expect(waiting, 'no return  ahead');
  if (!existsSync(readOnlyMark(out)))
    throw new StoryFault('legacy shop: expected it to be read-only, got a shop that takes orders');
  const shift = await stage.tminus(['rollout', 'status'], 0);
  stage.expect(shift, ...[5, 25, 50, 100].map((weight) => `✓ ${String(weight).padStart(4)} %`), 'errors PASS');
  const proof = 'the provider shows the new address';
  await stage.tminus(['confirm', 'switch-name', ...by(cast, 'alice'), '--proof', proof], 0);
}

async function playUndo(cast: Cast): Promise<void> {
  const { stage, out } = cast;
  await stage.tminus(['undo', ...by(cast, 'alice'), '--reason', 'the card provider is down'], 0);
  await stage.until(statusOf(cast), '☐ switch-name-back');
  stage.say('What a person did, a person takes back; the machines wait for it, newest first.');
  const proof = 'the provider shows the old address';
  await stage.tminus(['confirm', 'switch-name-back', ...by(cast, 'alice'), '--proof', proof], 0);
  const back = await stage.until(statusOf(cast), 'rolled back');
  stage.expect(back, '✓ customers-back', '✓ restore-orders', '✓ legacy-writable', '✓ unfreeze');
  if (existsSync(readOnlyMark(out)))
    throw new StoryFault('legacy shop: expected it to take orders again, got a read-only one');
  stage.expect(await stage.tminus(['rollback', 'status'], 0), 'nothing to take back');
  const events = await stage.tminus(['events', '--type', 'execution'], 0);
  stage.expect(events, 'execution.started', 'execution.cancelled');
}

function readOnlyMark(out: string): string {
  return join(out, 'launch/data/production/legacy-is-read-only');
}

/** Of the run that was ordered last: a way back that began by itself is a run, too, and a newer one. */
function statusOf({ stage }: Cast): Look {
  const ordered = stage.performed.findLast(({ command }) => command.startsWith('tminus run '));
  return ['status', findRun(ordered?.output ?? '')];
}

function findRun(output: string): string {
  const run = /run-[a-z0-9]+/u.exec(output)?.[0];
  if (run) return run;
  throw new StoryFault('run: expected the id of the run in what it prints, got none');
}
