import type { BundleIndex } from './bundle-index.ts';
import type { VerifyOptions } from './bundle-state.ts';
import { canonicalize } from './canonicalize.ts';
import { leafHash } from './merkle-tree.ts';
import { signStatement } from './person-signature.ts';
import type { ActionVote, Approval } from './record.ts';
import {
  alicePem,
  appendDecision,
  appendEvidence,
  bindingOf,
  minute,
  newSampleLog,
  sharedLogKey,
  signHead,
  toParts,
} from './sample-bundle.fixture.ts';
import type { SampleLog } from './sample-bundle.fixture.ts';
import { sha256Hex } from './sha256.ts';
import type { FaultCode } from './verify-report.ts';
import { writeBundle } from './write-bundle.ts';

export type Files = Map<string, Uint8Array>;
/** Whole numbers from 0 up to, not including, `below`; the same seed gives the same numbers. */
export type Random = (below: number) => number;

/** An honest log with its bundle, and one checkpoint that was kept elsewhere. */
export interface Honest {
  log: SampleLog;
  decisionJson: string;
  lines: string[];
  files: Files;
  options: VerifyOptions;
}

/** A bundle that somebody changed, and what the verifier must say about it. */
export interface Tampered {
  files: Files;
  options: VerifyOptions;
  codes: FaultCode[];
  /** How the place must be named: the beginning of `where`. */
  where: string;
}

/** One way of tampering; null where this log offers nothing to do it to. */
export type Tampering = (honest: Honest, random: Random) => Tampered | null;

/** Mulberry32: small, seeded, good enough to choose places. */
export function newRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** A log of 5 to 60 entries, most of them short, with evidence, votes and decisions in it. */
export function newHonest(seed: number): Honest {
  const random = newRandom(seed);
  const criteria = 1 + random(3);
  const log = newSampleLog(seed, criteria);
  const wanted = 4 + Math.floor(55 * (random(1000) / 1000) ** 3);
  appendEvidence(log, 'c0', random(2) === 0);
  while (log.entries.length < wanted) appendAny(log, random, criteria);
  const decisionJson = appendDecision(log);
  for (let more = random(3); more > 0; more -= 1) appendEvidence(log, 'c0', true);
  const files = writeBundle(toParts(log, decisionJson));
  const lines = log.entries.map((entry) => canonicalize(entry));
  const note = signHead(lines.slice(0, random(lines.length + 1)));
  return { log, decisionJson, lines, files, options: withForeign(note) };
}

function appendAny(log: SampleLog, random: Random, criteria: number): void {
  const kind = random(9);
  if (kind === 0) appendDecision(log);
  else if (kind === 1) log.entries.push(signStatement(newVote(log), 'alice', alicePem));
  else if (kind === 2) log.entries.push(signStatement(newActionVote(log), 'alice', alicePem));
  else appendEvidence(log, `c${random(criteria)}`, random(4) > 0);
}

export function newVote(log: SampleLog): Approval {
  const shown = {
    gate: 'ready',
    subjectSha256: sha256Hex(String(log.entries.length)),
    vote: 'go',
    role: 'lead',
  } as const;
  const signedAt = minute(log.entries.length);
  return { ...bindingOf(log), ...shown, format: 'tminus/approval/1', person: 'alice', comment: '', signedAt };
}

export function newActionVote(log: SampleLog): ActionVote {
  const at = log.entries.length;
  return {
    ...bindingOf(log),
    format: 'tminus/action-vote/1',
    request: `run-${at}.1`,
    requestSha256: sha256Hex(`request ${at}`),
    dryRunSha256: sha256Hex(`dry run ${at}`),
    vote: 'go',
    person: 'alice',
    role: 'approver',
    authMethod: 'signing-key',
    principal: 'key of alice',
    sourceIp: null,
    reason: 'I have read the dry run',
    signedAt: minute(at),
    expiresAt: minute(at + 60),
  };
}

/** The pinned key and one checkpoint kept elsewhere. */
export function withForeign(note: string): VerifyOptions {
  return { pinnedKey: sharedLogKey().text, foreignCheckpoints: [{ name: 'mail', note }] };
}

/** The files with some of them replaced. */
export function replace(files: Files, changes: { [name: string]: string | Uint8Array }): Files {
  const changed = new Map(files);
  for (const [name, content] of Object.entries(changes)) {
    changed.set(name, typeof content === 'string' ? Buffer.from(content) : content);
  }
  return changed;
}

/** The same files with digests and sizes in `bundle.json` that fit them, as a careful forger leaves them. */
export function reindex(files: Files, change: Partial<BundleIndex> = {}): Files {
  const index = JSON.parse(textOf(files, 'bundle.json')) as BundleIndex;
  const listed = [...files]
    .filter(([name]) => name !== 'bundle.json')
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const entries = listed.map(([name, bytes]) => ({ name, sha256: sha256Hex(bytes), size: bytes.length }));
  return replace(files, { 'bundle.json': canonicalize({ ...index, files: entries, ...change }) });
}

/** Other log entries in place of the honest ones; `leaves` makes the leaf hashes fit them. */
export function withLines(files: Files, lines: readonly string[], leaves: boolean): Files {
  const changed = replace(files, { 'entries.jsonl': lines.map((line) => `${line}\n`).join('') });
  return leaves ? replace(changed, { 'leaves.txt': lines.map((line) => `${leafHash(line)}\n`).join('') }) : changed;
}

export function textOf(files: Files, name: string): string {
  return Buffer.from(files.get(name) ?? []).toString();
}

/** Another byte at a place of a file. */
export function flipByte(files: Files, name: string, random: Random): Files {
  const bytes = Buffer.from(files.get(name) ?? []);
  const at = random(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 + random(255));
  return replace(files, { [name]: bytes });
}
