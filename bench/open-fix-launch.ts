import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatPersonKey } from '@tminus/verify';

import type { FixSetting } from '../src/engine/data/fix/fix-setting.ts';
import type { Signer } from '../src/engine/sign/signer.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { problemLines, readTexts } from '../tests/spec/problem-lines.ts';

const textOf = (key: string): string => `---
tminus: launch
id: people
roles: { lead: [alice, bob] }
people: { alice: Alice, bob: { name: Bob, key: "${key}" } }
environments: { bench: { production: no } }
environment: bench
datastores: { one: { url: "postgres://a@127.0.0.1/one" } }
---

# People

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}

## Data

- People {#people}

  \`\`\`yaml dataset
  source: { on: one, table: origin }
  target: { on: one, table: people }
  key: id
  fixes: { spaces: { repairs: space, does: copy, safe: yes } }
  fixPolicy: "1"
  \`\`\`
`;

/** A store of its own with a launch that declares one dataset and how it is repaired; its tables lie in the database of the store. */
export async function openFixLaunch(): Promise<{
  store: Store;
  setting: FixSetting;
  signer: Signer;
  url: string;
  close: () => Promise<void>;
}> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const read = readTexts({ 'launch.md': textOf(formatPersonKey(publicKey)) });
  if (!read.ok) throw new Error(problemLines(read).join('\n'));
  const { launch, planHash } = read;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-fix-'));
  chmodSync(folder, 0o711);
  const store = await openStore({ dataDirectory: join(folder, 'data') });
  const [environment] = launch.environments;
  const [person] = launch.people.filter(({ id }) => id === 'bob');
  if (environment === undefined || person === undefined) throw new Error('expected bob and an environment, got none');
  const candidate = { commit: 'c', version: null, url: null, environment: environment.id, extra: {} };
  const candidateSha256 = 'ab'.repeat(32);
  const binding = { launch: launch.id, planHash, candidateSha256, environment: environment.id };
  const scene = { directory: '/', documents: [], launch, planHash, candidate, candidateSha256, environment, binding };
  const open: FixSetting['data']['open'] = () => Promise.reject(new Error('expected an opener of the bench, got none'));
  const { signal } = new AbortController();
  return {
    store,
    setting: { scene, data: { datasets: launch.datasets, open }, signal, now: Date.now, progress: () => undefined },
    signer: { person, privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
    url: store.database.url,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
