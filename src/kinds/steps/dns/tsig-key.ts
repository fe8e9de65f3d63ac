/** A key that a server and its updaters share (RFC 8945). */
export interface TsigKey {
  /** Hash as `node:crypto` calls it. */
  hash: string;
  /** `hmac-sha256`, as it stands in messages. */
  algorithm: string;
  name: string;
  secret: Buffer;
}

/** Algorithms of RFC 8945 section 6 without HMAC-MD5, which must not be used any more. */
const hashes = new Map([
  ['hmac-sha1', 'sha1'],
  ['hmac-sha224', 'sha224'],
  ['hmac-sha256', 'sha256'],
  ['hmac-sha384', 'sha384'],
  ['hmac-sha512', 'sha512'],
]);
const keyName = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?$/i;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The key from `algorithm:name:base64` or from a key file of BIND; else what is wrong with it, which repeats nothing of the text. */
export function readTsigKey(text: string): { ok: true; key: TsigKey } | { ok: false; reason: string } {
  const fields = readKeyFile(text) ?? readKeyLine(text);
  if (fields === null)
    return wrong('algorithm:name:base64, or key "name" { algorithm ...; secret "..."; };', 'another form');
  const algorithm = fields.algorithm.toLowerCase().replace(/\.$/, '');
  const hash = hashes.get(algorithm);
  if (hash === undefined) return wrong(`an algorithm of ${[...hashes.keys()].join(', ')}`, 'another one');
  if (!keyName.test(fields.name)) return wrong('a domain name as the name of the key', 'another text');
  if (fields.secret === '' || !base64.test(fields.secret)) return wrong('a secret in base64', 'another text');
  const secret = Buffer.from(fields.secret, 'base64');
  return { ok: true, key: { hash, algorithm, name: fields.name.toLowerCase().replace(/\.$/, ''), secret } };
}

interface KeyFields {
  algorithm: string;
  name: string;
  secret: string;
}

function readKeyLine(text: string): KeyFields | null {
  const [algorithm, name, secret, ...more] = text.trim().split(':');
  if (algorithm === undefined || name === undefined || secret === undefined || more.length > 0) return null;
  return { algorithm, name, secret };
}

function readKeyFile(text: string): KeyFields | null {
  // Whole lines only: two slashes inside a line may belong to the secret.
  const plain = text.replaceAll(/^\s*(?:#|\/\/).*$/gm, '');
  const clause = /^\s*key\s+"?([^\s"{]+)"?\s*\{([^{}]*)\}\s*;?\s*$/.exec(plain);
  const algorithm = /\balgorithm\s+"?([^\s";]+)"?\s*;/.exec(clause?.[2] ?? '')?.[1];
  const secret = /\bsecret\s+"?([^\s";]+)"?\s*;/.exec(clause?.[2] ?? '')?.[1];
  const name = clause?.[1];
  return name === undefined || algorithm === undefined || secret === undefined ? null : { algorithm, name, secret };
}

function wrong(expected: string, got: string): { ok: false; reason: string } {
  return { ok: false, reason: `expected ${expected}, got ${got}` };
}
