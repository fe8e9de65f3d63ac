import { createInterface } from 'node:readline';

import { appendEntries } from '../../src/store/evidence-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { evidence } from './sample-entries.ts';

// Does with the store of the folder in argv what the lines on stdin say, and answers each with its word and number: `open 3` with `open-3 ...`.
const [dataDirectory = '', name = 'actor'] = process.argv.slice(2);
let store: Store | null = null;
let writing: Promise<void> = Promise.resolve();
let written = 0;
const state = { quiet: true };

const say = (word: string, value: unknown = '') => process.stdout.write(`${word} ${JSON.stringify(value)}\n`);

async function open(): Promise<unknown> {
  const before = performance.now();
  // Nine others that come and go, on a machine that is busy, may take longer than a person at a terminal would wait.
  store = await openStore({ dataDirectory, command: name, waitMs: 60_000 });
  const server = store.database.server?.supervisor.current();
  return { pid: server?.postmaster.pid, adopted: server?.adopted, ms: performance.now() - before };
}

async function write(shared: Store): Promise<void> {
  while (!state.quiet) {
    const number = written;
    const [place] = await appendEntries(shared, 'shared', [
      evidence('shared', number, `{"by":"${name}","nr":${number}}`),
    ]);
    written += 1;
    say('wrote', { number, index: place?.index, id: place?.id });
  }
}

const actions: Record<string, () => Promise<unknown>> = {
  open,
  async close() {
    state.quiet = true;
    await writing;
    await store?.close();
    return written;
  },
  async write() {
    state.quiet = false;
    writing = write(store as Store);
    // Told by `close`, which waits for it.
    writing.catch(() => undefined);
    return Promise.resolve(written);
  },
  // Ends without closing the store.
  leave: () => process.exit(0),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', number = ''] = line.split(' ');
  try {
    say(`${word}-${number}`, await actions[word]?.());
  } catch (error) {
    say('failed', error instanceof Error ? { ...error, message: error.message, stack: error.stack } : error);
  }
}
process.exit(0);
