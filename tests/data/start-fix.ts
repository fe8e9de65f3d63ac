import { generateKeyPairSync } from 'node:crypto';

import { formatPersonKey } from '@tminus/verify';

import type { DatastoreSession, OpenDatastore } from '../../src/core/dataset/datastore-kind.ts';
import type { FixSetting } from '../../src/engine/data/fix/fix-setting.ts';
import { approveFix, prepareFixApproval } from '../../src/engine/data/fix/approve-fix.ts';
import { signPrepared } from '../../src/engine/sign/signer.ts';
import type { StoredFix } from '../../src/store/fix-plan.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { sceneOf } from '../spec/scene-of.ts';
import { ask as askAt, openAt } from './start-import.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The directory of people of 003: profiles and credentials may be orphaned, newsletters inconsistent, legacy passwords drained. */
export const launchText = (policy = '1'): string => `---
tminus: launch
id: directory
roles: { lead: [alice, bob] }
people:
  alice: { name: Alice, key: "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
  bob: { name: Bob, key: "${formatPersonKey(publicKey)}" }
environments: { production: { url: "https://people.example" }, staging: { production: no } }
environment: staging
datastores:
  legacy: { url: "postgres://a@127.0.0.1/legacy" }
  shop: { url: { staging: "postgres://a@127.0.0.1/shop", production: "postgres://a@db.example/shop" } }
---

# Directory

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}

## Data

- Profiles {#profiles}

  \`\`\`yaml dataset
  source: { on: shop, table: private_profile }
  key: person_id
  rules:
    orphanPrivate: { orphans: person_id -> people.id }
    inconsistentNewsletter: { implies: "opted_in == true => unsubscribe_token exists" }
  fixes:
    token: { repairs: inconsistentNewsletter, does: token, column: unsubscribe_token, safe: yes }
    drop: { repairs: orphanPrivate, does: delete, safe: yes }
  fixPolicy: "${policy}"
  \`\`\`

- Public people {#public}

  \`\`\`yaml dataset
  source: { on: shop, table: public_person }
  key: person_id
  rules:
    orphanPublic: { orphans: person_id -> people.id, in: legacy }
    one-slug: { unique: slug }
    states: { accepted: "state in new, live" }
    pattern: { accepted: "slug matches ^[a-z0-9-]+$" }
    at-most-two: { at-most: 2, by: team }
    enough: { count: 1..1000 }
    points: { sum: points, equals: people.points, in: legacy }
    numbers: { sequence: number }
  \`\`\`

- Credentials {#credentials}

  \`\`\`yaml dataset
  source: { on: shop, table: credential }
  key: person_id
  redact: [password]
  rules:
    drainedLegacyPasswords: { implies: "github_id exists => password missing" }
  fixes:
    drain: { repairs: drainedLegacyPasswords, does: delete, safe: yes }
  fixPolicy: "${policy}"
  \`\`\`

- Accounts that nobody claimed {#unclaimed}

  \`\`\`yaml dataset
  source: { on: shop, table: account }
  key: id
  rules:
    unclaimed: { implies: "late == true => claimed == true" }
  fixes:
    retire: { repairs: unclaimed, does: delete, safe: yes, notice: { mailout: retirement, email: email, for: 14d } }
  fixPolicy: "${policy}"
  \`\`\`

- People {#people}

  \`\`\`yaml dataset
  source: { on: legacy, table: people }
  target: { on: shop, table: people }
  key: id
  personal: { email: email }
  fixes:
    lost: { repairs: missing, does: insert, safe: yes }
    spaces: { repairs: space, does: copy, safe: yes }
    case: { repairs: case, does: copy, column: email, safe: yes }
    strays: { repairs: extra, does: delete }
  fixPolicy: "${policy}"
  \`\`\`
`;

const tables = `
  drop table if exists people cascade; drop function if exists touch cascade;
  create table people (id bigint primary key, name text not null, email text, points bigint not null default 0);
  insert into people select n, 'Person ' || n, 'Person' || n || '@example.org', n from generate_series(1, 500) n`;
const ownTables = `
  drop table if exists account, private_profile, credential, public_person, session, "Device Key", tminus_fix_ledger cascade;
  create table account (id bigint primary key, email text, late boolean, claimed boolean);
  insert into account values (1, 'ann@Example.org', true, false), (2, 'bob@example.org', true, false), (3, 'cy@example.org', false, false), (4, 'di@example.org', true, true);
  create table private_profile (person_id bigint primary key, opted_in boolean not null, unsubscribe_token text, note text);
  insert into private_profile select n, n % 2 = 0, case when n % 2 = 0 then 'token-' || n end, 'kept ' || n from generate_series(1, 500) n;
  create table credential (person_id bigint primary key, password text, github_id text);
  insert into credential select n, 'hash-of-' || n, null from generate_series(1, 100) n;
  create table public_person (person_id bigint primary key, number bigint generated by default as identity, slug text, state text, team text, points bigint);
  insert into public_person (person_id, slug, state, team, points) select n, 'person-' || n, 'live', 'team-' || n / 2, n from generate_series(1, 500) n`;

/** Source, target and store, all real, in a database each. */
export interface FixStage {
  store: Store;
  ask(on: 'legacy' | 'shop', statement: string): Promise<unknown[][]>;
  /** SHA-256 of every byte of a table of the target. */
  digest(table: string): Promise<string>;
  setting(policy?: string): FixSetting;
  approve(fix: StoredFix, person?: string): Promise<StoredFix>;
  /** Makes both sides clean again. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** Makes clean data on both sides. */
export async function openFixStage(): Promise<FixStage> {
  const databases = { legacy: await createTestDatabase(), shop: await createTestDatabase() };
  const store = await databases.shop.open();
  const ask: FixStage['ask'] = (on, statement) => askAt(databases[on], statement);
  const reset = async (): Promise<void> => {
    await ask('legacy', tables);
    await ask('shop', `${tables}; ${ownTables}`);
  };
  await reset();
  const setting = (policy = '1'): FixSetting => toSetting(databases, policy);
  return {
    store,
    ask,
    setting,
    reset,
    digest: async (table) => {
      const rows = await ask(
        'shop',
        `select encode(sha256(string_agg(row_to_json(t)::text, E'\\n' order by row_to_json(t)::text)::bytea), 'hex') from ${table} t`,
      );
      return String(rows[0]?.[0]);
    },
    approve: async (fix, person = 'bob') => {
      const prepared = await prepareFixApproval(store, setting(), { fix: fix.id, person, comment: 'read it' });
      const signer = { person: setting().scene.launch.people.find(({ id }) => id === person)!, privateKeyPem };
      return await approveFix(store, setting(), { fix: fix.id, signed: signPrepared(prepared, signer) });
    },
    drop: async () => {
      await databases.legacy.drop();
      await databases.shop.drop();
    },
  };
}

function toSetting(databases: { [on: string]: TestDatabase }, policy: string): FixSetting {
  const scene = sceneOf(launchText(policy));
  const { datasets } = scene.launch;
  const open: OpenDatastore = (id, access, signal): Promise<DatastoreSession> => openAt(databases[id]!, access, signal);
  const { signal } = new AbortController();
  return { scene, data: { datasets, open }, signal, now: Date.now, progress: () => undefined };
}
