import { generateKeyPairSync } from 'node:crypto';

import { formatPersonKey } from '@tminus/verify';
import { Client } from 'pg';

import type { DatastoreSession, OpenDatastore } from '../../src/core/dataset/datastore-kind.ts';
import { findImported } from '../../src/engine/data/import/open-ground.ts';
import type { ImportSetting } from '../../src/engine/data/import/open-ground.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { sceneOf } from '../spec/scene-of.ts';

/** The private keys of those who sign in the launch that the tests of imports are about. */
const keys = { alice: generateKeyPairSync('ed25519'), bob: generateKeyPairSync('ed25519') };
export const privateKeyOf = (person: keyof typeof keys): string =>
  keys[person].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyLine = (person: keyof typeof keys): string => `key: "${formatPersonKey(keys[person].publicKey)}"`;

/** The launch that the tests of imports are about; `terms` are further lines of the dataset. */
export const launchText = (terms = ''): string => `---
tminus: launch
id: shop
roles: { lead: [alice] }
people: { alice: { name: Alice, ${keyLine('alice')} }, bob: { name: Bob, ${keyLine('bob')} } }
environments: { production: { url: "https://shop.example" }, staging: { production: no } }
environment: staging
datastores:
  legacy: { url: "postgres://a@127.0.0.1/legacy" }
  shop: { url: { staging: "postgres://a@127.0.0.1/shop", production: "postgres://a@db.example/shop" } }
---

# Shop

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}
- [ ] [HUMAN] The shop was exported {#exported role=lead}
- [ ] [HUMAN] The export was restored {#restored role=lead}

## Rollback

1. [HUMAN] Take the import back {#take-back role=lead}

## Data

- Orders {#orders}

  \`\`\`yaml dataset
  source: { on: legacy, table: orders }
  target: { on: shop, table: orders }
  key: id
  map:
    id: id
    customer: { from: name, do: [trim] }
    total_cents: { from: total, do: [{ multiply: 100 }] }
    channel: { value: legacy }
  omit: { channel: "named by the import", changed_at: only for deltas }
  skip: { fax-order: channel == fax }
${terms}  \`\`\`
`;

/** Source, target and store, all real, in a database each. */
export interface ImportStage {
  legacy: TestDatabase;
  shop: TestDatabase;
  store: Store;
  ask(database: TestDatabase, statement: string): Promise<unknown[][]>;
  setting(over?: { terms?: string; environment?: string }): ImportSetting;
  drop(): Promise<void>;
}

/** Asks a test database, rows as arrays. */
export async function ask({ url }: { url: string }, statement: string): Promise<unknown[][]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<unknown[]>({ text: statement, rowMode: 'array' });
    return result.rows;
  } finally {
    await client.end();
  }
}

/** Makes both tables; the legacy one has `count` orders, of which every tenth is a fax. */
export async function openImportStage(count: number): Promise<ImportStage> {
  const [legacy, shop] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const store = await shop.open();
  await ask(
    legacy,
    `create table orders (id bigint primary key, name text, total numeric(12,2), channel text, changed_at timestamp)`,
  );
  await fillOrders(legacy, count);
  await ask(
    shop,
    `create table orders (id bigint primary key, customer text not null, total_cents bigint, channel text, noted text)`,
  );
  return { legacy, shop, store, ask, setting: settingOf(legacy, shop), drop: () => dropAll(legacy, shop) };
}

async function fillOrders(legacy: TestDatabase, count: number): Promise<void> {
  await ask(
    legacy,
    `insert into orders select n, ' Customer ' || n || ' ', n + 0.25, case when n % 10 = 0 then 'fax' else 'web' end,
       timestamp '2026-11-01' + n * interval '1 minute' from generate_series(1, ${count}) n`,
  );
}

async function dropAll(...databases: TestDatabase[]): Promise<void> {
  for (const database of databases) await database.drop();
}

function settingOf(legacy: TestDatabase, shop: TestDatabase): ImportStage['setting'] {
  return ({ terms = '', environment = 'staging' } = {}) => {
    const scene = sceneOf(launchText(terms), { environment });
    const open: OpenDatastore = (id, access, signal) => openAt({ legacy, shop }[id]!, access, signal);
    return {
      scene,
      ...findImported(scene.launch, 'orders'),
      openDatastore: open,
      chunkRecords: 100,
      signal: new AbortController().signal,
    };
  };
}

/** Opens a test database as a datastore. */
export function openAt(
  { url }: { url: string },
  access: 'read' | 'write',
  signal: AbortSignal,
): Promise<DatastoreSession> {
  return openPostgresAt({ connectionString: url }, { access, signal });
}
