import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { StoryFault } from './stage.ts';
import type { Cast, Scene } from './scenes.ts';

/** The story after the GO: the runbook runs with people in it, something is wrong, and everything is taken back. */
export const runScenes: readonly Scene[] = [
  { id: 'order', title: 'The runbook wants to run in production. Who says so?', play: playOrder },
  { id: 'run', title: 'Machines and people take their turns', play: playRun },
  { id: 'undo', title: 'Something is wrong. Back, before the first customer has ordered', play: playUndo },
];

const reason = 'the cutover that was announced';
/** Long enough for two votes, short enough for whoever watches. */
const leadSeconds = 20;

async function playOrder({ stage, launch }: Cast): Promise<void> {
  const t0 = new Date(Date.now() + leadSeconds * 1_000).toISOString().replace(/\.\d+Z$/u, 'Z');
  const dave = ['--as', 'dave', '--key', keyOf(launch, 'dave')];
  const ordered = await stage.tminus(['run', ...dave, '--t0', t0, '--reason', reason, '--detach'], 5);
  stage.expect(ordered, 'pending approval', 'it wants an approval of level 2');
  const run = findRun(ordered.output);
  stage.say('Whoever asks does not approve, and no more does whoever wrote the change: both were Dave.');
  const shown = await stage.tminus(['approve', run, '--as', 'alice', '--key', keyOf(launch, 'alice')], 5);
  const subject = /--subject ([0-9a-f]+)/u.exec(shown.output)?.[1] ?? '';
  await stage.tminus(['approve', run, ...dave, '--subject', subject], 6);
  const vote = (who: string): string[] => [
    'approve',
    run,
    '--as',
    who,
    '--key',
    keyOf(launch, who),
    '--subject',
    subject,
  ];
  await stage.tminus(vote('alice'), 5);
  await stage.tminus(vote('bob'), 0);
}

async function playRun({ stage, launch, out }: Cast): Promise<void> {
  stage.background(['worker']);
  const lead = ['--as', 'alice', '--key', keyOf(launch, 'alice')];
  await stage.until(['status'], 'announce', 'waiting human');
  await stage.tminus(['confirm', 'announce', ...lead, '--proof', 'https://shop.example/news/the-new-shop'], 0);
  await stage.until(['status'], '☐ rehearse');
  const carol = ['--as', 'carol', '--key', keyOf(launch, 'carol')];
  await stage.tminus(['confirm', 'rehearse', ...carol, '--proof', '../go.html'], 0);
  const waiting = await stage.until(['status'], '✓ move-orders', '☐ switch-name');
  stage.expect(waiting, 'no return  ahead');
  if (!existsSync(readOnlyMark(out)))
    throw new StoryFault('legacy shop: expected it to be read-only, got a shop that takes orders');
  await stage.tminus(['confirm', 'switch-name', ...lead, '--proof', 'the provider shows the new address'], 0);
}

async function playUndo({ stage, launch, out }: Cast): Promise<void> {
  const lead = ['--as', 'alice', '--key', keyOf(launch, 'alice')];
  await stage.tminus(['undo', ...lead, '--reason', 'the card provider is down'], 0);
  await stage.until(['status'], '☐ switch-name-back');
  stage.say('What a person did, a person takes back; the machines wait for it, newest first.');
  await stage.tminus(['confirm', 'switch-name-back', ...lead, '--proof', 'the provider shows the old address'], 0);
  const back = await stage.until(['status'], 'rolled back');
  stage.expect(back, '✓ restore-orders', '✓ legacy-writable', '✓ unfreeze');
  if (existsSync(readOnlyMark(out)))
    throw new StoryFault('legacy shop: expected it to take orders again, got a read-only one');
  const events = await stage.tminus(['events', '--type', 'execution'], 0);
  stage.expect(events, 'execution.started', 'execution.cancelled');
}

function readOnlyMark(out: string): string {
  return join(out, 'launch/data/production/legacy-is-read-only');
}

function keyOf({ people }: Cast['launch'], id: string): string {
  return people[id]?.keyFile ?? '';
}

function findRun(output: string): string {
  const run = /run-[a-z0-9]+/u.exec(output)?.[0];
  if (run) return run;
  throw new StoryFault('run: expected the id of the run in what it prints, got none');
}
