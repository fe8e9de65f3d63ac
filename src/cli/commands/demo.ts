import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { prepareShopLaunch } from '../../../examples/shop-cutover/prepare-shop-launch.ts';
import type { RunningShop } from '../../../examples/shop-cutover/start-shop.ts';
import { startShop } from '../../../examples/shop-cutover/start-shop.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { CommandResult } from '../command-result.ts';
import { dataScenes } from '../demo/data-scenes.ts';
import { runScenes } from '../demo/run-scenes.ts';
import { scenes } from '../demo/scenes.ts';
import { serveDemo } from '../demo/serve-demo.ts';
import type { Cast, Scene } from '../demo/scenes.ts';
import { StoryFault, openStage } from '../demo/stage.ts';
import type { Stage } from '../demo/stage.ts';
import type { Store } from '../../store/open-store.ts';
import { readServeOptions } from '../serve/read-serve-options.ts';
import type { ServeOptions } from '../serve/read-serve-options.ts';
import type { Shell } from '../shell.ts';
import { openStoreOf } from '../with-session.ts';

/** From the documents to the GO and its proof, and from there through the launch and back. */
const allScenes: readonly Scene[] = scenes
  .flatMap((scene) => (scene.id === 'fix' ? [scene, ...dataScenes] : [scene]))
  .concat(runScenes);

export interface DemoOptions extends ServeOptions {
  /** Plays the story at the terminal instead of serving the cockpit. */
  story?: boolean;
  unattended?: boolean;
  out?: string;
  json?: boolean;
}

/** What became of one scene. */
interface PlayedScene {
  id: string;
  title: string;
  state: 'as told' | 'otherwise' | 'not played';
  fault: string | null;
}

/** Serves the cockpit on the launch of the demo; with `--story`, and where nobody is there to click, plays the story at the terminal. */
export async function demo(shell: Shell, options: DemoOptions): Promise<CommandResult> {
  if (options.story === true || options.unattended === true || options.json === true) return playStory(shell, options);
  return serveDemo(shell, openFolder(shell, options.out), readServeOptions(options));
}

/**
 * Plays the story on a real launch with two real shops; exit 0 only if every scene went as told. A start without the flaws is
 * for the test that sees the story go otherwise.
 */
export async function playStory(shell: Shell, options: DemoOptions, start = { flawed: true }): Promise<CommandResult> {
  const out = openFolder(shell, options.out);
  const launch = await prepareShopLaunch(join(out, 'launch'));
  const shop = await startShop({ directory: launch.directory, ...start });
  const stage = openStage(shell, launch.directory, options.json === true);
  // Held as long as the story goes: else each of its commands would start the database and stop it again.
  const store = await openStoreOf({ ...shell, directory: launch.directory }, {});
  const verifier = join(shell.installation, 'verify/dist/tminus-verify.mjs');
  const startedAt = performance.now();
  const played = await playToEnd({ shop, stage, store }, () =>
    playAll({ stage, launch, shop, out, verifier }, shell, options),
  );
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const asTold = played.every(({ state }) => state === 'as told');
  const story = { asTold, seconds, out, scenes: played, performed: stage.performed };
  writeFileSync(join(out, 'story.json'), `${JSON.stringify(story, null, 2)}\n`);
  return { exit: asTold ? 0 : 1, json: story, text: renderEnd(shell, played, out, seconds) };
}

async function playToEnd(
  { shop, stage, store }: { shop: RunningShop; stage: Stage; store: Store },
  play: () => Promise<PlayedScene[]>,
): Promise<PlayedScene[]> {
  try {
    return await play();
  } finally {
    await stage.close();
    await store.close();
    await shop.stop();
  }
}

function openFolder(shell: Shell, named: string | undefined): string {
  if (named === undefined) return mkdtempSync(join(tmpdir(), 'tminus-demo-'));
  const out = resolve(shell.directory, named);
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new ProductError('output_exists', `${out}: expected a new or empty folder, got one with files`, {
      hint: 'name another folder with --out',
    });
  }
  mkdirSync(out, { recursive: true });
  return out;
}

async function playAll(cast: Cast, shell: Shell, options: DemoOptions): Promise<PlayedScene[]> {
  const played: PlayedScene[] = [];
  for (const [index, scene] of allScenes.entries()) {
    const { id, title } = scene;
    if (played.some(({ state }) => state === 'otherwise')) {
      played.push({ id, title, state: 'not played', fault: null });
      continue;
    }
    cast.stage.say(shell.terminal.palette.bold(shell.terminal.palette.cyan(`${index + 1}. ${title}`)));
    const fault = await playScene(cast, scene);
    played.push({ id, title, state: fault === null ? 'as told' : 'otherwise', fault });
    if (!options.unattended && !options.json && index + 1 < allScenes.length) await waitForEnter(shell);
  }
  return played;
}

async function playScene(cast: Cast, scene: Scene): Promise<string | null> {
  try {
    await scene.play(cast);
    return null;
  } catch (error) {
    if (error instanceof StoryFault) return error.message;
    throw error;
  }
}

/** Only where a person is there to press it: in a pipe or in CI the story goes on by itself. */
async function waitForEnter(shell: Shell): Promise<void> {
  if (!process.stdin.isTTY || !shell.terminal.interactive) return;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    await prompt.question(shell.terminal.palette.dim('Enter for the next scene '), { signal: shell.signal });
  } finally {
    prompt.close();
  }
}

function renderEnd(shell: Shell, played: readonly PlayedScene[], out: string, seconds: number): string {
  const { bold, green, red } = shell.terminal.palette;
  const wrong = played.find(({ state }) => state === 'otherwise');
  if (wrong)
    return `${bold(red('The story went otherwise'))} in scene "${wrong.title}": ${wrong.fault ?? ''}\neverything so far is in ${out}\n`;
  const lines = [
    `${bold(green('Every scene went as told'))}, ${seconds} s`,
    `launch      ${out}/launch          a Git repository; try "tminus decide" in it`,
    `bundle      ${out}/bundle          what a stranger gets`,
    `verifier    ${out}/tminus-verify.mjs   plain Node, nothing installed`,
    `pages       ${out}/no-go.html and ${out}/go.html`,
  ];
  return `${lines.join('\n')}\n`;
}
