import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createKeyPair, RunDesk } from './run-desk.ts';

/** A launch of one document that lies in a folder of its own, aims at staging, and wants no approval. */
export interface SmallLaunch {
  desk: RunDesk;
  directory: string;
  at: (path: string) => string;
  /** Writes the document anew with these sections after the title, and what the front matter is to hold besides. */
  write: (sections: string, front?: string) => void;
  /** Keeps its database up until the end or until `rest`, so that not every command starts it anew. */
  hold: () => Promise<void>;
  /** Lets go of the database: without workers it ends then. */
  rest: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Makes the folder with keys of alice, who leads, of the bot, and of vera, who has no role. */
export function startSmallLaunch(env: Record<string, string> = {}): SmallLaunch {
  const directory = mkdtempSync(join(tmpdir(), 'tminus-test-small-'));
  // As root the database runs under another account, which has to pass through; else it would lie elsewhere, and be left behind.
  chmodSync(directory, 0o711);
  const at = (path: string): string => join(directory, path);
  mkdirSync(at('.keys'), { mode: 0o700 });
  const people = ['alice', 'bot', 'vera'].map((id) => {
    const { publicKey, privateKeyPem } = createKeyPair();
    writeFileSync(at(`.keys/${id}.pem`), privateKeyPem, { mode: 0o600 });
    return `  ${id}: { name: ${id}, key: "${publicKey}"${id === 'bot' ? ', automation: true' : ''} }`;
  });
  const desk = new RunDesk(directory, env);
  let held: Store | null = null;
  const rest = async (): Promise<void> => held?.close();
  return {
    desk,
    directory,
    at,
    write: (sections, front = '') => writeFileSync(at('launch.md'), toDocument(people.join('\n'), sections, front)),
    async hold() {
      held = await openStore({ dataDirectory: at('.tminus') });
    },
    rest,
    async stop() {
      await desk.stopWorkers();
      await rest();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function toDocument(people: string, sections: string, front: string): string {
  return `---
tminus: launch
id: small
title: A small move
owner: alice
environment: staging
candidate: { commit: "0123456789abcdef0123456789abcdef01234567" }
environments:
  production: { url: "http://127.0.0.1:9", production: true, allow: ["127.0.0.1:9"] }
  staging: { url: "http://127.0.0.1:19", production: false, allow: ["127.0.0.1:19"] }
people:
${people}
roles:
  lead: [alice, bot]
${front}---

# A small move

${sections}`;
}
