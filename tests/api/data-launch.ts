import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A launch with one dataset between two files, which a server can serve beside the shop. */
export interface DataLaunch {
  directory: string;
  /** Files of private keys by person. */
  keyFiles: { [person: string]: string };
  /** Carries out statements on the target, as somebody would who knows nothing of us. */
  change(statements: string): void;
  /** The same on the source. */
  changeSource(statements: string): void;
  /** Rows of the target as text, in the order of their key. */
  rows(): string[];
  remove(): void;
}

/** Records of the source: the last two came by fax, and stay behind. */
export const sourceCount = 40;

/** Makes one in a folder of its own; the target is empty. */
export function makeDataLaunch(): DataLaunch {
  const directory = mkdtempSync(join(tmpdir(), 'tminus-data-'));
  const signers = Object.fromEntries(['alice', 'carol'].map((person) => [person, makeKey(directory, person)]));
  writeFileSync(
    join(directory, 'launch.md'),
    toDocument((person) => signers[person]!.key),
  );
  const legacy = new DatabaseSync(join(directory, 'legacy.db'), { timeout: 30_000 });
  legacy.exec(`create table orders (id integer primary key, customer text, email text, total numeric, channel text)`);
  const insert = legacy.prepare('insert into orders values (?, ?, ?, ?, ?)');
  for (let id = 1; id <= sourceCount; id++)
    insert.run(id, `Customer ${id}`, `c${id}@shop.example`, id + 0.25, id > sourceCount - 2 ? 'fax' : 'web');
  legacy.close();
  const file = join(directory, 'shop.db');
  const changeSource = (statements: string): void => {
    const source = new DatabaseSync(join(directory, 'legacy.db'), { timeout: 30_000 });
    source.exec(statements);
    source.close();
  };
  const withTarget = <T>(work: (target: DatabaseSync) => T): T => {
    const target = new DatabaseSync(file, { timeout: 30_000 });
    try {
      return work(target);
    } finally {
      target.close();
    }
  };
  withTarget((target) =>
    target.exec(`create table orders (id integer primary key, customer text, email text, total_cents integer)`),
  );
  return {
    directory,
    keyFiles: Object.fromEntries(Object.entries(signers).map(([person, { path }]) => [person, path])),
    changeSource,
    change: (statements) => withTarget((target) => target.exec(statements)),
    rows: () =>
      withTarget((target) =>
        target
          .prepare('select * from orders order by id')
          .all()
          .map((row) => Object.values(row).join(' | ')),
      ),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Four rows of the target go wrong: one of each way that a repair knows, and one that nobody declared anything for. */
export const plantedFaults = `
  update orders set customer = 'customer 7' where id = 7;
  update orders set total_cents = 1 where id = 8;
  update orders set email = 'wrong@shop.example' where id = 9;
  delete from orders where id = 10;
  insert into orders values (99, 'Nobody', 'nobody@shop.example', 5);`;

function makeKey(directory: string, person: string): { key: string; path: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const path = join(directory, `${person}.pem`);
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { path, key: `ed25519:${raw.toString('base64')}` };
}

function toDocument(keyOf: (person: string) => string): string {
  return `---
tminus: launch
id: orders-move
title: Orders move to the new shop
owner: alice
t0: 2026-12-05T14:00:00-05:00
environment: staging
candidate: { commit: "${'1'.repeat(40)}", version: 1.0.0 }
environments:
  staging: { production: false }
people:
  alice: { name: Alice Moreau, key: "${keyOf('alice')}" }
  carol: { name: Carol Lindt, key: "${keyOf('carol')}" }
  erin: { name: Erin Wolff }
  vera: { name: Vera Holm }
roles:
  lead: [alice]
  operator: [erin]
  approver: [carol]
datastores:
  legacy: { url: "sqlite:legacy.db" }
  shop: { url: "sqlite:shop.db" }
---

# Orders move to the new shop

## Data

- Orders {#orders}

  \`\`\`yaml dataset
  source: { on: legacy, table: orders }
  target: { on: shop, table: orders }
  key: id
  map:
    id: id
    customer: customer
    email: email
    total_cents: { from: total, do: [{ multiply: 100 }] }
  omit: { channel: "the new shop has one channel" }
  skip: { fax-order: "channel == fax" }
  personal: { email: email }
  import: { deletions: apply }
  fixes:
    copy-name: { repairs: case, does: copy, column: customer, safe: true }
    copy-total: { repairs: value, does: copy, column: total_cents, safe: true }
    copy-email: { repairs: value, does: copy, column: email, safe: true }
    insert-lost: { repairs: missing, does: insert, safe: true }
  fixPolicy: "1"
  \`\`\`

## Gate: ready for T-0 {#ready fresh=1h}

- [ ] Every order has arrived {#moved}

  \`\`\`yaml check
  kind: reconcile
  dataset: orders
  \`\`\`

- [ ] A backup of the orders was really restored {#restored}

  \`\`\`yaml check
  kind: restore-drill
  of: [orders]
  \`\`\`
`;
}
