import { digestOf, sha256Hex } from '@tminus/verify';
import type { Signed } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { gate, human, person, privateKeyOf } from '../../src/core/gate/dossier.fixture.ts';
import { humanStep, planOf } from '../../src/core/procedure/runs.fixture.ts';
import { createRun } from '../../src/engine/advance/create-run.ts';
import { explainGate } from '../../src/engine/explain-gate.ts';
import { keepLaunch } from '../../src/engine/keep-launch.ts';
import { readLog } from '../../src/engine/read-log.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { appendSignedActionVote, prepareActionVote } from '../../src/engine/sign/action-vote.ts';
import { appendSignedApproval, prepareApproval } from '../../src/engine/sign/approval.ts';
import { appendSignedAttestation, prepareAttestation } from '../../src/engine/sign/attestation.ts';
import { appendSignedConfirmation, prepareConfirmation } from '../../src/engine/sign/confirmation.ts';
import { signPrepared, toSigner } from '../../src/engine/sign/signer.ts';
import { appendSignedWaiver, prepareWaiver } from '../../src/engine/sign/waiver.ts';
import type { Store } from '../../src/store/open-store.ts';
import { readNow } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { newPasskey } from '../../verify/src/passkey.fixture.ts';
import { ask, newScene, newStageLaunch, newStageRun, planHash } from '../access/stage.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const keys = { alice: newPasskey(), bob: newPasskey(), carol: newPasskey('night.example', 'ed25519') };
const at = { file: 'launch.md', line: 1, column: 1 };
const declared = newStageLaunch({
  people: [
    person('alice', { key: keys.alice.key }),
    person('bob', { key: keys.bob.key }),
    person('carol', { key: keys.carol.key }),
    person('dave', { name: 'Dave Ito' }),
    person('ada'),
    person('robot', { automation: true }),
  ],
  gates: [gate([human('day-of-work', 'operator'), human('till', 'operator')], { roles: ['lead'], requester: null })],
  roles: [
    { id: 'lead', people: ['alice', 'bob'], at },
    { id: 'operator', people: ['carol', 'robot'], at },
    { id: 'developer', people: ['dave'], at },
  ],
});
const scene = newScene(declared);

let database: TestDatabase;
let store: Store;
let engine: Engine;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  engine = await openEngine(store, { report: (error) => process.emitWarning(error as Error) });
  await keepLaunch(store, scene);
});
afterAll(async () => {
  await engine.close({ graceSeconds: 1 });
  await database.drop();
});

const go = { gate: 'ready', phase: null, vote: 'go', role: null, comment: 'I read all of it' } as const;
const sizeOf = async (): Promise<number> => (await readLog(store, scene.launch.id)).entries.length;
const word = (criterion: string) => ({ criterion, role: null, comment: 'twelve orders', proof: null });
const attest = async (criterion: string) => {
  const { statement } = await prepareAttestation(store, scene, 'carol', word(criterion));
  return appendSignedAttestation(store, scene, keys.carol.sign(statement));
};

/** Refused with this code and these words, and nothing is in the log that was not there before. */
async function refused(act: () => Promise<unknown>, code: string, words: string): Promise<void> {
  const before = await sizeOf();
  await expect(act()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  expect(await sizeOf()).toBe(before);
}

describe('a vote at a gate by passkey', () => {
  it('O21 is prepared with its digest, signed by the passkey, and counts', async () => {
    await attest('day-of-work');
    const prepared = await prepareApproval(store, scene, 'alice', go);
    expect(prepared.sha256).toBe(sha256Hex(prepared.canonical));
    expect(prepared.sha256).toBe(digestOf(prepared.statement));
    expect(Buffer.from(prepared.challenge, 'base64url').toString('hex')).toBe(prepared.sha256);
    expect(prepared.statement.subjectSha256).toBe(prepared.decision.subjectSha256);
    await appendSignedApproval(store, scene, keys.alice.sign(prepared.statement), { phase: null });
    const { decision } = await explainGate(store, scene, { gate: 'ready' });
    const { children } = decision.tree.children.find(({ kind }) => kind === 'approvals')!;
    expect(children).toMatchObject([{ outcome: 'pass', title: 'alice as lead' }]);
    expect((await verifyStoredLog(store, scene.launch.id)).state).toBe('whole');
  });

  it('A28 is refused as stale where evidence came in between, and a fresh one is taken', async () => {
    const prepared = await prepareApproval(store, scene, 'bob', go);
    await attest('till');
    const send = () => appendSignedApproval(store, scene, keys.bob.sign(prepared.statement), { phase: null });
    await refused(send, 'statement_stale', 'what the decision shows has changed since');
    const again = await prepareApproval(store, scene, 'bob', go);
    await appendSignedApproval(store, scene, keys.bob.sign(again.statement), { phase: null });
  });

  it('A26 A28 names a changed plan and another candidate', async () => {
    const { statement } = await prepareApproval(store, scene, 'bob', go);
    const signed = keys.bob.sign(statement);
    const under = (binding: object, planned = planHash) => {
      const other = { ...scene, planHash: planned, binding: { ...scene.binding, ...binding } };
      return () => appendSignedApproval(store, other, signed, { phase: null });
    };
    const plan = sha256Hex('another plan');
    await refused(under({ planHash: plan }, plan), 'statement_stale', 'the plan has changed since');
    const candidate = under({ candidateSha256: sha256Hex('another') });
    await refused(candidate, 'statement_stale', 'the candidate is another now');
  });

  it('A28 is refused where it was shown more than five minutes ago, and where it is from the future', async () => {
    const { statement } = await prepareApproval(store, scene, 'bob', go);
    const signedBy = (ms: number) => {
      const signedAt = new Date(Date.parse(statement.signedAt) + ms).toISOString();
      return () => appendSignedApproval(store, scene, keys.bob.sign({ ...statement, signedAt }), { phase: null });
    };
    await refused(signedBy(-301_000), 'statement_stale', 'it was shown more than five minutes ago');
    await refused(signedBy(60_000), 'statement_stale', 'it is from the future');
    await signedBy(-240_000)();
  });

  it.each<[string, (signed: Signed<{ person: string }>) => unknown, string, string]>([
    [
      'a vote that was turned',
      (one) => ({ ...one, statement: { ...one.statement, vote: 'no-go' } }),
      'statement_void',
      '.challenge',
    ],
    ['the passkey of somebody else', ({ statement }) => keys.alice.sign(statement), 'statement_void', 'key: expected'],
    [
      'an answer without verification',
      ({ statement }) => keys.bob.sign(statement, { flags: 1 }),
      'statement_void',
      'UV',
    ],
    [
      'a page of another site',
      ({ statement }) => keys.bob.sign(statement, { clientData: { origin: 'https://x.example' } }),
      'statement_void',
      '.origin',
    ],
    [
      'a role that nobody gave',
      ({ statement }) => keys.bob.sign({ ...statement, role: 'operator' }),
      'role_missing',
      'expected the role operator',
    ],
    [
      'a field that nobody reads',
      ({ statement }) => keys.bob.sign({ ...statement, approved: true }),
      'signature_invalid',
      '.approved',
    ],
    [
      'another format',
      ({ statement }) => keys.bob.sign({ ...statement, format: 'x' }),
      'signature_invalid',
      'statement',
    ],
    ['nothing', () => ({}), 'signature_invalid', 'signed statement'],
  ])('A25 A37 refuses %s, and writes nothing', async (_, forge, code, words) => {
    const { statement } = await prepareApproval(store, scene, 'bob', go);
    const forged = forge(keys.bob.sign(statement)) as ReturnType<typeof keys.bob.sign<typeof statement>>;
    await refused(() => appendSignedApproval(store, scene, forged, { phase: null }), code, words);
  });

  it('S5 asks nobody for a signature that could not count', async () => {
    await refused(() => prepareApproval(store, scene, 'carol', go), 'statement_void', 'the gate wants lead');
    await refused(() => prepareApproval(store, scene, 'robot', go), 'statement_void', 'automation');
    await refused(() => prepareApproval(store, scene, 'mallory', go), 'person_unknown', 'mallory');
  });
});

describe('a word and a waiver by passkey', () => {
  it('O21 close a human criterion by a signature that is judged again from its bytes', async () => {
    const { record } = await attest('till');
    expect(record).toMatchObject({ judgement: { outcome: 'pass' }, facts: { signature: 'valid', person: 'carol' } });
    const { statement } = await prepareAttestation(store, scene, 'carol', word('till'));
    const foreign = { ...keys.carol.sign(statement), statement: { ...statement, comment: 'thirteen orders' } };
    await refused(() => appendSignedAttestation(store, scene, foreign), 'signature_invalid', '.challenge');
  });

  it('O21 A28 set a criterion aside, for as long as was signed and no longer', async () => {
    const expiresAt = new Date(Date.parse(await readNow(store)) + 3_600_000).toISOString();
    const wish = { criterion: 'till', reason: 'one till is enough', role: null, requestedBy: 'dave', expiresAt };
    const { statement } = await prepareWaiver(store, scene, 'alice', wish);
    const longer = {
      ...keys.alice.sign(statement),
      statement: { ...statement, expiresAt: '2099-01-01T00:00:00.000Z' },
    };
    await refused(() => appendSignedWaiver(store, scene, longer), 'statement_void', '.challenge');
    await appendSignedWaiver(store, scene, keys.alice.sign(statement));
    const own = () => prepareWaiver(store, scene, 'alice', { ...wish, requestedBy: 'alice' });
    await refused(own, 'statement_void', 'alice asked for it');
  });
});

describe('a vote on a run by passkey', () => {
  const level2 = { action: { id: 'runbook', kind: 'run', reversible: false, destructive: false }, level: 2 } as const;
  const wishOf = (request: string) =>
    ({ request, vote: 'go', reason: 'I have read the dry run', role: null, sourceIp: '192.0.2.7' }) as const;
  const from = { sourceIp: '192.0.2.7' };

  it('A27 D11 is a strong method: two passkeys approve a run that cannot be taken back', async () => {
    const request = await ask(store, scene, newStageRun({ reversible: false }), level2);
    for (const who of ['alice', 'bob'] as const) {
      const { statement } = await prepareActionVote(store, scene, who, wishOf(request.id));
      expect(statement).toMatchObject({ authMethod: 'passkey', principal: keys[who].key, sourceIp: '192.0.2.7' });
      const voted = await appendSignedActionVote(store, scene, keys[who].sign(statement), from);
      expect(voted.assessment.approved).toBe(who === 'bob');
    }
  });

  it('A27 A28 refuses a method that was claimed, a dry run of before, and another address', async () => {
    const request = await ask(store, scene, newStageRun());
    const { statement } = await prepareActionVote(store, scene, 'alice', wishOf(request.id));
    const send = (change: Partial<typeof statement>, source = from) => {
      const signed = keys.alice.sign({ ...statement, ...change });
      return () => appendSignedActionVote(store, scene, signed, source);
    };
    await refused(send({ authMethod: 'hardware-key' }), 'statement_stale', 'the declared key is another now');
    await refused(send({ dryRunSha256: sha256Hex('x') }), 'statement_stale', 'the dry run has changed since');
    await refused(send({ expiresAt: '2099-01-01T00:00:00.000Z' }), 'statement_stale', 'it would end at another time');
    await refused(send({}, { sourceIp: '203.0.113.9' }), 'statement_stale', 'it comes from another address now');
    await send({})();
  });
});

describe('a step that a person closes', () => {
  const run = 'run-of-passkeys';
  const wish = { run, step: 'look', role: null, proof: 'https://shop.example/news/1', comment: 'seen' };
  const closes = async (signed: Awaited<ReturnType<typeof prepared>>) =>
    appendSignedConfirmation(engine, scene.launch, signed);
  const prepared = async () =>
    keys.carol.sign((await prepareConfirmation(store, scene.launch, 'carol', wish)).statement);

  beforeAll(async () => {
    const staging = newScene(declared, 'staging');
    const plan = planOf([humanStep('look', { proof: 'url' })], { planHash });
    const setting = { candidate: scene.candidate, candidateSha256: scene.candidateSha256, workspace: null };
    await createRun(store, {
      id: run,
      launch: staging.launch.id,
      plan,
      // A live run would ask the gate, which says NO-GO: that is tried in tests/runs.
      mode: 'rehearsal',
      requestedBy: 'dave',
      approval: null,
      t0Ms: null,
      key: null,
      once: false,
      setting: { ...setting, executor: 'dave', faults: {}, standIns: null, labels: [] },
    });
    await engine.advancer.advance({ run, input: { kind: 'start' } });
  });

  it('O21 A28 is closed by a signed word alone, of the one who may, about this attempt', async () => {
    const signed = await prepared();
    const said = (change: object) => keys.carol.sign({ ...signed.statement, ...change });
    await refused(() => closes(said({ attempt: 7 })), 'statement_stale', 'the step was started again since');
    await refused(() => closes(said({ round: 1 })), 'statement_stale', 'the count was taken back over the step');
    await refused(() => closes(said({ environment: 'production' })), 'statement_stale', 'the environment of the run');
    await refused(() => closes(said({ proof: '' })), 'run_refused', 'expected a proof of kind url');
    await refused(() => closes(said({ person: 'robot' })), 'statement_void', 'key: expected ed25519');
    const turned = { ...signed, statement: { ...signed.statement, proof: 'https://evil.example/' } };
    await refused(() => closes(turned), 'statement_void', '.challenge');
    await refused(
      () => prepareConfirmation(store, scene.launch, 'carol', { ...wish, step: 'none' }),
      'run_refused',
      'expected a step of the run',
    );
  });

  it('O21 leaves the word in the log, once, with the step done', async () => {
    const signed = await prepared();
    const closed = await closes(signed);
    expect(closed.run.steps['look']).toMatchObject({ state: 'done', proof: wish.proof });
    const { entries } = await readLog(store, scene.launch.id);
    expect(entries[closed.index]).toMatchObject({ id: closed.id, kind: 'step-confirmation', entry: signed });
    await refused(() => closes(signed), 'run_refused', 'confirm of run-of-passkeys');
    expect((await verifyStoredLog(store, scene.launch.id)).state).toBe('whole');
  });
});

describe('a person with a passkey at the command line', () => {
  it('A25 is told to sign in the browser, and one with a file signs the same statement', async () => {
    expect(() => toSigner(scene.launch, 'alice', privateKeyOf('alice'))).toThrow(
      'alice: expected a person with a key file, got one with a passkey',
    );
    const byFile = newScene(newStageLaunch({ ...declared, people: declared.people.map((one) => person(one.id)) }));
    const prepare = await prepareApproval(store, byFile, 'bob', go);
    const signed = signPrepared(prepare, toSigner(byFile.launch, 'bob', privateKeyOf('bob')));
    await appendSignedApproval(store, byFile, signed, { phase: null });
  });
});
