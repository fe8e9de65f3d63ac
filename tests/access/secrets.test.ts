import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { SecretContext } from '../../src/core/secret/secret.ts';
import { SecretValue } from '../../src/core/secret/secret-value.ts';
import type { SecretTrouble } from '../../src/core/secret/secret.ts';
import type { SecretWriter } from '../../src/core/secret/secret-writer.ts';
import { rotateSecret } from '../../src/engine/secret/rotate-secret.ts';
import type { RotationSetting, Validation } from '../../src/engine/secret/rotate-secret.ts';
import { createSecretDesk } from '../../src/engine/secret/secret-desk.ts';
import { surveySecrets } from '../../src/engine/secret/survey-secrets.ts';
import { secretProviders } from '../../src/kinds/secrets/providers.ts';
import { secretWriters } from '../../src/kinds/secrets/writers.ts';
import type { Store } from '../../src/store/open-store.ts';
import { startKvServer } from '../doubles/kv-server.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { newStageLaunch, nowOf } from './stage.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const canary = 'canary-"old\\7c1f93';
const fresh = 'canary-"new\\e04bd2';
let database: TestDatabase;
let store: Store;
let workspace: string;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterAll(() => database.drop());
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'tminus-secrets-'));
  mkdirSync(join(workspace, 'private'), { mode: 0o700 });
  writeFileSync(join(workspace, 'private/db'), `${canary}\n`, { mode: 0o600 });
});
afterEach(() => rmSync(workspace, { recursive: true }));

const launch = newStageLaunch({
  secrets: [
    { id: 'db', reference: { file: 'private/db' }, at },
    { id: 'gone', reference: { file: 'private/gone' }, at },
    { id: 'kv', reference: { vault: 'kv/shop/db' }, at },
  ],
});

function contextOf(environment: SecretContext['environment'] = {}): SecretContext {
  return { environment, workspace, prefix: null, signal: AbortSignal.timeout(100_000) };
}

function newDesk(masked: string[] = [], context = contextOf()) {
  const mask = (value: SecretValue): void => void masked.push(value.exposeText());
  return createSecretDesk(store, { launch, environment: 'production', providers: secretProviders, context, mask });
}

/** Everything that the database holds: every text in every row, and bytes as the text that they are. */
async function dump(): Promise<string> {
  const { pool } = store.database;
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname like 'tminus%' order by 1`,
  );
  const parts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') {
      const bytes = value.startsWith('\\x') ? Buffer.from(value.slice(2), 'hex').toString() : '';
      parts.push(value, bytes);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const { name } of rows) collect((await pool.query(`select to_jsonb(t) as row from ${name} t`)).rows);
  return parts.join('\n');
}

const traces = (value: string): string[] => {
  const base = Buffer.from(value);
  return [value, base.toString('hex'), base.toString('base64'), JSON.stringify(value).slice(1, -1), value.slice(0, 12)];
};

const accesses = async (secret: string) =>
  (
    await store.database.pool.query(
      'select actor, purpose, outcome, kind, trouble from tminus.secret_access where secret = $1 order by id',
      [secret],
    )
  ).rows;

describe('the desk of secrets', () => {
  it('O06 hands a value out after the masker knows it and the audit has it, and for those who may', async () => {
    const masked: string[] = [];
    const desk = newDesk(masked);
    const value = await desk.openSecret('db', { actor: 'carol', purpose: 'run-1/switch' });
    expect(value.exposeText()).toBe(canary);
    expect(masked).toEqual([canary]);
    expect(await accesses('db')).toEqual([
      { actor: 'carol', purpose: 'run-1/switch', outcome: 'accessed', kind: 'file', trouble: null },
    ]);
    await expect(desk.openSecret('db', { actor: 'zoe', purpose: 'x' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    expect(masked).toHaveLength(1);
    expect(await accesses('db')).toHaveLength(1);
  });

  it('O06 a missing secret is an error that names it, and stands in the audit as failed', async () => {
    await expect(newDesk().openSecret('gone', { actor: 'carol', purpose: 'x' })).rejects.toMatchObject({
      code: 'secret_unavailable',
      message: 'secret gone: private/gone: expected a file, got nothing',
    });
    expect(await accesses('gone')).toMatchObject([{ outcome: 'failed', trouble: 'missing' }]);
    await expect(newDesk().openSecret('nothing', { actor: 'carol', purpose: 'x' })).rejects.toMatchObject({
      code: 'secret_unknown',
    });
  });

  it('O06 gives nobody a value whose access could not be written down', async () => {
    const taken: SecretValue[] = [];
    const broken = { ...store, tables: store.tables.withSchema('nowhere') };
    const options = { launch, environment: 'production', providers: secretProviders, context: contextOf() };
    const desk = createSecretDesk(broken, { ...options, mask: (value) => void taken.push(value) });
    await expect(desk.openSecret('db', { actor: null, purpose: 'x' })).rejects.toThrow(/secret_access/);
    expect(taken[0]!.exposeBytes().every((byte) => byte === 0)).toBe(true);
  });
});

describe('the age of secrets', () => {
  it('T23 warns at 80 days, turns at 90, and knows no age that nobody told', async () => {
    const server = await startKvServer();
    try {
      server.put('shop/db', { password: canary });
      const desk = newDesk([], contextOf({ VAULT_ADDR: server.url, VAULT_TOKEN: server.token }));
      const made = Date.parse('2026-11-01T08:00:00.123Z');
      const states = [];
      for (const days of [79.9, 80, 89.9, 90]) {
        const nowMs = made + days * 86_400_000;
        const all = await surveySecrets(store, { launch, desk, nowMs }, { actor: null, purpose: 'check' });
        states.push(all.map(({ secret, state }) => `${secret} ${state}`));
      }
      const others = ['db unknown', 'gone unknown'];
      expect(states).toEqual([
        [...others, 'kv current'],
        [...others, 'kv due-soon'],
        [...others, 'kv due-soon'],
        [...others, 'kv overdue'],
      ]);
    } finally {
      await server.stop();
    }
  });
});

describe('a rotation', () => {
  const file = () => join(workspace, 'private/db');
  const read = () => readFileSync(file(), 'utf8').trimEnd();

  function settingOf(validate: () => Promise<Validation>): RotationSetting {
    return { launch, desk: newDesk(), writers: secretWriters, context: contextOf(), validate };
  }
  const wish = (dryRun = false) => ({
    secret: 'db',
    value: new SecretValue('db', Buffer.from(fresh)),
    actor: 'carol',
    dryRun,
  });
  /** Passes with these values only, as a database that knows them. */
  const knows = (...values: string[]) => settingOf(async () => ({ ok: values.includes(read()), detail: 'login' }));
  const states = async () =>
    (await store.database.pool.query('select state from tminus.secret_rotation order by id')).rows.map(
      ({ state }) => state as string,
    );

  it('T23 whose validation fails puts the old value back; whose validation passes leaves the new one, and the age begins', async () => {
    expect(await rotateSecret(store, knows(canary, fresh), wish(true))).toMatchObject({ outcome: 'would-rotate' });
    expect([read(), await states()]).toEqual([canary, []]);
    expect(await rotateSecret(store, knows(canary), wish())).toMatchObject({ outcome: 'rolled-back', detail: 'login' });
    expect(read()).toBe(canary);
    expect(await rotateSecret(store, knows(canary, fresh), wish())).toMatchObject({ outcome: 'rotated' });
    expect([read(), existsSync(`${file()}.previous`)]).toEqual([fresh, false]);
    expect(await states()).toEqual(['begun', 'rolled-back', 'begun', 'rotated']);
    const nowMs = await nowOf(store);
    const [db] = await surveySecrets(store, { launch, desk: newDesk(), nowMs }, { actor: null, purpose: 'list' });
    expect(db).toMatchObject({ secret: 'db', state: 'current', ageDays: 0, interrupted: false });
    const later = { launch, desk: newDesk(), nowMs: nowMs + 90 * 86_400_000 };
    expect((await surveySecrets(store, later, { actor: null, purpose: 'list' }))[0]).toMatchObject({
      state: 'overdue',
    });
  });

  it('T23 of two at once on the same secret the second is refused, and changes nothing', async () => {
    writeFileSync(file(), canary);
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = settingOf(async () => {
      begun.resolve();
      await end.promise;
      return { ok: true, detail: 'login' };
    });
    const first = rotateSecret(store, slow, wish());
    await begun.promise;
    await expect(rotateSecret(store, knows(canary, fresh), wish())).rejects.toMatchObject({
      code: 'usage',
      message: 'rotation of db: expected none under way, got another',
    });
    expect(read()).toBe(canary);
    end.resolve();
    expect(await first).toMatchObject({ outcome: 'rotated' });
    expect(await rotateSecret(store, knows(canary, fresh), wish(true))).toMatchObject({ outcome: 'would-rotate' });
  });

  it('F10 is done while the service serves: no request fails, and the old key is refused after its grace', async () => {
    const service = await startKeyedService(read);
    const answers: number[] = [];
    const over = new AbortController();
    const client = (async () => {
      while (!over.signal.aborted) {
        answers.push(await service.ask(read()));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const old = read();
    const next = { ...wish(), value: new SecretValue('db', Buffer.from(`${fresh}-next`)) };
    const setting = settingOf(async () => ({
      ok: (await service.ask(read())) === 200,
      detail: 'a request with the key',
    }));
    expect(await rotateSecret(store, setting, next)).toMatchObject({ outcome: 'rotated' });
    expect(await service.ask(old)).toBe(200);
    const before = answers.length;
    await expect.poll(() => answers.length, { timeout: 60_000 }).toBeGreaterThan(before + 20);
    // By now the client has long asked with the new key.
    service.endGrace();
    const within = answers.length;
    await expect.poll(() => answers.length, { timeout: 60_000 }).toBeGreaterThan(within + 5);
    over.abort();
    await client;
    expect(new Set(answers)).toEqual(new Set([200]));
    expect([await service.ask(old), await service.ask(read())]).toEqual([401, 200]);
    await service.stop();
  });

  it('T23 does not begin where the check does not pass with the old value, nor for whoever may not use the secret', async () => {
    await expect(rotateSecret(store, knows(), wish())).rejects.toMatchObject({
      message: expect.stringContaining('to pass before'),
    });
    await expect(rotateSecret(store, knows(canary, fresh), { ...wish(), actor: 'zoe' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const onlyFiles = { ...knows(canary), writers: secretWriters.filter(({ kind }) => kind === 'file') };
    await expect(rotateSecret(store, onlyFiles, { ...wish(), secret: 'kv' })).rejects.toMatchObject({ code: 'usage' });
    expect(read()).toBe(canary);
  });

  it('T23 a validation that throws, and one that never saw the new value, are failures', async () => {
    const throws = settingOf(async () => {
      if (read() === canary) return { ok: true, detail: '' };
      throw new Error(`cannot log in with ${fresh}`);
    });
    expect(await rotateSecret(store, throws, wish())).toEqual({
      outcome: 'rolled-back',
      detail: 'the validation broke',
    });
    expect(read()).toBe(canary);
  });

  it('T23 whose store says that it could not be written, and was, is not called rolled back', async () => {
    const writer = secretWriters[0]!;
    const says: SecretTrouble = {
      code: 'unsafe',
      message: 'expected to write the file, got EIO',
      hint: 'look at the file',
      retry: 'no',
    };
    const refuses = (before: () => Promise<unknown>): SecretWriter => ({
      ...writer,
      replace: async () => {
        await before();
        return { ok: false, trouble: says };
      },
    });
    const setting = knows(canary, fresh);
    const honest = { ...setting, writers: [refuses(() => Promise.resolve())] };
    expect(await rotateSecret(store, honest, wish())).toEqual({ outcome: 'rolled-back', detail: says.message });
    const context = contextOf();
    const half = refuses(() =>
      writer.replace({ id: 'db', reference: { file: 'private/db' } }, Buffer.from(fresh), context),
    );
    await expect(rotateSecret(store, { ...setting, writers: [half] }, wish())).rejects.toMatchObject({
      code: 'secret_unavailable',
      message: expect.stringContaining('expected the old value back') as string,
    });
    expect([read(), (await states()).at(-1)]).toEqual([fresh, 'begun']);
    await expect(rotateSecret(store, knows(), wish())).rejects.toThrow('to pass before');
    expect(read()).toBe(canary);
  });

  it('T23 that was killed between writing and validating is taken back by the next', async () => {
    const killed = settingOf(async () => ({ ok: true, detail: '' }));
    const writer = secretWriters[0]!;
    const dies = {
      ...writer,
      replace: async (...args: Parameters<typeof writer.replace>) => {
        await writer.replace(...args);
        throw new Error('killed');
      },
    };
    await expect(rotateSecret(store, { ...killed, writers: [dies] }, wish())).rejects.toThrow('killed');
    expect(read()).toBe(fresh);
    const survey = { launch, desk: newDesk(), nowMs: await nowOf(store) };
    expect((await surveySecrets(store, survey, { actor: null, purpose: 'list' }))[0]).toMatchObject({
      interrupted: true,
    });
    await expect(rotateSecret(store, knows(), wish())).rejects.toMatchObject({
      message: expect.stringContaining('to pass before'),
    });
    expect(read()).toBe(canary);
    expect((await states()).slice(-2)).toEqual(['begun', 'rolled-back']);
  });

  it('O06 no value that was read, written or refused is in any table, in any spelling', async () => {
    const all = await dump();
    expect(all).toContain('private/db');
    for (const trace of [...traces(canary), ...traces(fresh)]) expect(all).not.toContain(trace);
  });

  it('O06 (negative control) the same search finds a value that was written down', async () => {
    await store.tables
      .insertInto('access_decision')
      .values({
        launch: 'x',
        environment: 'x',
        actor: 'x',
        permission: 'x',
        run: null,
        subject: null,
        allowed: false,
        exception: false,
        reason: canary,
      })
      .execute();
    await store.database.pool.query('insert into tminus.blob values (sha256($1::bytea), $1::bytea)', [
      Buffer.from(fresh),
    ]);
    const all = await dump();
    expect(traces(canary).some((trace) => all.includes(trace))).toBe(true);
    expect(traces(fresh).some((trace) => all.includes(trace))).toBe(true);
  });
});

interface KeyedService {
  ask(key: string): Promise<number>;
  /** From now on the key before is none. */
  endGrace(): void;
  stop(): Promise<void>;
}

/** A service that lets in whoever has the key of the moment, or the one before it until its grace is ended: a clock would end it while a slow machine still rotates. */
async function startKeyedService(readKey: () => string): Promise<KeyedService> {
  let now: { key: string; before: string | null } = { key: readKey(), before: null };
  const server = createServer((request, response) => {
    const key = readKey();
    if (key !== now.key) now = { key, before: now.key };
    const given = request.headers.authorization ?? '';
    const isOld = given === now.before;
    response.writeHead(given === now.key || isOld ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ask: async (key) => (await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: key } })).status,
    endGrace: () => void (now = { ...now, before: null }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
