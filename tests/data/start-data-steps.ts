import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';
import { Client } from 'pg';

import type { ProbeOutcome, StepKind, StepOutcome } from '../../src/core/step/step-kind.ts';
import { openDataDeeds } from '../../src/engine/data/deeds/open-data-deeds.ts';
import type { Scene } from '../../src/engine/scene.ts';
import type { Store } from '../../src/store/open-store.ts';
import { stepContext } from '../contract/step-context.ts';
import type { Surroundings } from '../contract/step-context.ts';
import { startPostgres } from '../servers/start-postgres.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { sceneOf } from '../spec/scene-of.ts';

/** What steps about data stand on in a test: a store, a workspace with a folder `old`, and a real server as target. */
export interface DataSteps {
  /** Why there is no server; null where there is one. */
  missing: string | null;
  workspace: string;
  /** Any database of the server. */
  url: string;
  /** Its password is a canary: it must stand nowhere. */
  password: string;
  store: Store;
  sceneIn: (environment?: string) => Scene;
  /** Surroundings of an attempt with a key of its own. */
  given: (more?: Surroundings) => Surroundings;
  ask: (statement: string) => Promise<unknown[]>;
  specOf: (kind: StepKind, written: JsonObject) => JsonObject;
  run: (kind: StepKind, written: JsonObject, more?: Surroundings) => Promise<StepOutcome>;
  probe: (kind: StepKind, written: JsonObject, more?: Surroundings) => Promise<ProbeOutcome>;
  stop: () => Promise<void>;
}

/** Text of a launch whose datastore `shop` is a server on this port; `front` holds people and secrets, `data` the datasets. */
function launchText({ port, front, data }: { port: number; front: string; data: string }): string {
  return `---
tminus: launch
id: shop
${front}
environments: { production: { url: "https://shop.example" }, staging: { production: no, allow: [127.0.0.1] } }
environment: staging
datastores:
  files: { kind: csv, url: "file:old/" }
  shop: { url: "postgres://postgres@127.0.0.1:${port}/postgres", password: shop/db }
---

# Shop

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}

## Data

${data}
`;
}

/** Starts it all. `secrets` are handed to every attempt beside the password of the server. */
export async function startDataSteps({
  front,
  data,
  secrets = {},
}: {
  front: string;
  data: string;
  secrets?: { [name: string]: string };
}): Promise<DataSteps> {
  const server = await startPostgres();
  const [missing, port, password] =
    server.state === 'missing' ? [server.reason, 1, 'none'] : [null, server.port, server.password];
  const workspace = mkdtempSync(join(tmpdir(), 'tminus-data-steps-'));
  mkdirSync(join(workspace, 'old'));
  const database = await createTestDatabase();
  const store = await database.open();
  const text = launchText({ port, front, data });
  const sceneIn = (environment = 'staging'): Scene => sceneOf(text, { environment, directory: workspace });
  let keys = 0;
  const given = (more: Surroundings = {}): Surroundings => {
    keys += 1;
    return {
      workspace,
      allow: ['127.0.0.1'],
      secrets: { 'shop/db': password, ...secrets },
      deeds: openDataDeeds({ store, scene: sceneIn(), executor: 'alice' }),
      idempotencyKey: `run-${keys}/step-1`,
      ...more,
    };
  };
  const specOf = (kind: StepKind, written: JsonObject): JsonObject => {
    const read = kind.readSpec(written);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    return read.spec;
  };
  const contextOf = (more: Surroundings) => stepContext({ ...given(), ...more }).context;
  return {
    missing,
    workspace,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    password,
    store,
    sceneIn,
    given,
    specOf,
    ask: async (statement) => {
      if (missing !== null) return [];
      const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(statement)).rows;
      } finally {
        await client.end();
      }
    },
    run: async (kind, written, more = {}) => kind.run(specOf(kind, written), contextOf(more)),
    probe: async (kind, written, more = {}) => kind.probe!(specOf(kind, written), contextOf(more)),
    stop: async () => {
      await database.drop();
      if (server.state === 'started') await server.stop();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}
