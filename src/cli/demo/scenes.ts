import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ShopLaunch } from '../../../examples/shop-cutover/prepare-shop-launch.ts';
import type { Deed, RunningShop } from '../../../examples/shop-cutover/start-shop.ts';
import type { Performed, Stage } from './stage.ts';
import { StoryFault } from './stage.ts';

/** Everything that the scenes share. */
export interface Cast {
  stage: Stage;
  launch: ShopLaunch;
  shop: RunningShop;
  /** Folder that the story leaves its results in; the launch stands in `launch/` below it. */
  out: string;
  /** Path of the built one-file verifier of this installation. */
  verifier: string;
}

/** One scene: it throws where something goes otherwise than told. */
export interface Scene {
  id: string;
  title: string;
  play(cast: Cast): Promise<void>;
}

const people = ['alice', 'carol'] as const;

/** The story: a launch that looks done, is not, is mended, and is proven to a stranger. */
export const scenes: readonly Scene[] = [
  { id: 'read', title: 'The launch is Markdown in Git. Can it be read?', play: playRead },
  {
    id: 'check',
    title: 'The migration exited 0 and the smoke report says all is well. What do the checks see?',
    play: playCheck,
  },
  { id: 'no-go', title: 'Can we go?', play: playNoGo },
  { id: 'fix', title: 'The team fixes what the decision named, and nothing else', play: playFix },
  {
    id: 'rehearse',
    title: 'Nobody has gone the way back yet. It is drilled in staging, with faults planted',
    play: playDrill,
  },
  {
    id: 'sign',
    title: 'A person signs what no machine can see, two people vote on exactly what is shown',
    play: playSign,
  },
  { id: 'go', title: 'Can we go now?', play: playGo },
  { id: 'prove', title: 'A stranger with nothing but Node proves it again, offline', play: playProve },
  { id: 'tamper', title: 'Somebody changes one byte', play: playTamper },
];

async function playRead({ stage }: Cast): Promise<void> {
  await stage.tminus(['lint'], 0);
}

async function playCheck({ stage, shop }: Cast): Promise<void> {
  stage.say(renderDeeds(shop.deeds));
  const done = await stage.tminus(['check'], 4);
  stage.expect(
    done,
    'fail        api-health',
    'fail        orders-moved',
    'fail        orders-same',
    'unknown     smoke',
    'pass        orders-frozen',
  );
}

async function playNoGo({ stage }: Cast): Promise<void> {
  const done = await stage.tminus(['decide', 'ready', '--html', '../no-go.html'], 4);
  stage.expect(done, 'NO-GO', 'Shortest way to GO');
}

async function playFix({ stage, shop }: Cast): Promise<void> {
  stage.say(renderDeeds(await shop.fix()));
  const done = await stage.tminus(['check'], 4);
  stage.expect(
    done,
    'pass        orders-moved',
    'pass        orders-same',
    'pass        smoke',
    'pass        restore-drill',
    'fresh       orders-frozen',
    'unknown     drilled',
  );
}

/** Forward, back and with faults planted: the report of this drill is what the gate counts, for this candidate and this day. */
export async function playDrill({ stage, launch }: Cast): Promise<void> {
  const dave = ['--as', 'dave', '--key', launch.people['dave']?.keyFile ?? ''];
  const done = await stage.tminus(['rehearse', '--environment', 'staging', ...dave], 0);
  stage.expect(done, '✓ everything is taken back', '✓ every gate on a broken target');
  stage.expect(await stage.tminus(['check'], 0), 'pass        drilled');
}

async function playSign(cast: Cast): Promise<void> {
  const { stage } = cast;
  stage.say('First an automation tries. It holds the role, and is refused all the same.');
  await stage.tminus(['attest', 'day-of-work', ...by(cast, 'deploy-bot'), '--comment', word], 6);
  await signAndVote(cast);
}

const word = 'Took twelve orders, refunded one, closed the day';

/** The word of a person, and two votes on the digest of what they read. */
export async function signAndVote(cast: Cast): Promise<void> {
  const { stage } = cast;
  await stage.tminus(['attest', 'day-of-work', ...by(cast, 'carol'), '--comment', word], 0);
  const subject = findSubject(await stage.tminus(['decide', 'ready'], 5));
  for (const id of people)
    await stage.tminus(['approve', 'ready', ...by(cast, id), '--subject', subject, '--comment', 'go'], 0);
}

/** Options that make a command be given in the name of a person, with their key. */
export function by({ launch }: Cast, id: string): string[] {
  return ['--as', id, '--key', launch.people[id]?.keyFile ?? ''];
}

async function playGo({ stage }: Cast): Promise<void> {
  const done = await stage.tminus(['decide', 'ready', '--html', '../go.html'], 0);
  stage.expect(done, 'GO  gate "ready" of shop-cutover');
}

async function playProve({ stage, out, verifier }: Cast): Promise<void> {
  const exported = await stage.tminus(['evidence', 'export', 'ready', '--out', '../bundle'], 0);
  cpSync(verifier, join(out, 'tminus-verify.mjs'));
  // What a team would have sent by another way: without it a cut tail could not be seen.
  cpSync(join(out, 'bundle/checkpoint.txt'), join(out, 'kept-elsewhere.txt'));
  const key = findKey(exported);
  writeFileSync(join(out, 'log-key.txt'), `${key}\n`);
  const done = await stage.node([...verifyArguments('bundle', key)], 0);
  stage.expect(done, 'VERIFIED: GO for gate ready');
}

async function playTamper({ stage, out }: Cast): Promise<void> {
  const changed = changeOneByte(out);
  stage.say(`In a copy of the bundle, one character of ${changed} is another one now.`);
  const key = readFileSync(join(out, 'log-key.txt'), 'utf8').trim();
  const done = await stage.node([...verifyArguments('tampered', key)], 4);
  stage.expect(done, `DOES NOT HOLD: ${changed}`);
}

function verifyArguments(bundle: string, key: string): string[] {
  return ['../tminus-verify.mjs', `../${bundle}`, '--key', key, '--checkpoint', '../kept-elsewhere.txt'];
}

/** The digest of what was shown, as a person would copy it from the decision that they read. */
function findSubject({ output }: Performed): string {
  const subject = /to be signed by votes: ([0-9a-f]+)/u.exec(output)?.[1];
  if (subject) return subject;
  throw new StoryFault('decide: expected the digest that votes sign in what it prints, got none');
}

function findKey({ output }: Performed): string {
  const key = /log key\s+(\S+)/u.exec(output)?.[1];
  if (key) return key;
  throw new StoryFault('evidence export: expected the log key in what it prints, got none');
}

/** Flips a bit in the first source of the bundle: what a check saw is now something else. */
function changeOneByte(out: string): string {
  cpSync(join(out, 'bundle'), join(out, 'tampered'), { recursive: true });
  const index = JSON.parse(readFileSync(join(out, 'tampered/bundle.json'), 'utf8')) as {
    files: { name: string; size: number }[];
  };
  const name = index.files.find((file) => file.name.startsWith('blobs/') && file.size > 0)?.name;
  if (name === undefined) throw new StoryFault('bundle: expected a source to change, got none');
  const bytes = readFileSync(join(out, 'tampered', name));
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(join(out, 'tampered', name), bytes);
  return name;
}

/** What was done to the shop, with what the programs said. */
export function renderDeeds(deeds: readonly Deed[]): string {
  return deeds
    .map(
      ({ title, command, output, exit }) =>
        `  ${title}: ${command}, exit ${exit}\n    ${output.replaceAll('\n', '\n    ')}`,
    )
    .join('\n');
}
