import {
  canonicalize,
  createLogKey,
  digestOf,
  leafHash,
  MerkleAppender,
  sealEnvelope,
  sha256Hex,
  signCheckpoint,
  toStatement,
  writeBundle,
} from '@tminus/verify';
import type { Binding, LogEntry } from '@tminus/verify';

import { candidateSha256 } from '../core/candidate/candidate-sha256.ts';
import type { Candidate } from '../core/candidate/candidate.ts';
import type { ObservedSource } from '../core/check/check.ts';
import { planChecks } from '../core/check/plan-checks.ts';
import { sealEvidence } from '../core/evidence/seal-evidence.ts';
import { decide } from '../core/gate/decide.ts';
import type { Decision } from '../core/gate/decision.ts';
import type { Launch } from '../core/launch/launch.ts';
import { toStatSource } from '../kinds/checks/file-stat.ts';
import { checkReaders } from '../kinds/checks/readers.ts';
import { stepReaders } from '../kinds/steps/readers.ts';
import { readLaunch } from '../spec/launch/read-launch.ts';

/** A bundle made by the product's own rules, without a store. */
export interface ProductBundle {
  files: Map<string, Uint8Array>;
  logKey: string;
  checkpoint: string;
  outcome: string;
}

const start = Date.UTC(2026, 10, 1, 12);
/** TEST KEY: its seed is published here. */
const logKey = createLogKey('test.example/product', Buffer.from(sha256Hex('test product log'), 'hex'));

interface Plan {
  launch: Launch;
  planHash: string;
  candidate: Candidate;
  candidateSha256: string;
}

interface Log {
  documents: Map<string, Uint8Array>;
  entries: LogEntry[];
  blobs: Map<string, Uint8Array>;
}

/** A launch of `criteria` criteria, each seen `rounds` times with bytes of its own, decided and sealed at the end. */
export function newProductBundle(criteria: number, rounds: number): ProductBundle {
  const documents = new Map([['launch.md', Buffer.from(toDocument(criteria))]]);
  const read = readLaunch(
    [...documents].map(([path, bytes]) => ({ path, bytes })),
    { checks: checkReaders, steps: stepReaders },
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems.slice(0, 3)));
  const { launch, planHash } = read;
  const commit = 'c'.repeat(40);
  const candidate: Candidate = { commit, version: null, url: null, environment: 'production', extra: {} };
  const plan = { launch, planHash, candidate, candidateSha256: candidateSha256(candidate) };
  const log: Log = { documents, entries: [], blobs: new Map() };
  observe(plan, log, rounds);
  const decision = seal(plan, log);
  const decisionJson = canonicalize(decision);
  const json = { launchJson: canonicalize(launch), candidateJson: canonicalize(candidate), decisionJson };
  return { ...pack(log, json), outcome: decision.outcome };
}

function bindingOf({ launch, planHash, candidate, candidateSha256: digest }: Plan): Binding {
  return { launch: launch.id, planHash, candidateSha256: digest, environment: candidate.environment };
}

function observe(plan: Plan, { entries, blobs }: Log, rounds: number): void {
  const planned = planChecks({ ...plan, entries: [], now: start });
  const reader = checkReaders.find(({ kind }) => kind === 'json')!;
  const binding = bindingOf(plan);
  const producer = { kind: 'check', tool: 'fixture' } as const;
  for (let at = 0; at < planned.length * rounds; at += 1) {
    const { criterion, check, asked } = planned[at % planned.length]!;
    if (check === null || asked === null) throw new Error(`criterion ${criterion}: expected a check that is due`);
    const sources = toSources(criterion, at);
    for (const { bytes } of sources) blobs.set(sha256Hex(bytes), bytes);
    const seen = {
      observation: { sources, trouble: null },
      observedAt: toInstant(at),
      durationMs: 1,
      supersedes: null,
    };
    entries.push(
      sealEvidence({ reader, binding, criterion, checkSha256: check.sha256, asked, mode: 'real', producer, ...seen }),
    );
  }
}

function seal(plan: Plan, { entries }: Log): Decision {
  const decidedAt = toInstant(entries.length);
  const gate = plan.launch.gates[0]!.id;
  const logged = entries.map((entry) => ({ id: digestOf(entry), entry }));
  const decision = decide({ ...plan, gate, entries: logged, now: decidedAt });
  const { outcome, phase } = decision;
  const sealed = { gate, phase, decidedAt, outcome, sha256: digestOf(decision), logSize: entries.length };
  entries.push({ format: 'tminus/sealed-decision/1', ...bindingOf(plan), ...sealed });
  return decision;
}

function pack(
  log: Log,
  json: { launchJson: string; candidateJson: string; decisionJson: string },
): Omit<ProductBundle, 'outcome'> {
  const entries = log.entries.map((entry) => canonicalize(entry));
  const tree = new MerkleAppender();
  for (const entry of entries) tree.append(leafHash(entry));
  const checkpoint = signCheckpoint({ size: tree.size, root: tree.root() }, logKey);
  const statement = sealEnvelope(toStatement({ ...json, checkpoint }), logKey);
  const files = writeBundle({ ...log, ...json, entries, checkpoint, logKey: logKey.text, statement });
  return { files, logKey: logKey.text, checkpoint };
}

function toSources(criterion: string, at: number): ObservedSource[] {
  const bytes = Buffer.from(JSON.stringify({ healthy: true, criterion, at }));
  const path = `${criterion}.json`;
  const stat = { path, size: bytes.length, sha256: sha256Hex(bytes), ageMs: 1000, kept: 'whole' } as const;
  return [{ name: path, mediaType: 'application/json', bytes }, toStatSource({ files: [stat] })];
}

function toInstant(at: number): string {
  return new Date(start + at).toISOString();
}

function toDocument(criteria: number): string {
  const items = Array.from({ length: criteria }, (_, at) =>
    [
      `- [ ] Part ${at} is healthy {#part-${at}}`,
      '',
      '  ```yaml check',
      '  kind: json',
      `  path: part-${at}.json`,
      '  expect:',
      '    - json.healthy == true',
      '  ```',
      '',
    ].join('\n'),
  );
  return `---
tminus: launch
id: product
title: A launch of the product
t0: 2026-12-05T14:00:00Z
owner: alice
environment: production
environments:
  production: { url: "https://shop.example" }
candidate: { commit: "${'c'.repeat(40)}" }
people:
  alice: { name: Alice }
roles: { lead: [alice] }
---

# A launch of the product

## Gate: ready for T-0 {#ready fresh=1h}

${items.join('\n')}
## Runbook

### T-0 Switch

1. Switch {role=lead}
`;
}
