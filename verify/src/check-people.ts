import { bundleFiles } from './bundle-layout.ts';
import { held, VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step } from './bundle-state.ts';
import { assertAttestation } from './entry-shape.ts';
import { FormatError, quoteShort } from './format-error.ts';
import { decodeUtf8 } from './parse-strict-json.ts';
import { verifySigned } from './person-signature.ts';
import type { Attestation, Binding, EvidenceRecord, LogEntry, Signed } from './record.ts';

/** What every statement of a person has in common. */
type Spoken = Signed<Binding & { person: string }>;

/** Signatures of people: votes and waivers in the log, and the attestations behind evidence of people. */
export const checkPeople: Step = {
  id: 'people',
  needed: true,
  code: 'signature_invalid',
  hint: 'ask the person whether they signed this; a vote that does not verify was not theirs',
  run(state) {
    const keys = readKeys(state.launchJson);
    let count = 0;
    for (const { index, entry } of state.entries) {
      const where = `${bundleFiles.entries} entry ${index}`;
      if (entry.format === 'tminus/signed/1') {
        compareSigned(state, keys, entry, where);
        count += 1;
      } else if (isWord(entry)) {
        for (const signed of readAttestations(state, entry, where)) compareSigned(state, keys, signed, where);
        count += 1;
      }
    }
    return held(`${count} signatures`);
  },
};

/** A word that was refused when it was given passes nothing; only what passes has to be signed. */
function isWord(entry: LogEntry): entry is EvidenceRecord {
  return entry.format === 'tminus/evidence/1' && entry.producer.kind === 'person' && entry.judgement.outcome === 'pass';
}

/**
 * A signature must hold under the key it names, and under the plan of this bundle that key must be the one declared for the
 * person. Votes on earlier plans may carry keys that were replaced since; they are stale and count for nothing.
 */
function compareSigned(state: BundleState, keys: ReadonlyMap<string, string>, signed: Spoken, where: string): void {
  const declared = keys.get(signed.statement.person);
  const current = signed.statement.planHash === state.planHash;
  if (current && declared === undefined) {
    const expected = 'a person with a key in the launch documents';
    throw new FormatError({ where, expected, got: quoteShort(signed.statement.person) });
  }
  verifySigned(signed, current && declared !== undefined ? declared : signed.signature.key, where);
}

/**
 * The words behind a record that claims to pass by them. The bytes are what the person sent, in whatever spelling: the log has
 * their digest, and the signature is over the RFC 8785 form of the statement in them.
 */
function readAttestations(state: BundleState, record: EvidenceRecord, where: string): Signed<Attestation>[] {
  if (record.sources.length === 0) {
    throw new FormatError({ where, expected: 'the signed word of the person as a source', got: 'no source' });
  }
  return record.sources.map(({ sha256 }) => {
    const name = `blobs/${sha256}`;
    const value = parseJson(decodeUtf8(state.source.read(name), name), name);
    assertAttestation(value, name);
    compareBinding(record, value.statement, where);
    return value;
  });
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError({ where, expected: 'a signed attestation in JSON', got: quoteShort(text) });
  }
}

/** The record says of launch, plan, candidate, environment, criterion and person what the person signed, not something else. */
function compareBinding(record: EvidenceRecord, word: Attestation, where: string): void {
  const fields = ['launch', 'planHash', 'candidateSha256', 'environment', 'criterion'] as const;
  for (const field of fields) {
    if (record[field] !== word[field]) {
      throw new VerifyFailure({
        code: 'evidence_mismatch',
        where: `${where}.${field}`,
        expected: `${quoteShort(word[field])} as signed`,
        got: quoteShort(record[field]),
        hint: 'a signature speaks for what was signed and for nothing else',
      });
    }
  }
  if (record.producer.kind === 'person' && record.producer.person !== word.person) {
    const got = quoteShort(record.producer.person);
    throw new FormatError({ where: `${where}.producer.person`, expected: quoteShort(word.person), got });
  }
}

/** Declared keys of the people of a launch, by person. */
function readKeys(launchJson: string): Map<string, string> {
  const launch: unknown = JSON.parse(launchJson);
  const people = typeof launch === 'object' && launch !== null && 'people' in launch ? launch.people : null;
  const keys = new Map<string, string>();
  for (const person of Array.isArray(people) ? people : []) {
    const { id, key } = (typeof person === 'object' && person !== null ? person : {}) as Record<string, unknown>;
    if (typeof id === 'string' && typeof key === 'string') keys.set(id, key);
  }
  return keys;
}
