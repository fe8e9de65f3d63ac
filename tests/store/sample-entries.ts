import { sha256Hex } from '@tminus/verify';
import type { EvidenceRecord, SealedDecision, Signed, Waiver } from '@tminus/verify';

import type { NewEntry } from '../../src/store/log-batch.ts';

const binding = { planHash: 'a'.repeat(64), candidateSha256: 'b'.repeat(64), environment: 'production' };

/** Evidence number `nr` for a launch, with bytes of its own. */
export function evidence(launch: string, nr: number, text = `{"status":200,"nr":${nr}}`): NewEntry {
  const bytes = Buffer.from(text);
  const entry: EvidenceRecord = {
    ...binding,
    launch,
    format: 'tminus/evidence/1',
    criterion: `api-health-${nr % 7}`,
    check: { kind: 'http', sha256: 'c'.repeat(64) },
    spec: { method: 'GET', url: 'https://shop.example/api/health' },
    expectations: ['status == 200', 'latency < 500ms'],
    mode: 'real',
    observedAt: new Date(Date.UTC(2026, 10, 1) + nr).toISOString(),
    durationMs: 12,
    producer: { kind: 'check', tool: 'tminus 0.1.0' },
    sources: [{ name: 'response', mediaType: 'application/json', sha256: sha256Hex(bytes), size: bytes.length }],
    trouble: null,
    facts: { status: 200, nr },
    judgement: { outcome: 'pass', findings: [{ rule: 'status == 200', outcome: 'pass', expected: '200', got: '200' }] },
    control: { outcome: 'fail', findings: [{ rule: 'status == 200', outcome: 'fail', expected: '200', got: '503' }] },
    supersedes: null,
  };
  return { entry, blobs: [bytes] };
}

export function waiver(launch: string): NewEntry {
  const statement: Waiver = {
    ...binding,
    launch,
    format: 'tminus/waiver/1',
    criterion: 'api-health-1',
    reason: 'the endpoint moves next week',
    person: 'alice',
    role: 'lead',
    requestedBy: 'bob',
    signedAt: '2026-11-01T10:00:00.000Z',
    expiresAt: '2026-11-08T10:00:00.000Z',
  };
  const entry: Signed<Waiver> = {
    format: 'tminus/signed/1',
    statement,
    signature: { person: 'alice', key: 'ed25519:AA==', value: 'AA==' },
  };
  return { entry, blobs: [] };
}

export function decision(launch: string): NewEntry {
  const entry: SealedDecision = {
    ...binding,
    launch,
    format: 'tminus/sealed-decision/1',
    gate: 'ready',
    phase: 'T-0',
    decidedAt: '2026-11-01T11:00:00.000Z',
    outcome: 'no-go',
    sha256: 'd'.repeat(64),
    logSize: 3,
  };
  return { entry, blobs: [] };
}
