import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatPersonKey } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SecretValue } from '../../src/core/secret/secret-value.ts';
import { approveFix, prepareFixApproval } from '../../src/engine/data/fix/approve-fix.ts';
import type { FixSetting } from '../../src/engine/data/fix/fix-setting.ts';
import { planFix } from '../../src/engine/data/fix/plan-fix.ts';
import { openDataAccess } from '../../src/engine/data/open-data-access.ts';
import { signPrepared } from '../../src/engine/sign/signer.ts';
import { fixStepKind } from '../../src/kinds/steps/fix/kind.ts';
import { mailoutStepKind } from '../../src/kinds/steps/mailout/kind.ts';
import { snapshotStepKind } from '../../src/kinds/steps/snapshot/kind.ts';
import { claimDelivery, takeMailoutKey } from '../../src/store/mailout.ts';
import { stepKindContract } from '../contract/step-kind.ts';
import { startMailServer } from '../doubles/mail-server.ts';
import { startDataSteps } from './start-data-steps.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const seed = 'canary-seed-of-the-pseudonyms-0815';
const mailPassword = 'canary-of-the-mail-server';

const { missing, workspace, url, password, store, sceneIn, given, ask, specOf, run, probe, stop } =
  await startDataSteps({
    front: `roles: { lead: [alice, bob] }
people:
  alice: { name: Alice, key: "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
  bob: { name: Bob, key: "${formatPersonKey(publicKey)}" }
secrets: { shop/db: { env: SHOP_DB }, mail/password: { env: MAIL }, seed: { env: SEED } }`,
    data: `- Orders {#orders}

  \`\`\`yaml dataset
  source: { on: files, table: orders }
  target: { on: shop, table: orders }
  key: id
  personal: { email: email }
  fixes: { lost: { repairs: missing, does: insert, safe: yes } }
  fixPolicy: "1"
  \`\`\`
- Refunds {#refunds}

  \`\`\`yaml dataset
  source: { on: files, table: refunds }
  target: { on: shop, table: refunds }
  key: id
  fixes: { lost: { repairs: missing, does: insert, safe: yes } }
  fixPolicy: "1"
  \`\`\``,
    secrets: { 'mail/password': mailPassword, seed },
  });
const mails = await startMailServer();
let names = 0;

const rows = async (): Promise<number> => (await ask('select id from orders')).length;

/** Orders 3 and 4 are lost, and a plan that brings them back is approved. */
async function planRepair({ isApproved = true } = {}): Promise<void> {
  await ask(`delete from orders where id in ('3', '4')`);
  const scene = sceneIn();
  const openSecret = (name: string): Promise<SecretValue> =>
    Promise.resolve(new SecretValue(name, Buffer.from(password)));
  const data = openDataAccess({ scene, forbidden: [], openSecret, now: Date.now });
  const { signal } = new AbortController();
  const setting: FixSetting = { scene, data, signal, now: Date.now, progress: () => undefined };
  const fix = await planFix(store, setting, { dataset: 'orders', requester: 'alice' });
  if (!isApproved) return;
  const prepared = await prepareFixApproval(store, setting, { fix: fix.id, person: 'bob', comment: 'read it' });
  const signer = { person: scene.launch.people.find(({ id }) => id === 'bob')!, privateKeyPem };
  await approveFix(store, setting, { fix: fix.id, signed: signPrepared(prepared, signer) });
}

/** A mailout of its own name, so that nobody has it yet. */
function writeMailout(where = 'state == open', dataset = 'orders'): string {
  names += 1;
  const head = `mailout: moving-${names}\ndataset: ${dataset}\nemail: email\nwhere: "${where}"`;
  const sender = `server: smtp://${mails.host}\nfrom: shop@shop.example\nuser: shop\npassword: mail/password\nunsubscribe: "https://shop.example/stop"\nrate: 6000`;
  writeFileSync(join(workspace, `moving-${names}.md`), `---\n${head}\n${sender}\nsubject: We move\n---\n\nHello.\n`);
  return `moving-${names}.md`;
}

beforeAll(async () => {
  const lines = Array.from({ length: 6 }, (_, nr) => `${nr + 1},person${nr + 1}@example.org,open`);
  writeFileSync(join(workspace, 'old', 'orders.csv'), `id,email,state\n${lines.join('\n')}\n`);
  await ask('create table orders (id text primary key, email text, state text)');
  await ask(`insert into orders select n, 'person' || n || '@example.org', 'open' from generate_series(1, 6) n`);
});

afterAll(async () => {
  await mails.stop();
  await stop();
});

const away = { workspace, allow: ['127.0.0.1'] };
const has = (name: string): number =>
  readdirSync(workspace, { recursive: true }).filter((one) => String(one) === name).length;

describe.skipIf(missing !== null)(
  `steps that repair, write to many and copy ${missing ?? ''}`,
  { timeout: 180_000 },
  () => {
    stepKindContract({
      kind: fixStepKind,
      keyed: true,
      success: async () => {
        await planRepair();
        return { written: { dataset: 'orders' }, given: given(), target: 'orders' };
      },
      trouble: () => ({ written: { dataset: 'refunds' }, given: given() }),
      slow: { none: 'it ends between two transactions' },
      misspelt: { written: { datset: 'orders' }, wrong: 'datset', meant: 'dataset' },
      forbidden: async () => {
        await planRepair();
        return { written: { dataset: 'orders' }, given: given({ forbidden: ['127.0.0.1'] }), touched: rows };
      },
      secret: async () => {
        await planRepair();
        return {
          written: { dataset: 'orders' },
          given: given(),
          canary: password,
          arrived: async () => (await rows()) === 6,
        };
      },
      probe: async () => {
        await planRepair();
        return {
          written: { dataset: 'orders' },
          given: given(),
          effects: async () => ((await rows()) - 4) / 2,
          unreachable: { written: { dataset: 'orders' }, given: away },
        };
      },
    });

    it('C05 only a fix that people have approved is applied, and the step that undoes it takes back that of its run', async () => {
      await planRepair({ isApproved: false });
      const refused = await run(fixStepKind, { dataset: 'orders' });
      expect(refused).toMatchObject({ outcome: 'failed', facts: { trouble: 'fix_refused' } });
      expect(refused.detail).toContain('one that is planned');
      expect(await rows()).toBe(4);
      await planRepair();
      const own = { idempotencyKey: 'run-repair/fix' };
      const undo = fixStepKind.undoSpec(specOf(fixStepKind, { dataset: 'orders' }))!;
      expect(await run(fixStepKind, { dataset: 'orders' }, own)).toMatchObject({
        outcome: 'done',
        facts: { state: 'applied', changed: 2, verified: 'pass' },
      });
      expect(await run(fixStepKind, undo, { idempotencyKey: 'run-other/undo' })).toMatchObject({ outcome: 'failed' });
      expect(await rows()).toBe(6);
      const back = { idempotencyKey: 'run-repair/undo' };
      expect(await run(fixStepKind, undo, back)).toMatchObject({ outcome: 'done', facts: { restored: 2 } });
      expect(await run(fixStepKind, undo, back)).toMatchObject({ outcome: 'done', facts: { restored: 2 } });
      expect(await rows()).toBe(4);
      expect(await run(fixStepKind, { dataset: 'orders' }, own)).toMatchObject({
        outcome: 'failed',
        detail: expect.stringContaining('it is undone') as string,
      });
      expect(await probe(fixStepKind, { dataset: 'orders' }, own)).toMatchObject({ result: 'unknown' });
    });

    it('C05 a row that somebody wrote to since the plan fails the step, and nothing is changed', async () => {
      await planRepair();
      await ask(`insert into orders values ('3', 'other@example.org', 'open')`);
      expect(await run(fixStepKind, { dataset: 'orders' })).toMatchObject({ outcome: 'failed' });
      expect(await rows()).toBe(5);
      await ask(`update orders set email = 'person3@example.org' where id = '3'`);
    });

    stepKindContract({
      kind: mailoutStepKind,
      success: () => {
        const file = writeMailout();
        return { written: { file, do: 'send' }, given: given(), target: file };
      },
      trouble: () => ({ written: { file: 'absent.md', do: 'send' }, given: given() }),
      slow: { none: 'it ends between two mails' },
      misspelt: { written: { fil: 'a.md', do: 'send' }, wrong: 'fil', meant: 'file' },
      forbidden: () => ({
        written: { file: writeMailout(), do: 'send' },
        given: given({ forbidden: ['127.0.0.1'] }),
        touched: () => mails.mails.length,
      }),
      secret: () => {
        mails.logins.splice(0);
        return {
          written: { file: writeMailout(`id == 1`), do: 'send' },
          given: given(),
          canary: mailPassword,
          arrived: () => mails.logins.some((login) => login.includes(mailPassword)),
        };
      },
      probe: () => {
        mails.mails.splice(0);
        return {
          written: { file: writeMailout('id == 1'), do: 'send' },
          given: given(),
          effects: () => mails.mails.length,
          unreachable: { written: { file: writeMailout(), do: 'send' }, given: away },
        };
      },
    });

    it('C06 exactly one of dry run and sending, nothing where comms are off, and to the test address alone in a test', async () => {
      expect(mailoutStepKind.readSpec({ file: 'a.md' }).ok).toBe(false);
      mails.mails.splice(0);
      const file = writeMailout();
      expect(await run(mailoutStepKind, { file, do: 'dry-run' })).toMatchObject({
        outcome: 'done',
        facts: { recipients: await rows() },
      });
      const off = { comms: { mode: 'off' as const, testMail: null, testWebhook: null } };
      expect(await run(mailoutStepKind, { file, do: 'send' }, off)).toMatchObject({
        outcome: 'done',
        facts: { sent: 0 },
      });
      expect(await probe(mailoutStepKind, { file, do: 'send' }, off)).toMatchObject({ result: 'not_applied' });
      expect(mails.mails).toEqual([]);
      const test = { comms: { mode: 'test' as const, testMail: 'us@shop.example', testWebhook: null } };
      expect(await run(mailoutStepKind, { file, do: 'send' }, test)).toMatchObject({ outcome: 'done' });
      expect(mails.mails.length).toBeGreaterThan(0);
      expect([...new Set(mails.mails.flatMap(({ to }) => to))]).toEqual(['us@shop.example']);
      const nobody = { comms: { ...test.comms, testMail: null } };
      expect(await run(mailoutStepKind, { file, do: 'send' }, nobody)).toMatchObject({ outcome: 'failed' });
      expect(await run(mailoutStepKind, { file: writeMailout('state == none'), do: 'send' })).toMatchObject({
        outcome: 'failed',
        detail: expect.stringContaining('got nobody') as string,
      });
    });

    it('F34 after a crash between two mails the rest is sent, and a mail that nobody knows of stops everything', async () => {
      mails.mails.splice(0);
      const file = writeMailout();
      const place = { launch: 'shop', environment: 'staging', mailout: file.slice(0, -3), mode: 'real' as const };
      const cut = new AbortController();
      const progress = (): void => cut.abort();
      const written = { file, do: 'send' };
      expect(await run(mailoutStepKind, written, { signal: cut.signal, progress })).toMatchObject({
        outcome: 'stopped',
      });
      expect(mails.mails).toHaveLength(1);
      expect(await probe(mailoutStepKind, written)).toMatchObject({ result: 'unfinished' });
      expect(await run(mailoutStepKind, written)).toMatchObject({ outcome: 'done', facts: { before: 1 } });
      expect(mails.mails).toHaveLength(await rows());
      expect(await probe(mailoutStepKind, written)).toMatchObject({ result: 'applied' });
      await takeMailoutKey(store, place);
      await claimDelivery(store, place, { hash: Buffer.alloc(32), sender: 'a killed one', messageId: '<lost@shop>' });
      expect(await probe(mailoutStepKind, written)).toMatchObject({ result: 'unknown' });
      expect(await run(mailoutStepKind, written)).toMatchObject({
        outcome: 'failed',
        facts: { unknown: ['<lost@shop>'] },
      });
      expect(mails.mails).toHaveLength(await rows());
    });

    const copyAt = (file: string): JsonObject => ({
      datasets: ['orders'],
      file,
      seed: '{{ secret "seed" }}',
      server: url,
      password: '{{ secret "shop/db" }}',
    });
    const next = (): string => `copies/orders-${(names += 1)}.tar.gz`;

    stepKindContract({
      kind: snapshotStepKind,
      keyed: true,
      success: () => {
        const file = next();
        return { written: copyAt(file), given: given(), target: file };
      },
      trouble: () => ({ written: { ...copyAt(next()), datasets: ['refunds'] }, given: given() }),
      slow: { none: 'it ends between two rows' },
      misspelt: { written: { ...copyAt('a.tar.gz'), sed: 'x' }, wrong: 'sed', meant: 'seed' },
      forbidden: () => {
        const file = next();
        return { written: copyAt(file), given: given({ forbidden: ['127.0.0.1'] }), touched: () => has(file) };
      },
      secret: () => {
        const file = next();
        return { written: copyAt(file), given: given(), canary: password, arrived: () => has(file) === 1 };
      },
      probe: () => {
        const file = next();
        return {
          written: copyAt(file),
          given: given(),
          effects: () => has(file),
          unreachable: { written: copyAt(file), given: away },
        };
      },
    });

    it('C25 a seed that can be guessed, or that stands in the document, takes no copy', async () => {
      const file = next();
      const short = { secrets: { 'shop/db': password, seed: 'short' } };
      expect(await run(snapshotStepKind, copyAt(file), short)).toMatchObject({
        outcome: 'failed',
        facts: { trouble: 'usage' },
      });
      expect(has(file)).toBe(0);
      expect(snapshotStepKind.readSpec({ ...copyAt(file), seed }).ok).toBe(false);
    });
  },
);
