import type { KeyObject } from 'node:crypto';

import type { BundleParts } from './bundle-parts.ts';
import { canonicalize } from './canonicalize.ts';
import { signCheckpoint } from './checkpoint.ts';
import { sealEnvelope } from './dsse.ts';
import { privateKeyFromSeed } from './ed25519.ts';
import { createLogKey } from './log-key.ts';
import type { LogKey } from './log-key.ts';
import { leafHash, rootOf } from './merkle-tree.ts';
import { formatPersonKey } from './person-key.ts';
import type { EvidenceRecord, LogEntry, SealedDecision } from './record.ts';
import { decideSample, judgeSample, readSampleLaunch } from './sample-rules.fixture.ts';
import { digestOf, sha256Hex } from './sha256.ts';
import { toStatement } from './statement.ts';

/** TEST KEYS: seeds are published, anyone can sign with them. */
export const testKey = (name: string): KeyObject => privateKeyFromSeed(Buffer.from(sha256Hex(`test ${name}`), 'hex'));
export const testLogKey = (name = 'test.example/log'): LogKey =>
  createLogKey(name, Buffer.from(sha256Hex(`test log ${name}`), 'hex'));
export const alice = testKey('alice');
export const alicePem = alice.export({ format: 'pem', type: 'pkcs8' }).toString();
const logKeys = new Map<string, LogKey>();

/** An honest log before it becomes a bundle: everything may be changed by a test and sealed again. */
export interface SampleLog {
  documents: Map<string, Uint8Array>;
  candidate: { commit: string; environment: string };
  entries: LogEntry[];
  blobs: Map<string, Uint8Array>;
}

const environment = 'production';
const start = Date.UTC(2026, 10, 1, 12);
/** The n-th minute of the sample. */
export const minute = (n: number): string => new Date(start + n * 60_000).toISOString();

/** A log with `criteria` criteria and nothing in it yet. */
export function newSampleLog(seed: number, criteria: number): SampleLog {
  const names = Array.from({ length: criteria }, (_, at) => `criterion: c${at}`);
  const people = [`person: alice ${formatPersonKey(alice)}`];
  const text = ['# Launch of the sample', `id: sample-${seed}`, ...people, ...names, 'Prose that declares nothing.'];
  return {
    documents: new Map([['launch.md', Buffer.from(`${text.join('\n')}\n`)]]),
    candidate: { commit: sha256Hex(String(seed)).slice(0, 40), environment },
    entries: [],
    blobs: new Map(),
  };
}

const readings = new WeakMap<object, Declared>();

interface Declared {
  launchJson: string;
  planHash: string;
}

/** What the documents of a log declare, read once: 10,000 logs are made of them. */
function declaredBy(log: SampleLog): Declared {
  const known = readings.get(log.documents);
  if (known !== undefined) return known;
  const reading = readSampleLaunch(log.documents);
  if (!reading.ok) throw new Error(reading.problems.join());
  readings.set(log.documents, reading);
  return reading;
}

/** What every record of a sample log is bound to. */
export function bindingOf(log: SampleLog): {
  launch: string;
  planHash: string;
  candidateSha256: string;
  environment: string;
} {
  const reading = declaredBy(log);
  const launch = (JSON.parse(reading.launchJson) as { id: string }).id;
  return { launch, planHash: reading.planHash, candidateSha256: digestOf(log.candidate), environment };
}

/** Appends honest evidence for a criterion: the bytes are kept, the facts are read from them. */
export function appendEvidence(log: SampleLog, criterion: string, ok: boolean, bound = bindingOf(log)): EvidenceRecord {
  const at = log.entries.length;
  const bytes = Buffer.from(JSON.stringify({ ok, criterion, at }));
  const sha256 = sha256Hex(bytes);
  log.blobs.set(sha256, bytes);
  const record: EvidenceRecord = {
    ...bound,
    format: 'tminus/evidence/1',
    criterion,
    check: { kind: 'sample', sha256: sha256Hex(criterion) },
    spec: {},
    expectations: ['ok == true'],
    mode: 'real',
    observedAt: minute(at),
    durationMs: 12,
    producer: { kind: 'check', tool: 'sample 1' },
    sources: [{ name: 'report.json', mediaType: 'application/json', sha256, size: bytes.length }],
    ...judgeSample(bytes),
    supersedes: null,
  };
  log.entries.push(record);
  return record;
}

/** Decides over the log as it stands, seals that decision in it, and returns its RFC 8785 form. */
export function appendDecision(log: SampleLog, bound = bindingOf(log)): string {
  const logSize = log.entries.length;
  const decidedAt = minute(logSize);
  const reading = declaredBy(log);
  const decisionJson = decideSample({
    launchJson: reading.launchJson,
    candidateJson: canonicalize(log.candidate),
    planHash: reading.planHash,
    gate: 'ready',
    phase: 't-0',
    entries: log.entries.map((entry, index) => ({ index, id: digestOf(entry), entry })),
    now: decidedAt,
  });
  const { outcome } = JSON.parse(decisionJson) as SealedDecision;
  const sealed = {
    ...bound,
    gate: 'ready',
    phase: 't-0',
    decidedAt,
    outcome,
    sha256: sha256Hex(decisionJson),
    logSize,
  };
  log.entries.push({ format: 'tminus/sealed-decision/1', ...sealed });
  return decisionJson;
}

/** The parts of a bundle over a log and a decision in it, signed by `key`. */
export function toParts(log: SampleLog, decisionJson: string, key = sharedLogKey()): BundleParts {
  const reading = declaredBy(log);
  const { launchJson } = reading;
  const entries = log.entries.map((entry) => canonicalize(entry));
  return sealParts({ ...log, launchJson, candidateJson: canonicalize(log.candidate), decisionJson, entries }, key);
}

/** Signs whatever it is given, as somebody who holds the log key could. */
export function sealParts(
  unsigned: Omit<BundleParts, 'checkpoint' | 'logKey' | 'statement'>,
  key: LogKey,
): BundleParts {
  const { documents, launchJson, candidateJson, decisionJson, entries, blobs } = unsigned;
  const checkpoint = signHead(entries, key);
  const statement = sealEnvelope(toStatement({ launchJson, candidateJson, decisionJson, checkpoint }), key);
  return {
    documents,
    launchJson,
    candidateJson,
    decisionJson,
    entries,
    blobs,
    checkpoint,
    logKey: key.text,
    statement,
  };
}

/** The signed head over the first entries of a log. */
export function signHead(entries: readonly string[], key = sharedLogKey()): string {
  return signCheckpoint({ size: entries.length, root: rootOf(entries.map((entry) => leafHash(entry))) }, key);
}

/** The key of the honest log, made once: making keys costs more than signing. */
export function sharedLogKey(name = 'test.example/log'): LogKey {
  const key = logKeys.get(name) ?? testLogKey(name);
  logKeys.set(name, key);
  return key;
}
