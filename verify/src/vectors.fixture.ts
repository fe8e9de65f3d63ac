import { canonicalize } from './canonicalize.ts';
import { proveConsistency } from './consistency-proof.ts';
import { encodePreAuth, sealEnvelope, statementPayloadType } from './dsse.ts';
import { proveInclusion } from './inclusion-proof.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { leafHash, rootOf } from './merkle-tree.ts';
import { formatPersonKey } from './person-key.ts';
import { signStatement } from './person-signature.ts';
import {
  alice,
  alicePem,
  appendDecision,
  appendEvidence,
  newSampleLog,
  sharedLogKey,
  signHead,
  toParts,
} from './sample-bundle.fixture.ts';
import { sha256Hex } from './sha256.ts';
import { signNote } from './signed-note.ts';
import { newVote } from './tampering.fixture.ts';
import { writeBundle } from './write-bundle.ts';

/** Said in every vector that holds a key. */
const warning = 'TEST KEYS: their seeds are published here, anyone can sign with them. Never trust them.';
const logSeed = sha256Hex('test log test.example/log');
const aliceSeed = sha256Hex('test alice');

/** JSON texts with their RFC 8785 form, and texts that a strict reader must refuse. */
function canonicalVectors(): JsonObject {
  const texts = [
    '{"b":1,"a":[true,null,"x"]}',
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    '[-0,0.1,1e21,999999999999999900000,1e-7,0.000001,5e-324]',
    '""',
    '{}',
  ];
  const cases = texts.map((text) => {
    const canonical = canonicalize(JSON.parse(text));
    return { text, canonical, sha256: sha256Hex(canonical) };
  });
  const refused = [
    '{"a":1,"a":1}',
    '{"b":1,"a":1}',
    '{"a": 1}',
    '{"a":1.0}',
    String.raw`{"a":"\u0041"}`,
    '{"__proto__":1}',
    String.raw`"\ud800"`,
    '{}\n',
    '',
  ];
  return { specification: 'RFC 8785', cases, refused };
}

/** Leaves, roots of every prefix, and proofs (RFC 6962 section 2.1). All hashes in hex. */
function merkleVectors(): JsonObject {
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const hashes = leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
  const sizes = [0, ...leaves.keys()].map((_, size) => size);
  const inclusion: JsonValue[] = [];
  const consistency: JsonValue[] = [];
  for (const size of sizes) {
    const part = hashes.slice(0, size);
    for (const index of part.keys()) inclusion.push({ size, index, path: proveInclusion(part, index) });
    for (let oldSize = 0; oldSize <= size; oldSize += 1)
      consistency.push({ oldSize, newSize: size, path: proveConsistency(part, oldSize) });
  }
  const roots = sizes.map((size) => rootOf(hashes.slice(0, size)));
  return { specification: 'RFC 6962 section 2.1', leaves, leafHashes: hashes, roots, inclusion, consistency };
}

/** Signed tree heads (C2SP signed-note and tlog-checkpoint), good and bad. */
function checkpointVectors(): JsonObject {
  const key = sharedLogKey();
  const note = signHead(['a', 'b', 'c']);
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const good = [signHead([]), signHead(['a']), note, signNote(text, [sharedLogKey('witness.example/w'), key])];
  const bad = [
    note.replace('\n3\n', '\n4\n'),
    note.replace('\n3\n', '\n03\n'),
    note.replace('\u2014', '-'),
    note.slice(0, -1),
    note.replace('\n\n', '\n'),
    signNote(text, [sharedLogKey('witness.example/w')]),
    note.replace(/=\n$/, '\n'),
  ];
  return { warning, specification: 'C2SP tlog-checkpoint, Ed25519', seed: logSeed, verifier: key.text, good, bad };
}

/** A statement of a person with the signature over its RFC 8785 bytes, and variants that must be refused. */
function personVectors(): object {
  const publicKey = formatPersonKey(alice);
  const signed = signStatement({ format: 'tminus/waiver/1', person: 'alice', reason: 'because' }, 'alice', alicePem);
  const { statement, signature } = signed;
  const bad = [
    { ...signed, statement: { ...statement, reason: 'other' } },
    { ...signed, statement: { ...statement, person: 'bob' } },
    { ...signed, signature: { ...signature, key: publicKey.replace('ed25519', 'rsa') } },
    { ...signed, signature: { ...signature, value: signature.value.slice(0, -2) } },
  ];
  return { warning, seed: aliceSeed, publicKey, good: [{ ...signed }], bad };
}

/** A DSSE envelope around a statement, with the bytes that are signed. */
function dsseVectors(): JsonObject {
  const key = sharedLogKey();
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [],
    predicateType: 'tminus:decision/1',
    predicate: {},
  };
  const preAuth = encodePreAuth(statementPayloadType, Buffer.from(canonicalize(statement))).toString();
  const envelope = sealEnvelope(statement, key);
  return { warning, specification: 'DSSE v1', seed: logSeed, verifier: key.text, statement, preAuth, envelope };
}

/** A whole bundle of five entries; every file is UTF-8 text. */
function tinyBundle(): JsonObject {
  const log = newSampleLog(7, 1);
  appendEvidence(log, 'c0', false);
  appendDecision(log);
  appendEvidence(log, 'c0', true);
  log.entries.push(signStatement(newVote(log), 'alice', alicePem));
  const files = writeBundle(toParts(log, appendDecision(log)));
  const texts = [...files].map(([name, bytes]): [string, string] => [name, Buffer.from(bytes).toString()]);
  return { warning, logSeed, aliceSeed, files: Object.fromEntries(texts) };
}

/** Every vector file by name. */
export const vectors: { [name: string]: () => object } = {
  'canonical-json': canonicalVectors,
  merkle: merkleVectors,
  checkpoint: checkpointVectors,
  'person-signature': personVectors,
  dsse: dsseVectors,
  'tiny-bundle': tinyBundle,
};
