import { registerHooks } from 'node:module';

import { plantedBugs } from './planted-bugs.ts';

// Loaded ahead of a process of the tests: changes one line of the engine's source as it is loaded. The file itself is left alone.
const name = new URL(import.meta.url).searchParams.get('bug');
const bug = plantedBugs.find((one) => one.name === name);
if (bug === undefined) throw new Error(`planted bug: expected one of the list, got ${name}`);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(`/${bug.file}`)) return loaded;
    const pieces = Buffer.from(loaded.source as Uint8Array)
      .toString()
      .split(bug.find);
    if (pieces.length !== 2)
      throw new Error(`planted bug "${bug.name}": expected its place in ${bug.file} once, got ${pieces.length - 1}`);
    return { ...loaded, source: pieces.join(bug.replace) };
  },
});
