import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { canonicalize, digestOf, signStatement } from '@tminus/verify';
import type { Approval, EvidenceRecord } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commitMendedShop, prepareShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import type { ShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import { startShop } from '../../examples/shop-cutover/start-shop.ts';
import type { RunningShop } from '../../examples/shop-cutover/start-shop.ts';
import { checkSha256 } from '../../src/core/check/check-sha256.ts';
import { planChecks } from '../../src/core/check/plan-checks.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import type { Observation } from '../../src/core/check/check.ts';
import { sealEvidence } from '../../src/core/evidence/seal-evidence.ts';
import type { SealInput } from '../../src/core/evidence/seal-evidence.ts';
import { decide } from '../../src/core/gate/decide.ts';
import type { Decision, DecisionNode } from '../../src/core/gate/decision.ts';
import type { LoggedEntry } from '../../src/core/gate/log-index.ts';
import { findCriterion } from '../../src/core/launch/find-criterion.ts';
import { openDataAccess } from '../../src/engine/data/open-data-access.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { toScene } from '../../src/engine/scene.ts';
import type { Scene } from '../../src/engine/scene.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { buildAttestation } from '../../src/kinds/checks/manual/build-attestation.ts';
import { manualReader, toAttestationSource } from '../../src/kinds/checks/manual/reader.ts';
import { toManualSpec } from '../../src/kinds/checks/manual/to-manual-spec.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { lintDocuments } from '../../src/spec/lint/lint-documents.ts';
import { RunDesk } from './run-desk.ts';

const noSecrets = new Error('expected datastores without a password, got one that asks for it');

/** The launch with its log in memory: the engine's way, without a database. */
class Desk {
  readonly scene: Scene;
  readonly log: LoggedEntry[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
  }

  /** Runs what is due, or else what is named, although it is fresh. */
  check(...only: string[]): Promise<Map<string, EvidenceRecord>> {
    return this.checkLater(0, ...only);
  }

  /** As `check`, for somebody whose clock is so much ahead. */
  async checkLater(aheadMs: number, ...only: string[]): Promise<Map<string, EvidenceRecord>> {
    const { scene } = this;
    const entries = this.log.map(({ entry }) => entry);
    const wish = only.length === 0 ? {} : { only, force: true };
    const planned = planChecks({ ...scene, ...wish, entries, now: Date.now() }).filter(({ state }) => state === 'due');
    const records = new Map<string, EvidenceRecord>();
    for (const { criterion, check, asked, newest } of planned) {
      const kind = checkKinds.find((each) => each.kind === check?.kind);
      if (!kind || !check || !asked) throw new Error(`${criterion}: expected a kind, got none`);
      const context = {
        signal: AbortSignal.timeout(60_000),
        workspace: scene.directory,
        allow: scene.environment.allow,
        now: () => Date.now() + aheadMs,
        data: openDataAccess({
          scene,
          forbidden: [],
          openSecret: () => Promise.reject(noSecrets),
          now: () => Date.now(),
        }),
      };
      const observation = await kind.observe(asked.spec, context);
      const producer = { kind: 'check', tool: 'test' } as const;
      records.set(
        criterion,
        this.#seal({
          reader: kind,
          criterion,
          checkSha256: check.sha256,
          asked,
          observation,
          producer,
          supersedes: newest,
        }),
      );
    }
    return records;
  }

  attest(criterionId: string, person: string, privateKeyPem: string): void {
    const { launch, binding } = this.scene;
    const spec = toManualSpec({ launch, criterion: findCriterion(launch, criterionId), binding });
    const said = {
      spec,
      person,
      role: null,
      comment: 'I ran a day of orders',
      proof: null,
      signedAt: new Date().toISOString(),
    };
    const signed = signStatement(buildAttestation(said), person, privateKeyPem);
    const expectations = manualReader.defaultExpectations(spec).map((text) => {
      const read = readExpectation(text);
      if (!read.ok) throw new Error(text);
      return read.expectation;
    });
    const observation: Observation = { sources: [toAttestationSource(signed)], trouble: null };
    const sha256 = checkSha256({ kind: 'manual', spec: {}, expectations });
    const asked = { spec, expectations };
    this.#seal({
      reader: manualReader,
      criterion: criterionId,
      checkSha256: sha256,
      asked,
      observation,
      producer: { kind: 'person', person },
      supersedes: null,
    });
  }

  vote(person: string, role: string, privateKeyPem: string): void {
    const { binding } = this.scene;
    const { launch, planHash, candidateSha256, environment } = binding;
    const { subjectSha256 } = this.decide();
    const bound = { launch, planHash, candidateSha256, environment, subjectSha256 };
    const statement: Approval = {
      format: 'tminus/approval/1',
      ...bound,
      gate: 'ready',
      vote: 'go',
      person,
      role,
      comment: '',
      signedAt: new Date().toISOString(),
    };
    const entry = signStatement(statement, person, privateKeyPem);
    this.log.push({ id: digestOf(entry), entry });
  }

  decide(): Decision {
    return decide({ ...this.scene, gate: 'ready', entries: this.log, now: new Date().toISOString() });
  }

  #seal(
    input: Pick<
      SealInput,
      'reader' | 'criterion' | 'checkSha256' | 'asked' | 'observation' | 'producer' | 'supersedes'
    >,
  ): EvidenceRecord {
    const observedAt = new Date().toISOString();
    const entry = sealEvidence({ ...input, binding: this.scene.binding, mode: 'real', observedAt, durationMs: 1 });
    this.log.push({ id: digestOf(entry), entry });
    return entry;
  }
}

const directory = mkdtempSync(join(tmpdir(), 'tminus-shop-'));
let launch: ShopLaunch;
let shop: RunningShop;
let desk: Desk;

beforeAll(async () => {
  launch = await prepareShopLaunch(directory);
  shop = await startShop({ directory, flawed: true });
  desk = new Desk(await toScene(await loadPlan(directory, { checks: checkReaders, steps: stepReaders }), null));
});

afterAll(async () => {
  await shop.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A node of a decision by its id. */
function nodeOf(node: DecisionNode, id: string): DecisionNode | null {
  if (node.id === id) return node;
  return node.children.map((child) => nodeOf(child, id)).find((found) => found !== null) ?? null;
}

async function readOrders(): Promise<string> {
  return (await fetch(`${launch.newUrl}/admin/orders/count`)).text();
}

describe('examples/shop-cutover', () => {
  it('reads without a problem, and lint finds nothing that blocks', () => {
    const { documents } = desk.scene;
    const result = lintDocuments(documents, {
      exists: () => true,
      readers: { checks: checkReaders, steps: stepReaders },
    });
    expect(result.totals).toMatchObject({ documents: 4, blocking: 0 });
    expect(desk.scene.candidate.commit).toBe(launch.candidateCommit);
  });

  it('every program of the first version ends well and says so, although seven orders are lost', () => {
    const said = shop.deeds.map(({ output, exit }) => [output, exit]);
    expect(said.slice(1, 3)).toEqual([
      ['migrated 200 orders', 0],
      ['12 of 12 smoke tests passed', 0],
    ]);
    expect(readFileSync(join(directory, 'reports/smoke.xml'), 'utf8').match(/<testcase /g)).toHaveLength(9);
  });

  it('F13 is NO-GO before the fix, each criterion for its own reason', async () => {
    const records = await desk.check();
    const seen = Object.fromEntries(
      [...records].map(([id, { judgement, trouble }]) => [id, [judgement.outcome, trouble?.code ?? null]]),
    );
    expect(seen).toEqual({
      'api-health': ['fail', null],
      'orders-frozen': ['pass', null],
      'orders-moved': ['fail', null],
      'order-names': ['fail', null],
      'orders-same': ['fail', null],
      'order-shown': ['fail', null],
      smoke: ['unknown', expect.stringMatching(/./)],
      backup: ['unknown', 'stale'],
      'restore-drill': ['unknown', 'missing'],
      drilled: ['unknown', 'missing'],
    });
    expect(records.get('smoke')?.trouble?.message).toMatch(/12.*9|9.*12/);
    expect(records.get('orders-same')?.facts).toMatchObject({ verdict: 'differs', missing: 7, extra: 0, changed: 0 });
    expect([...records.values()].map(({ control }) => control.outcome)).not.toContain('pass');
    const decision = desk.decide();
    expect(decision.outcome).toBe('no-go');
    const verbs = decision.shortestWay?.map(({ verb, subject }) => `${verb} ${subject}`) ?? [];
    expect(verbs).toEqual(expect.arrayContaining(['attest day-of-work']));
  });

  it('C07 F13 is still NO-GO after the fix, until the way back was drilled and people have signed; then GO', async () => {
    const before = desk.decide();
    expect((await shop.fix()).map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0]);
    // A quick one, without faults, says nothing.
    const line = new RunDesk(directory);
    await line.done('dave', 0, 'rehearse', '--environment', 'staging', '--quick');
    expect((await desk.check('drilled')).get('drilled')).toMatchObject({
      judgement: { outcome: 'unknown' },
      trouble: { code: 'not_rehearsed', message: expect.stringContaining('quick') as string },
    });
    await line.done('dave', 0, 'drill', '--environment', 'staging');
    const records = new Map([...(await desk.check()), ...(await desk.check('drilled'))]);
    expect(
      [...records]
        .filter(([, { judgement }]) => judgement.outcome !== 'pass')
        .map(([id, record]) => [id, record.trouble, record.judgement]),
    ).toEqual([]);
    expect(desk.decide().outcome).toBe('no-go');
    desk.attest('day-of-work', 'carol', launch.people['carol']!.privateKeyPem);
    expect(desk.decide().outcome).toBe('no-go');
    desk.vote('alice', 'lead', launch.people['alice']!.privateKeyPem);
    expect(desk.decide().outcome).toBe('no-go');
    desk.vote('carol', 'operator', launch.people['carol']!.privateKeyPem);
    const after = desk.decide();
    expect([after.outcome, after.shortestWay]).toEqual(['go', []]);
    expect(after.evidenceRoot).not.toBe(before.evidenceRoot);
  }, 240_000);

  it.each(['orders-same', 'restore-drill', 'drilled'])(
    'D33 C08 is not GO without evidence of %s, whatever else there is',
    (id) => {
      const entries = desk.log.filter(({ entry }) => entry.format !== 'tminus/evidence/1' || entry.criterion !== id);
      const now = new Date().toISOString();
      expect(decide({ ...desk.scene, gate: 'ready', entries: desk.log, now }).outcome).toBe('go');
      const without = decide({ ...desk.scene, gate: 'ready', entries, now });
      expect(without.outcome).toBe('no-go');
      expect(without.shortestWay?.map(({ subject }) => subject)).toContain(id);
    },
  );

  it('C17 F05 is not GO where the drill of the way back is older than a day, however it went', async () => {
    const before = desk.log.length;
    const [late] = (await desk.checkLater(25 * 3_600_000, 'drilled')).values();
    expect(late).toMatchObject({
      judgement: { outcome: 'unknown' },
      trouble: { message: expect.stringContaining('at most 1d is allowed') as string },
    });
    const decision = desk.decide();
    expect([decision.outcome, nodeOf(decision.tree, 'drilled')?.standing]).toEqual(['no-go', 'unreadable']);
    // What was seen of a drill in time holds for a day by itself, too.
    desk.log.splice(before);
    expect(desk.decide().outcome).toBe('go');
    const now = new Date(Date.now() + 25 * 3_600_000).toISOString();
    const nextDay = decide({ ...desk.scene, gate: 'ready', entries: desk.log, now });
    expect([nextDay.outcome, nodeOf(nextDay.tree, 'drilled')?.standing]).toEqual(['no-go', 'stale']);
  });

  it('C08 one name in the wrong character set is seen by the comparison alone, and ends the GO until it is mended', async () => {
    expect((await shop.spoil()).exit).toBe(0);
    const asked = ['orders-moved', 'order-names', 'order-shown', 'smoke', 'orders-same'];
    const seen = await desk.check(...asked);
    expect(asked.map((id) => seen.get(id)?.judgement.outcome)).toEqual(['pass', 'pass', 'pass', 'pass', 'fail']);
    expect(seen.get('orders-same')?.facts).toMatchObject({
      missing: 0,
      extra: 0,
      changed: 1,
      causes: [{ cause: 'encoding', column: 'customer', count: 1 }],
    });
    expect(desk.decide().outcome).toBe('no-go');
    await shop.migrate();
    expect((await desk.check('orders-same')).get('orders-same')?.judgement.outcome).toBe('pass');
  });

  it('D04 refuses the word of the deploy bot, although it holds the role and has a key', () => {
    const { privateKeyPem } = launch.people['deploy-bot']!;
    expect(() => desk.attest('day-of-work', 'deploy-bot', privateKeyPem)).toThrow(
      /expected a human, got an automation/,
    );
  });

  it('D02 superseded evidence stays readable, and one more commit makes all of it stale', async () => {
    const health = desk.log.filter(
      ({ entry }) => entry.format === 'tminus/evidence/1' && entry.criterion === 'api-health',
    );
    expect(health.map(({ entry }) => 'judgement' in entry && entry.judgement.outcome)).toEqual(['fail', 'pass']);
    const candidate = { ...desk.scene.candidate, commit: '1'.repeat(40) };
    const other = { ...desk.scene, candidate, candidateSha256: digestOf(candidate) };
    const decision = decide({ ...other, gate: 'ready', entries: desk.log, now: new Date().toISOString() });
    expect(decision.outcome).toBe('no-go');
    expect(canonicalize(decision)).toContain('"standing":"stale"');
  });

  it('C17 F05 a drill of one candidate says nothing about the next, although its report is there and fresh', async () => {
    const candidateCommit = await commitMendedShop(directory);
    const next = new Desk(await toScene(await loadPlan(directory, { checks: checkReaders, steps: stepReaders }), null));
    expect(next.scene.candidate.commit).toBe(candidateCommit);
    expect((await next.check('drilled')).get('drilled')).toMatchObject({
      judgement: { outcome: 'unknown' },
      trouble: { code: 'not_rehearsed', message: expect.stringContaining('it is of another candidate') as string },
    });
    next.log.unshift(...desk.log);
    const decision = next.decide();
    expect([decision.outcome, nodeOf(decision.tree, 'drilled')?.standing]).toEqual(['no-go', 'unreadable']);
  });

  it('running the fix again changes nothing more', async () => {
    const before = await readOrders();
    await shop.migrate();
    expect(await readOrders()).toBe(before);
    expect(JSON.parse(before)).toEqual({ orders: 200 });
  });
});
