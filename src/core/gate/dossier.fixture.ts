import { digestOf, sha256Hex, signStatement } from '@tminus/verify';
import type { Approval, EvidenceRecord, Judgement, LogEntry, Outcome, Signed, Waiver } from '@tminus/verify';

import type { Candidate } from '../candidate/candidate.ts';
import type { CheckDeclaration } from '../check/check.ts';
import type { Criterion, Gate, Launch, Person, Phase } from '../launch/launch.ts';
import type { DecideInput } from './decide.ts';
import { decide } from './decide.ts';
import type { LoggedEntry } from './log-index.ts';

/** Time, plan and candidate of every dossier; what differs from them is bound to something else. */
const now = '2026-12-05T12:00:00.000Z';
export const planHash = sha256Hex('plan');
const candidate: Candidate = { commit: 'c0ffee', version: '1.8.0', url: null, environment: 'production', extra: {} };
export const candidateSha256 = sha256Hex('candidate');

const at = { file: 'launch.md', line: 1, column: 1 };

/** The instant this long before (or, negative, after) the moment of the decision. */
export function ago(ms: number): string {
  return new Date(Date.parse(now) - ms).toISOString();
}

/** An Ed25519 private key made of a name, so that dossiers are the same in every run (RFC 8410, section 7). */
export function privateKeyOf(name: string): string {
  const der = Buffer.from(`302e020100300506032b657004220420${sha256Hex(`key of ${name}`)}`, 'hex');
  const kind = 'PRIVATE KEY';
  return `-----BEGIN ${kind}-----\n${der.toString('base64')}\n-----END ${kind}-----\n`;
}

function publicKeyOf(name: string): string {
  return signStatement({ person: name }, name, privateKeyOf(name)).signature.key;
}

export function person(id: string, patch: Partial<Person> = {}): Person {
  return { id, name: id, human: id, automation: false, key: publicKeyOf(id), at, ...patch };
}

/** Alice and her second account, Bob, Carol, the requester Rita and a robot; each may do what the roles below say. */
const people: Person[] = [
  person('alice'),
  person('alice-admin', { human: 'alice' }),
  person('bob'),
  person('carol'),
  person('rita'),
  person('robot', { automation: true }),
  person('guest'),
];

const roles = [
  { id: 'lead', people: ['alice', 'alice-admin', 'rita', 'robot'], at },
  { id: 'second', people: ['bob', 'carol'], at },
  { id: 'operator', people: ['carol', 'robot'], at },
];

const phases: Phase[] = [
  { id: 'pre-dark', title: 'Before dark launch', offsetMs: -86_400_000, at },
  { id: 't-0', title: 'T-0', offsetMs: 0, at },
  { id: 'canary', title: 'Canary', offsetMs: null, at },
  { id: 'full', title: 'Full', offsetMs: 86_400_000, at },
];

export function check(name: string, kind = 'http'): CheckDeclaration {
  const expectation = { text: 'status == 200', path: ['status'], operator: '==' as const, value: 200 };
  return { kind, spec: { url: name }, expectations: [expectation], sha256: sha256Hex(`check ${name}`), at };
}

export function criterion(id: string, patch: Partial<Criterion> = {}): Criterion {
  return {
    id,
    title: `Criterion ${id}`,
    human: false,
    role: null,
    proof: null,
    owner: null,
    freshMs: null,
    by: null,
    waivable: true,
    need: 'all',
    children: [],
    check: check(id),
    at,
    ...patch,
  };
}

export function human(id: string, role: string | null = 'operator', patch: Partial<Criterion> = {}): Criterion {
  return criterion(id, { human: true, role, check: null, ...patch });
}

export function group(
  id: string,
  need: Criterion['need'],
  children: Criterion[],
  patch: Partial<Criterion> = {},
): Criterion {
  return criterion(id, { need, children, check: null, ...patch });
}

export function gate(criteria: Criterion[], patch: Partial<Gate> = {}): Gate {
  return {
    id: 'ready',
    title: 'Ready',
    phase: 't-0',
    quorum: 0,
    roles: [],
    freshMs: 900_000,
    requester: 'rita',
    criteria,
    at,
    ...patch,
  };
}

const silent = { comms: 'off', testMail: null, testWebhook: null } as const;

export function launch(gates: Gate[], patch: Partial<Launch> = {}): Launch {
  return {
    id: 'shop',
    title: 'Shop',
    owner: 'olga',
    t0: null,
    environment: 'production',
    dependencies: [],
    candidate: null,
    people,
    roles,
    environments: [
      { id: 'production', url: null, production: true, simulated: false, allow: [], ...silent, at },
      { id: 'staging', url: null, production: false, simulated: false, allow: [], ...silent, at },
      { id: 'mirror', url: null, production: false, simulated: true, allow: [], ...silent, at },
    ],
    secrets: [],
    phases,
    gates,
    procedures: [],
    scope: [],
    risks: [],
    metrics: [],
    scenarios: [],
    pointsOfNoReturn: [],
    stops: [],
    windows: [],
    datastores: [],
    datasets: [],
    imports: [],
    routers: [],
    metricSources: [],
    rollouts: [],
    objectives: [],
    declarations: [],
    documents: [],
    ...patch,
  };
}

export function judgement(outcome: Outcome): Judgement {
  return {
    outcome,
    findings: [{ rule: 'status == 200', outcome, expected: '== 200', got: outcome === 'pass' ? '200' : '503' }],
  };
}

/** Evidence that meets its criterion: bound, fresh, real, readable, passing, and failing on the negative control. */
export function evidence(of: Criterion, patch: Partial<EvidenceRecord> = {}): EvidenceRecord {
  const byHand = of.human || of.check?.kind === 'manual';
  const signer = of.role === 'lead' ? 'alice' : 'carol';
  const keys = people.map(({ id, key }) => ({ id, key }));
  const about = { launch: 'shop', planHash, candidateSha256, environment: 'production' };
  return {
    format: 'tminus/evidence/1',
    ...about,
    criterion: of.id,
    check: { kind: byHand ? 'manual' : (of.check?.kind ?? 'http'), sha256: of.check?.sha256 ?? sha256Hex(of.id) },
    spec: byHand ? { criterion: of.id, binding: about, people: keys } : (of.check?.spec ?? {}),
    expectations: ['status == 200'],
    mode: 'real',
    observedAt: ago(60_000),
    durationMs: 12,
    producer: byHand ? { kind: 'person', person: signer } : { kind: 'check', tool: 'tminus' },
    sources: [{ name: 'response', mediaType: 'application/json', sha256: sha256Hex(`bytes of ${of.id}`), size: 17 }],
    trouble: null,
    facts: byHand ? { signature: 'valid', person: signer } : { status: 200 },
    judgement: judgement('pass'),
    control: judgement('fail'),
    supersedes: null,
    ...patch,
  };
}

export function log(...entries: LogEntry[]): LoggedEntry[] {
  return entries.map((entry) => ({ id: digestOf(entry), entry }));
}

export function input(of: Launch, entries: LoggedEntry[], patch: Partial<DecideInput> = {}): DecideInput {
  return { launch: of, planHash, candidate, candidateSha256, gate: 'ready', entries, now, ...patch };
}

const binding = { launch: 'shop', planHash, candidateSha256, environment: 'production' };

export function waiver(of: string, patch: Partial<Waiver> = {}, key?: string): Signed<Waiver> {
  const statement: Waiver = {
    format: 'tminus/waiver/1',
    ...binding,
    criterion: of,
    reason: 'the vendor fixes it on Monday',
    person: 'bob',
    role: 'second',
    requestedBy: 'rita',
    signedAt: ago(120_000),
    expiresAt: ago(-86_400_000),
    ...patch,
  };
  return signStatement(statement, statement.person, privateKeyOf(key ?? statement.person));
}

export function vote(subjectSha256: string, patch: Partial<Approval> = {}, key?: string): Signed<Approval> {
  const statement: Approval = {
    format: 'tminus/approval/1',
    ...binding,
    gate: 'ready',
    subjectSha256,
    vote: 'go',
    person: 'bob',
    role: 'second',
    comment: '',
    signedAt: ago(30_000),
    ...patch,
  };
  return signStatement(statement, statement.person, privateKeyOf(key ?? statement.person));
}

/** The same question with these votes on what it shows now. */
export function withVotes(question: DecideInput, ...votes: [Partial<Approval>, string?][]): DecideInput {
  const { subjectSha256 } = decide(question);
  return {
    ...question,
    entries: [...question.entries, ...log(...votes.map(([patch, key]) => vote(subjectSha256, patch, key)))],
  };
}

/** Leaves of criteria that evidence speaks about. */
export function leavesOf(criteria: readonly Criterion[]): Criterion[] {
  return criteria.flatMap((item) => (item.children.length > 0 ? leavesOf(item.children) : [item]));
}

/** A log in which everything holds. */
export function goodLog(of: Launch): LoggedEntry[] {
  return log(...of.gates.flatMap(({ criteria }) => leavesOf(criteria)).map((leaf) => evidence(leaf)));
}
