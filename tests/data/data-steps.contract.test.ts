import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { DataDeeds } from '../../src/core/step/step-kind.ts';
import { openDataDeeds } from '../../src/engine/data/deeds/open-data-deeds.ts';
import { exportStepKind } from '../../src/kinds/steps/export/kind.ts';
import { importStepKind } from '../../src/kinds/steps/import/kind.ts';
import { drillStepKind } from '../../src/kinds/steps/restore-drill/kind.ts';
import { listBatches } from '../../src/store/import-batch.ts';
import { stepKindContract } from '../contract/step-kind.ts';
import { access, startObjectServer } from '../doubles/object-server.ts';
import { startDataSteps } from './start-data-steps.ts';

const objects = await startObjectServer();
const {
  missing,
  workspace,
  url,
  password: canary,
  store,
  sceneIn,
  given,
  ask,
  run,
  probe,
  stop,
} = await startDataSteps({
  front: `roles: { lead: [alice] }
people: { alice: { name: Alice, key: "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" } }
secrets: { shop/db: { env: SHOP_DB }, backups/key: { env: BACKUPS } }`,
  secrets: { 'backups/key': access.secret },
  data: `- Orders {#orders}

  \`\`\`yaml dataset
  source: { on: files, table: orders }
  target: { on: shop, table: orders }
  key: id
  \`\`\`
- Refunds {#refunds}

  \`\`\`yaml dataset
  source: { on: files, table: refunds }
  target: { on: shop, table: refunds }
  key: id
  \`\`\``,
});
let files = 0;
/** Each archive of this test has a place of its own. */
const nextFile = (name: string): string => `out/${name}-${(files += 1)}.tar.gz`;

const deedsIn = (environment: string): DataDeeds =>
  openDataDeeds({ store, scene: sceneIn(environment), executor: 'alice' });

const rows = async (): Promise<number> => (await ask('select id from orders')).length;
const clear = async (): Promise<void> => {
  await ask('delete from orders; drop table if exists tminus_import_ledger, tminus_import_pack');
};
beforeAll(async () => {
  const lines = Array.from({ length: 50 }, (_, nr) => `${nr + 1},Customer ${nr + 1}`);
  writeFileSync(join(workspace, 'old', 'orders.csv'), `id,customer\n${lines.join('\n')}\n`);
  await ask('create table orders (id text primary key, customer text)');
});

afterAll(() => Promise.all([objects.stop(), stop()]));

/** A server that is there already: to start one for each drill would take the whole time of the suite. */
const drillAt = (archive: string): JsonObject => ({
  archive,
  server: url,
  password: '{{ secret "shop/db" }}',
});
const reports = (): number =>
  readdirSync(workspace, { recursive: true }).filter((name) => /restore-drill-/.test(String(name))).length;
const gone = { dataset: 'refunds' };

describe.skipIf(missing !== null)(`steps about data, on a real server ${missing ?? ''}`, { timeout: 180_000 }, () => {
  stepKindContract({
    kind: importStepKind,
    keyed: true,
    success: async () => {
      await clear();
      return { written: { dataset: 'orders' }, given: given(), target: 'orders' };
    },
    trouble: () => ({ written: gone, given: given() }),
    slow: { none: 'it ends between two chunks, as shown below' },
    misspelt: { written: { dataset: 'orders', mod: 'full' }, wrong: 'mod', meant: 'mode' },
    forbidden: () => ({ written: { dataset: 'orders' }, given: given({ forbidden: ['127.0.0.1'] }), touched: rows }),
    secret: async () => {
      await clear();
      return {
        written: { dataset: 'orders' },
        given: given(),
        canary,
        arrived: async () => (await rows()) === 50,
      };
    },
    probe: async () => {
      await clear();
      const surroundings = given();
      const about = { launch: 'shop', environment: 'staging', dataset: 'orders' };
      const before = (await listBatches(store, about)).length;
      return {
        written: { dataset: 'orders' },
        given: surroundings,
        effects: async () => (await listBatches(store, about)).length - before,
        unreachable: { written: { dataset: 'orders' }, given: { workspace } },
      };
    },
  });

  it('D31 taken back by the step that undoes it, the rows of its run are gone, and only those', async () => {
    await clear();
    const key = 'run-undo/import';
    expect(await run(importStepKind, { dataset: 'orders' }, { idempotencyKey: key })).toMatchObject({
      outcome: 'done',
      facts: { counts: { inserted: 50 } },
    });
    await ask(`update orders set customer = 'edited' where id = '7'`);
    const undo = importStepKind.undoSpec({ dataset: 'orders', mode: 'full', do: 'apply' })!;
    expect(await run(importStepKind, undo, { idempotencyKey: 'run-other/undo' })).toMatchObject({ outcome: 'failed' });
    expect(await rows()).toBe(50);
    const end = await run(importStepKind, undo, { idempotencyKey: 'run-undo/undo' });
    expect(end).toMatchObject({ outcome: 'failed', facts: { deleted: 49, edited: 1 } });
    expect(end.detail).toContain('1 rows stay');
    expect(await ask('select id from orders')).toEqual([{ id: '7' }]);
    expect(await run(importStepKind, { dataset: 'orders' }, { idempotencyKey: key })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('taken back') as string,
    });
  });

  it('F34 stopped while it runs, it is stopped; asked again under its key, it ends the same import', async () => {
    await clear();
    const abort = new AbortController();
    const more = { idempotencyKey: 'run-stop/import' };
    const progress = (_: number, __: number | null, phase: string): void => {
      if (phase === 'import') abort.abort();
    };
    const stopped = await run(importStepKind, { dataset: 'orders' }, { ...more, signal: abort.signal, progress });
    expect(stopped.outcome).toBe('stopped');
    expect(await probe(importStepKind, { dataset: 'orders' }, more)).toMatchObject({ result: 'unfinished' });
    expect(await run(importStepKind, { dataset: 'orders' }, more)).toMatchObject({
      outcome: 'done',
      facts: { state: 'verified', counts: { inserted: 50 } },
    });
    expect(await rows()).toBe(50);
    expect(await run(importStepKind, { dataset: 'orders' }, { signal: AbortSignal.abort() })).toMatchObject({
      outcome: 'stopped',
    });
  });

  it('D05 C07 in production nothing is applied that nobody approved, and nothing at all in a rehearsal', async () => {
    await clear();
    const deeds = deedsIn('production');
    const live = await run(importStepKind, { dataset: 'orders' }, { deeds });
    expect(live).toMatchObject({ outcome: 'failed', facts: { trouble: 'import_refused' } });
    expect(live.detail).toContain('that is approved, got none');
    const rehearsed = await run(importStepKind, { dataset: 'orders' }, { deeds, mode: 'rehearsal' });
    expect(rehearsed.detail).toContain('production is production');
    expect(await rows()).toBe(0);
  });

  stepKindContract({
    kind: exportStepKind,
    keyed: true,
    success: () => ({ written: { file: nextFile('archive') }, given: given(), target: 'out/' }),
    trouble: () => ({ written: { datasets: ['refunds'], file: 'out/refunds.tar.gz' }, given: given() }),
    slow: { none: 'it ends between two rows' },
    misspelt: { written: { file: 'a.tar.gz', dataset: ['a'] }, wrong: 'dataset', meant: 'datasets' },
    forbidden: () => ({
      written: { datasets: ['orders'], file: nextFile('forbidden') },
      given: given({ forbidden: ['127.0.0.1'] }),
      touched: () =>
        readdirSync(workspace, { recursive: true }).filter((name) => String(name).includes('forbid')).length,
    }),
    secret: () => {
      const file = nextFile('secret');
      return {
        written: { datasets: ['orders'], file },
        given: given(),
        canary,
        arrived: () => readdirSync(join(workspace, 'out')).includes(file.slice(4)),
      };
    },
    probe: () => {
      const file = nextFile('probe');
      return {
        written: { datasets: ['orders'], file },
        given: given(),
        effects: () => readdirSync(workspace, { recursive: true }).filter((name) => name === file).length,
        unreachable: { written: { file }, given: { workspace } },
      };
    },
  });

  it('D30 an archive that was changed, or is of another step, is not taken for what the step has written', async () => {
    const written = { datasets: ['orders'], file: 'out/own.tar.gz' };
    const own = { idempotencyKey: 'run-own/export' };
    expect(await run(exportStepKind, written, own)).toMatchObject({ outcome: 'done' });
    expect(await run(exportStepKind, written)).toMatchObject({
      outcome: 'failed',
      facts: { trouble: 'output_exists' },
    });
    writeFileSync(join(workspace, 'out/own.tar.gz'), 'damaged');
    expect(await probe(exportStepKind, written, own)).toMatchObject({ result: 'unknown' });
    expect(exportStepKind.readSpec({ file: '../out.tar.gz' }).ok).toBe(false);
    expect(
      await run(exportStepKind, { file: '{{ up }}/out.tar.gz' }, { variables: { TMINUS_UP: '..' } }),
    ).toMatchObject({
      outcome: 'failed',
      facts: { trouble: 'usage' },
    });
  });

  stepKindContract({
    kind: drillStepKind,
    success: async () => {
      const file = nextFile('drill');
      await ask(`insert into orders values ('1', 'A') on conflict do nothing`);
      await run(exportStepKind, { datasets: ['orders'], file });
      return { written: drillAt(file), given: given(), target: file };
    },
    trouble: () => {
      writeFileSync(join(workspace, 'broken.tar.gz'), 'damaged');
      return { written: drillAt('broken.tar.gz'), given: given() };
    },
    slow: { none: 'it ends between two rows' },
    misspelt: { written: { archive: 'a', sha: '' }, wrong: 'sha', meant: 'sha256' },
    forbidden: async () => {
      const file = nextFile('forbidden-drill');
      await run(exportStepKind, { datasets: ['orders'], file });
      return { written: drillAt(file), given: given({ forbidden: ['127.0.0.1'] }), touched: reports };
    },
    secret: async () => {
      const file = nextFile('secret-drill');
      await run(exportStepKind, { datasets: ['orders'], file });
      const before = reports();
      return { written: drillAt(file), given: given(), canary, arrived: () => reports() === before + 1 };
    },
    probe: { none: 'each drill is one of its own' },
  });

  describe('archives in a store of objects', () => {
    const at = (name: string, more: JsonObject = {}): JsonObject => ({
      file: `s3://backups/shop/${name}.tar.gz`,
      store: {
        endpoint: objects.url,
        region: access.region,
        keyId: access.keyId,
        secret: '{{ secret "backups/key" }}',
      },
      ...more,
    });
    const drillThere = ({ file, store: there }: JsonObject): JsonObject => ({
      ...drillAt(file as string),
      store: there!,
    });

    it('D30 D33 T05 rows are put there by a step, and really restored from there by the next; written once, whatever is repeated', async () => {
      await ask(`delete from orders; insert into orders select n, 'Customer ' || n from generate_series(1, 40) n`);
      const wish = at('orders', { datasets: ['orders'] });
      const own = { idempotencyKey: 'run-far/export' };
      expect(await probe(exportStepKind, wish, own)).toMatchObject({ result: 'not_applied' });
      const written = await run(exportStepKind, wish, own);
      expect(written).toMatchObject({ outcome: 'done', facts: { counts: { orders: 40 } } });
      expect([...objects.objects.keys()]).toEqual(['backups/shop/orders.tar.gz', 'backups/shop/orders.tar.gz.sha256']);
      expect(await probe(exportStepKind, wish, own)).toMatchObject({ result: 'applied' });
      expect(await run(exportStepKind, wish, own)).toMatchObject({
        outcome: 'done',
        facts: { sha256: written.facts['sha256'] },
      });
      expect(await run(exportStepKind, wish)).toMatchObject({ outcome: 'failed', facts: { trouble: 'output_exists' } });

      const before = reports();
      const restored = await run(drillStepKind, drillThere(wish));
      expect(restored).toMatchObject({ outcome: 'done', facts: { passed: true } });
      expect(restored.detail).toContain('40 rows of 1 entities restored and equal');
      expect(reports()).toBe(before + 1);
      const report = readFileSync(join(workspace, restored.facts['report'] as string), 'utf8');
      const { payload } = JSON.parse(report) as { payload: string };
      expect(Buffer.from(payload, 'base64').toString()).toContain('s3://backups/shop/orders.tar.gz');
      expect(JSON.stringify([written, restored]) + report).not.toContain(access.secret);
    });

    it('D33 (negative control) of bytes that changed there, and of none, nothing is restored', async () => {
      const wish = at('damaged', { datasets: ['orders'] });
      const own = { idempotencyKey: 'run-damaged/export' };
      await run(exportStepKind, wish, own);
      const name = 'backups/shop/damaged.tar.gz';
      const bytes = Buffer.from(objects.objects.get(name)!);
      bytes[100]! ^= 1;
      objects.objects.set(name, bytes);
      expect(await probe(exportStepKind, wish, own)).toMatchObject({ result: 'unknown' });
      expect(await run(drillStepKind, drillThere(wish))).toMatchObject({ outcome: 'failed', facts: { passed: false } });
      objects.objects.delete(name);
      expect(await run(drillStepKind, drillThere(wish))).toMatchObject({
        outcome: 'failed',
        facts: { trouble: 'archive_unreadable' },
      });
      // Only what was recorded is there: whose archive it was can no more be told.
      expect(await probe(exportStepKind, wish, own)).toMatchObject({ result: 'unknown' });
    });

    it('A11 C07 a store that must not be touched, or a wrong key, ends the step with words and leaves nothing there', async () => {
      const [asked, there] = [objects.asked.length, objects.objects.size];
      const wish = at('nowhere');
      for (const more of [{ forbidden: [objects.host] }, { allow: [] }]) {
        expect(await run(exportStepKind, wish, more)).toMatchObject({ outcome: 'failed' });
        expect(await probe(exportStepKind, wish, more)).toMatchObject({ result: 'unknown' });
      }
      expect(objects.asked.length).toBe(asked);
      const secrets = { 'shop/db': canary, 'backups/key': 'not the key' };
      const refused = await run(exportStepKind, wish, { secrets });
      expect(refused).toMatchObject({ outcome: 'failed', facts: { trouble: 'archive_unreadable' } });
      expect(refused.detail).toContain('permission');
      expect(objects.objects.size).toBe(there);
    });

    it.each<[string, JsonObject, string]>([
      ['an object without its store', { file: 's3://backups/a.tar.gz' }, 'store'],
      ['a store without an object', { ...at('a'), file: 'a.tar.gz' }, 'store'],
      ['a key that leads elsewhere', { ...at('a'), file: 's3://backups//a.tar.gz' }, 'file'],
      [
        'a key of the store in the clear',
        { ...at('a'), store: { region: 'r', keyId: 'k', secret: 'clear' } },
        'secret',
      ],
    ])('D30 %s is a fault of the document', (_, written, where) => {
      const read = exportStepKind.readSpec(written);
      expect(read.ok ? [] : read.faults.map(({ path }) => path.at(-1))).toEqual([where]);
      const { file: archive, ...rest } = written;
      expect(drillStepKind.readSpec({ archive: archive!, ...rest }).ok).toBe(false);
    });
  });
});
