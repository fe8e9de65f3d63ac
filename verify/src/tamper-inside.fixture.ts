import { canonicalize } from './canonicalize.ts';
import { signStatement } from './person-signature.ts';
import type { EvidenceRecord, LogEntry } from './record.ts';
import {
  appendDecision,
  appendEvidence,
  bindingOf,
  minute,
  sealParts,
  sharedLogKey,
  signHead,
  testKey,
  toParts,
} from './sample-bundle.fixture.ts';
import type { SampleLog } from './sample-bundle.fixture.ts';
import { sha256Hex } from './sha256.ts';
import { reindex, replace, textOf, withForeign } from './tampering.fixture.ts';
import type { Honest, Random, Tampered, Tampering } from './tampering.fixture.ts';
import { writeBundle } from './write-bundle.ts';

/** The log as it was after its first entries, with only the bytes that these speak of. */
function cut({ log }: Honest, size: number): SampleLog {
  const entries = log.entries.slice(0, size);
  const named = new Set(
    entries
      .flatMap((entry) => (entry.format === 'tminus/evidence/1' ? entry.sources : []))
      .map((source) => source.sha256),
  );
  return { ...log, entries, blobs: new Map([...log.blobs].filter(([sha256]) => named.has(sha256))) };
}

const lineOf = (entry: LogEntry): string => canonicalize(entry);
const evidenceAt = (log: SampleLog): number[] =>
  log.entries.flatMap((entry, at) => (entry.format === 'tminus/evidence/1' ? [at] : []));

/** A shorter log with everything in it signed by the true key: only the checkpoint kept elsewhere knows better (A31). */
const cutTail: Tampering = (honest, random) => {
  const log = cut(honest, 1 + random(honest.lines.length - 1));
  const decision = appendDecision(log);
  // One more entry than the forged log has was in the log when the checkpoint was taken.
  const taken = [...honest.lines, lineOf(appendEvidence(cut(honest, honest.lines.length), 'c0', true))];
  const note = signHead(taken);
  return {
    files: writeBundle(toParts(log, decision)),
    options: withForeign(note),
    codes: ['tail_cut'],
    where: 'entries.jsonl',
  };
};

/** The database was put back to an old backup and went on from there. */
const rolledBack: Tampering = (honest, random) => {
  const size = 1 + random(honest.lines.length - 2);
  const log = cut(honest, size);
  while (log.entries.length < honest.lines.length + 2)
    appendEvidence(log, 'c0', true, { ...bindingOf(log), environment: 'again' });
  const decision = appendDecision(log);
  const options = withForeign(signHead(honest.lines));
  return { files: writeBundle(toParts(log, decision)), options, codes: ['history_rewritten'], where: 'entries.jsonl' };
};

/** An entry in the past is changed and everything after it is signed anew with the true key. */
const resignedSuffix: Tampering = (honest, random) => {
  const at = evidenceAt(honest.log);
  const log = cut(honest, honest.lines.length);
  const index = at[random(at.length)] ?? 0;
  const entry = log.entries[index] as EvidenceRecord;
  log.entries[index] = { ...entry, durationMs: entry.durationMs + 1 };
  const kept = signHead(honest.lines.slice(0, index + 1 + random(honest.lines.length - index)));
  return {
    files: writeBundle(toParts(log, honest.decisionJson)),
    options: withForeign(kept),
    codes: ['history_rewritten'],
    where: 'entries.jsonl',
  };
};

/** The whole log signed by a key that nobody knows, while the true one is pinned. */
const newKey: Tampering = ({ log, decisionJson, options }) => {
  const files = writeBundle(toParts(log, decisionJson, sharedLogKey('test.example/fork')));
  return { files, options, codes: ['key_mismatch'], where: 'log-key.txt' };
};

/** The same without a pinned key: the checkpoint kept elsewhere is signed by another. */
const newKeyUnpinned: Tampering = ({ log, decisionJson, options }) => {
  const files = writeBundle(toParts(log, decisionJson, sharedLogKey('test.example/fork')));
  return { files, options: { ...options, pinnedKey: null }, codes: ['key_mismatch'], where: 'checkpoint mail' };
};

/** A true head of the same log, but an older one. */
const replayedHead: Tampering = ({ files, lines, options }, random) => {
  const size = random(lines.length);
  const changed = replace(files, { 'checkpoint.txt': signHead(lines.slice(0, size)) });
  return random(2) === 0
    ? { files: reindex(changed), options, codes: ['index_invalid'], where: 'bundle.json' }
    : { files: reindex(changed, { entries: size }), options, codes: ['root_mismatch'], where: 'entries.jsonl' };
};

/** Appends what the log key holder makes up, decides over it, and seals it all. */
function seal(
  honest: Honest,
  change: (log: SampleLog, random: Random) => void,
  random: Random,
): Pick<Tampered, 'files' | 'options'> & { at: number } {
  const log = cut(honest, honest.lines.length);
  const at = log.entries.length;
  change(log, random);
  return { files: writeBundle(toParts(log, appendDecision(log))), options: honest.options, at };
}

/** Tampering by whoever holds the log key: what `change` appends is in the log before the decision. */
export function sealed(codes: Tampered['codes'], change: (log: SampleLog, random: Random) => void): Tampering {
  return (honest, random) => {
    const { files, options, at } = seal(honest, change, random);
    return { files, options, codes, where: `entries.jsonl entry ${at}` };
  };
}

function pushEvidence(log: SampleLog, change: (record: EvidenceRecord) => object): void {
  const record = appendEvidence(log, 'c0', false);
  log.entries[log.entries.length - 1] = { ...record, ...change(record) };
}

/** The database says GO where the evidence does not (A30). */
const falseDecision: Tampering = (honest) => {
  const log = cut(honest, honest.lines.length);
  appendEvidence(log, 'c0', false);
  const forged = appendDecision(log).replace('"outcome":"no-go"', '"outcome":"go"');
  const last = log.entries.pop();
  if (last?.format !== 'tminus/sealed-decision/1') return null;
  log.entries.push({ ...last, outcome: 'go', sha256: sha256Hex(forged) });
  return {
    files: writeBundle(toParts(log, forged)),
    options: honest.options,
    codes: ['decision_mismatch'],
    where: 'decision.json $.outcome',
  };
};

/** A true GO from before the failing evidence, shown as if it had been made without it. */
const chosenMoment: Tampering = (honest) => {
  const log = cut(honest, honest.lines.length);
  appendEvidence(log, 'c0', true);
  const before = appendDecision(log);
  const last = log.entries.pop();
  appendEvidence(log, 'c0', false);
  if (last?.format !== 'tminus/sealed-decision/1') return null;
  log.entries.push({ ...last, logSize: log.entries.length });
  const options = honest.options;
  return { files: writeBundle(toParts(log, before)), options, codes: ['decision_mismatch'], where: 'decision.json $' };
};

/** Documents, launch and decision of another text, all fitting each other, but not what the log key signed. */
const proseEverywhere: Tampering = ({ log, decisionJson, files, options }) => {
  const documents = new Map([
    ['launch.md', Buffer.from(textOf(files, 'documents/launch.md').replace('Prose', 'Praise'))],
  ]);
  const parts = toParts({ ...log, documents }, decisionJson);
  const forged = writeBundle({ ...parts, statement: textOf(files, 'statement.dsse.json') });
  return {
    files: forged,
    options,
    codes: ['statement_mismatch'],
    where: 'statement.dsse.json $.predicate.launchSha256',
  };
};

/** A waiting attestation of one criterion is passed off as evidence for another. */
const wordForAnother: Tampering = sealed(['evidence_mismatch'], (log) => {
  const said = {
    ...bindingOf(log),
    format: 'tminus/attestation/1',
    criterion: 'c1',
    role: 'lead',
    comment: '',
    proof: null,
  } as const;
  const signed = signStatement({ ...said, person: 'mallory', signedAt: minute(1) }, 'mallory', testPem('mallory'));
  const bytes = Buffer.from(canonicalize(signed));
  const source = { name: 'word.json', mediaType: 'application/json', sha256: sha256Hex(bytes), size: bytes.length };
  log.blobs.set(source.sha256, bytes);
  const record = appendEvidence(log, 'c0', true);
  log.blobs.delete(record.sources[0]?.sha256 ?? '');
  log.entries[log.entries.length - 1] = {
    ...record,
    producer: { kind: 'person', person: 'mallory' },
    sources: [source],
  };
});

export function testPem(name: string): string {
  return testKey(name).export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** What somebody can do who holds the log key and the database. */
export const insideTamperings: { [name: string]: Tampering } = {
  'tail cut and signed': cutTail,
  'old backup played back': rolledBack,
  'suffix signed anew': resignedSuffix,
  'log signed by a new key': newKey,
  'log signed by a new key, none pinned': newKeyUnpinned,
  'old head replayed': replayedHead,
  'facts that the bytes do not say': sealed(['evidence_mismatch'], (log) => {
    pushEvidence(log, (record) => ({ facts: { ...record.facts, ok: true } }));
  }),
  'verdict that the bytes do not give': sealed(['evidence_mismatch'], (log) => {
    pushEvidence(log, () => ({ judgement: { outcome: 'pass', findings: [] } }));
  }),
  'control that the kind does not give': sealed(['evidence_mismatch'], (log) => {
    pushEvidence(log, () => ({ control: { outcome: 'unknown', findings: [] } }));
  }),
  'entry of an unknown format': sealed(['entry_invalid'], (log) => {
    log.entries.push({ ...log.entries.at(-1), format: 'tminus/evidence/9' } as unknown as LogEntry);
  }),
  'entry with a field that nobody reads': sealed(['entry_invalid'], (log) => pushEvidence(log, () => ({ note: 'x' }))),
  'entry with a time that does not exist': sealed(['entry_invalid'], (log) => {
    pushEvidence(log, () => ({ observedAt: '2026-02-30T00:00:00.000Z' }));
  }),
  'word for another criterion': wordForAnother,
  'GO that does not follow': falseDecision,
  'GO of a moment that suits': chosenMoment,
  'prose changed everywhere': proseEverywhere,
  'statement of another decision, signed': (honest) => {
    const parts = toParts(honest.log, honest.decisionJson);
    const turned = sealParts(
      { ...parts, decisionJson: honest.decisionJson.replace('"gate":"ready"', '"gate":"later"') },
      sharedLogKey(),
    );
    const files = writeBundle({ ...parts, statement: turned.statement });
    return { files, options: honest.options, codes: ['statement_mismatch'], where: 'statement.dsse.json $.predicate' };
  },
};
