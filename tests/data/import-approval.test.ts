import { setTimeout as pause } from 'node:timers/promises';

import { sha256Hex } from '@tminus/verify';
import type { EvidenceRecord } from '@tminus/verify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { applyImport } from '../../src/engine/data/import/apply-import.ts';
import type { ImportResult } from '../../src/engine/data/import/apply-import.ts';
import {
  keepImportApproval,
  passWithoutApproval,
  prepareImportApproval,
} from '../../src/engine/data/import/approve-import.ts';
import type { ImportSetting } from '../../src/engine/data/import/open-ground.ts';
import { planImport } from '../../src/engine/data/import/plan-import.ts';
import type { ImportProgress, ReportProgress } from '../../src/engine/data/import/progress.ts';
import { signPrepared, toSigner } from '../../src/engine/sign/signer.ts';
import { appendEntries } from '../../src/store/evidence-log.ts';
import { listMoves, readBatch } from '../../src/store/import-batch.ts';
import type { ImportBatch } from '../../src/store/import-batch.ts';
import { openImportStage, privateKeyOf } from './start-import.ts';
import type { ImportStage } from './start-import.ts';

const proofs = 'export: exported, restore: restored, rollback: rollback, backup: "s3://backups/shop"';
const none = (): void => undefined;
let stage: ImportStage;

beforeAll(async () => {
  stage = await openImportStage(300);
  await stage.ask(stage.legacy, 'create table lag (seconds numeric)');
  await stage.ask(stage.legacy, 'insert into lag values (0)');
});
afterAll(async () => await stage.drop());
beforeEach(async () => {
  await stage.ask(stage.shop, 'truncate orders');
  await stage.ask(stage.shop, 'drop table if exists tminus_import_ledger, tminus_import_pack, tminus_import_fence');
});

const plan = (setting: ImportSetting): Promise<ImportBatch> =>
  planImport(stage.store, setting, { mode: 'full', requester: 'bob', progress: none });
const reread = async ({ id }: ImportBatch): Promise<ImportBatch> => (await readBatch(stage.store, id))!;
const apply = async (
  setting: ImportSetting,
  batch: ImportBatch,
  progress: ReportProgress = none,
): Promise<ImportResult> => applyImport(stage.store, setting, { batch: await reread(batch), person: 'bob', progress });
const countRows = async (): Promise<number> =>
  Number((await stage.ask(stage.shop, 'select count(*) from orders'))[0]?.[0]);
const agoIso = (ms: number): string => new Date(Date.now() - ms).toISOString();

/** Seals what a check would have seen of a criterion; `over` is what is wrong with it. */
async function prove({ scene }: ImportSetting, criterion: string, over: Partial<EvidenceRecord> = {}): Promise<void> {
  const bytes = Buffer.from(`${criterion} ${JSON.stringify(over)}`);
  const finding = { rule: 'status == 0', outcome: 'pass', expected: '0', got: '0' } as const;
  const broken = { ...finding, outcome: 'fail', got: '1' } as const;
  const entry: EvidenceRecord = {
    ...scene.binding,
    format: 'tminus/evidence/1',
    criterion,
    check: { kind: 'command', sha256: 'c'.repeat(64) },
    spec: {},
    expectations: ['status == 0'],
    mode: 'real',
    observedAt: agoIso(60_000),
    durationMs: 1,
    producer: { kind: 'check', tool: 'tminus 0.1.0' },
    sources: [{ name: 'output', mediaType: 'text/plain', sha256: sha256Hex(bytes), size: bytes.length }],
    trouble: null,
    facts: { status: 0 },
    judgement: { outcome: 'pass', findings: [finding] },
    control: { outcome: 'fail', findings: [broken] },
    supersedes: null,
    ...over,
  };
  await appendEntries(stage.store, scene.launch.id, [{ entry, blobs: [bytes] }]);
}

async function approve(setting: ImportSetting, batch: ImportBatch): Promise<void> {
  const wish = { batch, person: 'alice', comment: 'counts agree' };
  const prepared = await prepareImportApproval(stage.store, setting, wish);
  const signed = signPrepared(prepared, toSigner(setting.scene.launch, 'alice', privateKeyOf('alice')));
  await keepImportApproval(stage.store, setting, { batch, signed });
}

describe('an import into production', () => {
  it('D05 proposed by one person and approved by another with proof of an export and of its restore, it is applied and verified', async () => {
    const setting = stage.setting({ environment: 'production', terms: `  import: { ${proofs} }\n` });
    const batch = await plan(setting);
    await expect(approve(setting, batch)).rejects.toThrow(/no evidence of the export.*no evidence of the restore/);
    await prove(setting, 'exported', { mode: 'simulated' });
    await prove(setting, 'restored', { environment: 'staging' });
    await expect(approve(setting, batch)).rejects.toThrow(/no evidence of the export.*no evidence of the restore/);
    await prove(setting, 'exported');
    await prove(setting, 'restored');
    await approve(setting, batch);
    expect((await reread(batch)).state).toBe('approved');
    expect(await apply(setting, batch)).toMatchObject({ written: 270, verification: { outcome: 'pass' } });
    expect((await reread(batch)).state).toBe('verified');
    expect((await listMoves(stage.store, batch.id)).map(({ to, person }) => `${to} ${person}`)).toEqual([
      'approved alice',
      'applying bob',
      'applied null',
      'verified null',
    ]);
    expect(await countRows()).toBe(270);
  });

  it('D05 a target that changed after its export, or of which nobody knows when, is not approved', async () => {
    const setting = stage.setting({ environment: 'production', terms: `  import: { ${proofs} }\n` });
    await prove(setting, 'exported');
    await prove(setting, 'restored');
    await stage.ask(stage.shop, `insert into orders values (9001, 'Somebody', 1, 'shop', null)`);
    const batch = await plan(setting);
    await expect(approve(setting, batch)).rejects.toThrow(/nobody knows when the data changed last/);
    const dated = stage.setting({ environment: 'production', terms: `  import: { ${proofs}, changed: noted }\n` });
    await prove(dated, 'exported');
    await prove(dated, 'restored');
    await stage.ask(stage.shop, `update orders set noted = '${agoIso(1_000)}'`);
    await expect(approve(dated, await plan(dated))).rejects.toThrow(/the data has changed since the export/);
    await stage.ask(stage.shop, `update orders set noted = '${agoIso(120_000)}'`);
    const fine = await plan(dated);
    await approve(dated, fine);
    expect((await reread(fine)).state).toBe('approved');
  });
});

describe('an approval whose proofs were looked for again', () => {
  const broken = { rule: 'status == 0', outcome: 'fail', expected: '0', got: '1' } as const;
  const signed = async (): Promise<{ setting: ImportSetting; batch: ImportBatch }> => {
    const setting = stage.setting({ environment: 'production', terms: `  import: { ${proofs} }\n` });
    await prove(setting, 'exported');
    await prove(setting, 'restored');
    const batch = await plan(setting);
    await approve(setting, batch);
    return { setting, batch };
  };

  it.each([
    ['restored', 'restore', 'failed', { judgement: { outcome: 'fail', findings: [broken] } }],
    ['exported', 'export', 'could not be read', { judgement: { outcome: 'unknown', findings: [] } }],
    ['restored', 'restore', 'says pass and holds no finding', { judgement: { outcome: 'pass', findings: [] } }],
  ] as const)(
    'D05 is void where evidence of %s that was sealed since (%s) %s, and nothing is written',
    async (...one) => {
      const [criterion, proof, , over] = one;
      const { setting, batch } = await signed();
      await prove(setting, criterion, { judgement: { ...over.judgement, findings: [...over.judgement.findings] } });
      await expect(apply(setting, batch)).rejects.toThrow(
        `got something else: the newest evidence of the ${proof} does not hold`,
      );
      expect((await reread(batch)).state).toBe('approved');
      expect(await countRows()).toBe(0);
    },
  );

  it('D05 holds where both were proven again since', async () => {
    const { setting, batch } = await signed();
    await prove(setting, 'exported', { observedAt: agoIso(500) });
    await prove(setting, 'restored', { observedAt: agoIso(500) });
    expect(await apply(setting, batch)).toMatchObject({ written: 270, verification: { outcome: 'pass' } });
  });
});

describe('an import that has to wait, or is stopped', () => {
  const terms = '  import: { throttle: { on: legacy, ask: "select seconds from lag", above: 5s } }\n';
  const setLag = (seconds: string): Promise<unknown> => stage.ask(stage.legacy, `update lag set seconds = ${seconds}`);

  it.each([
    ['60', 'a long lag'],
    ['null', 'an answer that is no number'],
    [`'NaN'`, 'an answer that is none'],
  ])('D31 %s, %s, holds it before anything is written, and it goes on when replicas are near', async (lag) => {
    const setting = stage.setting({ terms });
    const batch = await plan(setting);
    await passWithoutApproval(stage.store, setting, batch);
    await setLag(lag);
    const seen: ImportProgress[] = [];
    const applying = apply(setting, batch, (state) => void seen.push(state));
    for (let tries = 0; (await reread(batch)).state !== 'applying' && tries < 2_000; tries += 1) await pause(50);
    expect((await reread(batch)).state).toBe('applying');
    await pause(700);
    expect(await countRows()).toBe(0);
    await setLag('2.5');
    expect(await applying).toMatchObject({ written: 270, verification: { outcome: 'pass' } });
    const written = seen.filter(({ phase }) => phase === 'import');
    expect(written.length).toBeGreaterThan(0);
    expect(written.every(({ lagMs }) => lagMs === 2_500)).toBe(true);
  });

  it('D31 stopped between chunks it leaves whole chunks, and goes on where it was', async () => {
    const setting = stage.setting();
    const batch = await plan(setting);
    await passWithoutApproval(stage.store, setting, batch);
    const stop = new AbortController();
    const stopped = apply({ ...setting, signal: stop.signal }, batch, ({ phase, done }) => {
      if (phase === 'import' && done >= 100) stop.abort(new Error('somebody stopped it'));
    });
    await expect(stopped).rejects.toThrow(/somebody stopped it|abort/);
    expect((await reread(batch)).state).toBe('applying');
    expect(await countRows()).toBe(90);
    expect(await apply(setting, batch)).toMatchObject({
      counts: { source: 300, inserted: 270, skipped: { 'fax-order': 30 } },
      written: 180,
      verification: { outcome: 'pass' },
    });
    expect(await countRows()).toBe(270);
  });

  it('D31 stopped while it waits for replicas it ends at once and has written nothing', async () => {
    const setting = stage.setting({ terms });
    const batch = await plan(setting);
    await passWithoutApproval(stage.store, setting, batch);
    await setLag('60');
    const stop = new AbortController();
    const waiting = apply({ ...setting, signal: stop.signal }, batch).catch(String);
    for (let tries = 0; (await reread(batch)).state !== 'applying' && tries < 2_000; tries += 1) await pause(50);
    await pause(300);
    stop.abort(new Error('somebody stopped it'));
    expect(await waiting).toMatch(/abort|somebody stopped it/);
    expect(await countRows()).toBe(0);
    await setLag('0');
    expect((await apply(setting, batch)).written).toBe(270);
  });
});
