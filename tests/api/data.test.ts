import { sign } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { makeDataLaunch, plantedFaults, sourceCount } from './data-launch.ts';
import type { DataLaunch } from './data-launch.ts';
import { openTestApi } from './open-api.ts';
import type { Answer, TestApi } from './open-api.ts';

let launch: DataLaunch;
let api: TestApi;
beforeAll(async () => {
  launch = makeDataLaunch();
  api = await openTestApi({ besides: [launch.directory] });
  const plan = await loadPlan(launch.directory, { checks: checkReaders, steps: stepReaders });
  const rest = { expiresAt: null, delegates: null, breakGlass: false, reason: 'a test', environment: 'staging' };
  const person = (id: string): { kind: 'person'; id: string } => ({ kind: 'person', id });
  await giveGrant(api.store, plan.launch, { ...rest, holder: person('alice'), role: 'admin', giver: null });
  await giveGrant(api.store, plan.launch, { ...rest, holder: person('vera'), role: 'viewer', giver: 'alice' });
});
afterAll(async () => {
  await api?.close();
  launch?.remove();
});

const path = '/api/launches/orders-move/datasets';
const orders = `${path}/orders`;
const codeOf = ({ body }: Answer): string => (body as { code: string }).code;
const imported = sourceCount - 2;

interface Batch {
  id: string;
  state: string;
  counts: { [name: string]: unknown } | null;
}

interface Listed {
  items: {
    id: string;
    batches: Batch[];
    reconcile: { verdict: string; reason: string } | null;
    criteria: { criterion: string; isMet: boolean }[];
    archives: { name: string; sha256: string | null; bytes: number }[];
    drills: {
      archive: string;
      passed: boolean;
      rows: number;
      rtoMs: number | null;
      hashes: object;
      findings: string[];
    }[];
    work: { does: string; endedAtMs: number | null; trouble: string | null } | null;
  }[];
}

const read = async (person = 'erin'): Promise<Listed['items'][number]> =>
  ((await api.send(person, 'GET', path)).body as Listed).items[0]!;

/** Begins something, and returns the dataset when it has ended. */
async function carryOut(person: string, method: string, at: string, body: unknown): Promise<Listed['items'][number]> {
  const begun = await api.send(person, method, at, { body });
  expect([begun.status, begun.body]).toMatchObject([202, { startedBy: person, endedAtMs: null }]);
  for (let tries = 0; tries < 1_200; tries++) {
    const now = await read();
    if (now.work?.endedAtMs !== null) return now;
    await pause(25);
  }
  throw new Error(`${at}: expected its end, got ${JSON.stringify(await read())}`);
}

/** Signs the approval that the server prepares, with the key file of that person. */
async function approve(person: string, at: string): Promise<void> {
  const prepared = await api.send(person, 'POST', `${at}/approval/prepare`, { body: { comment: 'seen row by row' } });
  expect([prepared.status, prepared.body]).toMatchObject([200, { person }]);
  const { canonical, key } = prepared.body as { canonical: string; key: string };
  const value = sign(null, Buffer.from(canonical), readFileSync(launch.keyFiles[person]!, 'utf8')).toString('base64');
  const body = { format: 'tminus/signed/1', statement: JSON.parse(canonical), signature: { person, key, value } };
  const refused = await api.send('alice', 'POST', `${at}/approval`, { body });
  expect([refused.status, codeOf(refused)]).toEqual([403, 'signature_invalid']);
  const kept = await api.send(person, 'POST', `${at}/approval`, { body });
  expect([kept.status, kept.body]).toMatchObject([201, {}]);
}

describe('data over the API', { timeout: 180_000 }, () => {
  it('D32 an import runs dry, is written once, and every record of the source is accounted for', async () => {
    const planned = await carryOut('erin', 'POST', `${orders}/imports`, { mode: 'full' });
    expect(planned).toMatchObject({
      work: { does: 'plan-import', trouble: null },
      batches: [
        {
          state: 'planned',
          counts: null,
          planned: { source: sourceCount, inserted: imported, skipped: { 'fax-order': 2 } },
          faults: [],
        },
      ],
    });
    expect(launch.rows()).toEqual([]);
    const { id } = planned.batches[0]!;
    const stale = await api.send('erin', 'POST', `${orders}/imports/${id}/apply`, {
      body: { expectedVersion: 'applied' },
    });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'version_conflict']);
    const applied = await carryOut('erin', 'POST', `${orders}/imports/${id}/apply`, { expectedVersion: 'planned' });
    expect(applied).toMatchObject({
      work: { trouble: null },
      batches: [
        { state: 'verified', account: { outcome: 'pass', accounted: sourceCount }, counts: { inserted: imported } },
      ],
    });
    expect(launch.rows()).toHaveLength(imported);
    const again = await carryOut('erin', 'POST', `${orders}/imports/${id}/apply`, { expectedVersion: 'verified' });
    expect(again.work?.trouble).toContain('import');
    expect(launch.rows()).toHaveLength(imported);
  });

  it('C04 C08 a comparison names what differs, hides what the dataset hides, and is for those who may see values', async () => {
    launch.change(plantedFaults);
    const compared = await carryOut('erin', 'POST', `${orders}/reconcile`, { full: false });
    expect(compared).toMatchObject({
      work: { trouble: null },
      reconcile: { verdict: 'differs', missing: 1, extra: 1, changed: 3, current: true },
      criteria: [
        { criterion: 'moved', isMet: false },
        { criterion: 'restored', isMet: false },
      ],
    });
    const report = await api.send('erin', 'GET', `${orders}/reconcile`);
    expect(report.body).toMatchObject({ counts: { source: sourceCount, skipped: { 'fax-order': 2 } } });
    const { groups } = report.body as { groups: { cause: string; column: string | null; samples: unknown[] }[] };
    expect(groups).toContainEqual(
      expect.objectContaining({
        cause: 'case',
        column: 'customer',
        samples: [{ key: ['7'], source: 'Customer 7', target: 'customer 7' }],
      }),
    );
    expect(groups).toContainEqual(
      expect.objectContaining({
        column: 'email',
        samples: [{ key: ['9'], source: '[redacted]', target: '[redacted]' }],
      }),
    );
    expect(JSON.stringify(report.body)).not.toContain('wrong@shop.example');
    const refused = await api.send('vera', 'GET', `${orders}/reconcile`);
    expect([refused.status, codeOf(refused)]).toEqual([403, 'permission_denied']);
    expect(JSON.stringify(await read('vera'))).not.toContain('Customer');
  });

  it('A36 who only looks begins nothing, and a stranger sees nothing', async () => {
    const { id } = (await read()).batches[0]!;
    const deeds: [string, string, unknown][] = [
      ['POST', `${orders}/reconcile`, {}],
      ['DELETE', `${orders}/work`, undefined],
      ['POST', `${orders}/imports`, {}],
      ['POST', `${orders}/archives`, {}],
      ['POST', `${orders}/drills`, { archive: 'any' }],
      ['POST', `${orders}/imports/${id}/apply`, { expectedVersion: 'verified' }],
      ['POST', `${orders}/imports/${id}/roll-back`, { expectedVersion: 'verified' }],
      ['POST', `${orders}/imports/${id}/approval/prepare`, { comment: 'fine' }],
    ];
    for (const [method, at, body] of deeds) {
      const answers = await Promise.all(['vera', 'dave', null].map((who) => api.send(who, method, at, { body })));
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 401]);
    }
    const looks = await Promise.all(['vera', 'dave', null].map((who) => api.send(who, 'GET', path)));
    expect(looks.map(({ status }) => status)).toEqual([200, 403, 401]);
  });

  it('T14 the same request sent twice begins once; one of no dataset says which there are', async () => {
    const headers = { 'idempotency-key': 'compare-once' };
    const answers = [
      await api.send('erin', 'POST', `${orders}/reconcile`, { body: {}, headers }),
      await api.send('erin', 'POST', `${orders}/reconcile`, { body: {}, headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect((answers[0]!.body as { id: string }).id).toBe((answers[1]!.body as { id: string }).id);
    const none = await api.send('erin', 'POST', `${path}/nothing/reconcile`, { body: {} });
    expect([none.status, codeOf(none)]).toEqual([404, 'dataset_unknown']);
    await expect.poll(async () => (await read()).work?.endedAtMs, { timeout: 60_000 }).not.toBeNull();
    expect((await api.send('erin', 'DELETE', `${orders}/work`)).body).toEqual({ stopped: false });
  });

  it('C05 a fix is planned, approved by another person, applied and taken back to the byte', async () => {
    const before = launch.rows();
    const planned = await carryOut('erin', 'POST', `${orders}/fixes`, {});
    expect(planned.work).toMatchObject({ does: 'plan-fix', trouble: null });
    const list = await api.send('vera', 'GET', `${orders}/fixes`);
    const [fix] = (list.body as { items: { id: string; state: string; changes: number; review: number }[] }).items;
    expect(fix).toMatchObject({ state: 'planned', changes: 4, review: 1, faults: [] });
    const at = `${orders}/fixes/${fix!.id}`;
    const shown = await api.send('erin', 'GET', at);
    expect((shown.body as { rows: unknown[] }).rows).toContainEqual(
      expect.objectContaining({
        operation: 'update',
        key: ['7'],
        values: [{ column: 'customer', before: 'customer 7', after: 'Customer 7', shown: 'value' }],
      }),
    );
    expect(JSON.stringify(shown.body)).not.toContain('shop.example');
    expect((await api.send('vera', 'GET', at)).status).toBe(403);
    const early = await carryOut('erin', 'POST', `${at}/apply`, { expectedVersion: 'planned' });
    expect(early.work?.trouble).toContain('nobody approved it');
    expect(launch.rows()).toEqual(before);
    await approve('carol', at);
    const applied = await carryOut('erin', 'POST', `${at}/apply`, { expectedVersion: 'approved' });
    expect(applied.work?.trouble).toBeNull();
    const isMended = launch.rows();
    expect(isMended).toContain(`7 | Customer 7 | c7@shop.example | 725`);
    expect(isMended).toContain(`9 | Customer 9 | c9@shop.example | 925`);
    expect(isMended).toHaveLength(imported + 1);
    const compared = await carryOut('erin', 'POST', `${orders}/reconcile`, {});
    expect(compared.reconcile).toMatchObject({ verdict: 'differs', missing: 0, extra: 1, changed: 0 });
    const undone = await carryOut('erin', 'POST', `${at}/undo`, { expectedVersion: 'applied' });
    expect(undone.work?.trouble).toBeNull();
    expect(launch.rows()).toEqual(before);
    const again = await api.send('erin', 'POST', `${at}/undo`, { body: { expectedVersion: 'applied' } });
    expect([again.status, codeOf(again)]).toEqual([409, 'version_conflict']);
    const others = await api.send('erin', 'GET', `${path}/others/fixes/${fix!.id}`);
    expect([others.status, codeOf(others)]).toEqual([404, 'fix_unknown']);
  });

  it(
    'D30 D33 an archive is written and really restored; one that was damaged since is not, and a drill can be stopped',
    { timeout: 180_000 },
    async () => {
      const written = await carryOut('erin', 'POST', `${orders}/archives`, {});
      expect(written).toMatchObject({ work: { does: 'export', trouble: null }, drills: [] });
      const [{ name, sha256 } = { name: '', sha256: null }] = written.archives;
      expect(sha256).toMatch(/^[\da-f]{64}$/u);
      for (const archive of ['../orders/' + name, 'nothing.tar.gz']) {
        const refused = await api.send('erin', 'POST', `${orders}/drills`, { body: { archive } });
        expect([refused.status, codeOf(refused)]).toEqual([403, 'drill_refused']);
      }
      const drilled = await carryOut('erin', 'POST', `${orders}/drills`, { archive: name });
      expect(drilled.work).toMatchObject({ does: 'drill', trouble: null });
      const rows = launch.rows().length;
      expect(drilled.drills).toMatchObject([{ archive: name, passed: true, rows, hashes: { equal: 1, of: 1 } }]);
      expect(drilled.drills[0]?.rtoMs).toBeGreaterThan(0);
      expect(readdirSync(join(launch.directory, 'reports/restore-drills'))).toHaveLength(1);

      const stopped = await api.send('erin', 'POST', `${orders}/drills`, { body: { archive: name } });
      expect(stopped.status).toBe(202);
      expect((await api.send('erin', 'DELETE', `${orders}/work`)).body).toEqual({ stopped: true });
      await expect.poll(async () => (await read()).work?.trouble, { timeout: 60_000 }).toBe('it was stopped');
      expect((await read()).drills).toHaveLength(1);

      appendFileSync(join(api.store.dataDirectory, 'archives/orders-move/staging/orders', name), 'x');
      const damaged = await carryOut('erin', 'POST', `${orders}/drills`, { archive: name });
      expect(damaged.work?.trouble).toMatch(/expected a restore without findings, got .*archive/u);
      expect(damaged.drills.filter(({ passed }) => passed)).toHaveLength(1);
      const access = await api.send('alice', 'GET', '/api/audit?launch=orders-move&limit=200');
      expect(JSON.stringify(access.body)).toContain('run.start');
    },
  );

  it('D31 an import is taken back: its rows go, those that people have edited since stay and are counted', async () => {
    const { id, state } = (await read()).batches[0]!;
    const undone = await carryOut('erin', 'POST', `${orders}/imports/${id}/roll-back`, { expectedVersion: state });
    expect(undone).toMatchObject({
      work: { trouble: null },
      batches: [{ state: 'rolled-back', undone: { edited: 3 } }],
    });
    expect(launch.rows()).toHaveLength(4);
    expect(api.trouble).toEqual([]);
  });

  it('D32 what would be deleted is counted, and its keys are for those who may see values', async () => {
    launch.change('delete from orders');
    const first = await carryOut('erin', 'POST', `${orders}/imports`, { mode: 'full' });
    const its = (at: { batches: Batch[] }): string => `${orders}/imports/${at.batches[0]!.id}`;
    await carryOut('erin', 'POST', `${its(first)}/apply`, { expectedVersion: 'planned' });
    launch.changeSource('delete from orders where id in (20, 21)');
    launch.change(`update orders set customer = 'by hand' where id = 21`);
    const planned = await carryOut('erin', 'POST', `${orders}/imports`, { mode: 'full' });
    const gone = { deleted: 1, edited: 1, absent: 0 };
    expect(planned.batches[0]).toMatchObject({ state: 'planned', deletions: 2, gone, faults: [] });
    const at = `${its(planned)}/deletions`;
    for (const person of ['erin', 'erin', 'carol'])
      expect(await api.send(person, 'GET', at)).toMatchObject({
        status: 200,
        body: { planned: 1, keys: ['20'], takesAlong: [] },
      });
    expect((await api.send('vera', 'GET', at)).status).toBe(403);
    const other = await api.send('erin', 'GET', `${orders}/imports/import-none/deletions`);
    expect(codeOf(other)).toBe('import_unknown');
    const applied = await carryOut('erin', 'POST', `${its(planned)}/apply`, { expectedVersion: 'planned' });
    expect(applied.batches[0]).toMatchObject({ gone });
    expect(launch.rows().filter((row) => /^2[01] /.test(row))).toEqual(['21 | by hand | c21@shop.example | 2125']);
  });
});
