/** What has to hold for an entry to stand in a log, each thing by itself. `unknown` where this browser cannot tell. */
export interface ProofStep {
  id: 'record' | 'path' | 'signature';
  outcome: 'pass' | 'fail' | 'unknown';
  detail: string;
}

/** What a server claims about an entry. Nothing of it is believed. */
export interface Claim {
  /** Digest of the body. */
  id: string;
  body: string;
  index: number;
  path: readonly string[];
  checkpoint: string;
  logKey: string;
}

/**
 * Checks a claim in this browser, with WebCrypto: the record has its digest, the path leads from it to the root (RFC 6962, verified as in RFC 9162 section
 * 2.1.3.2), and the key of the log has signed that root (C2SP tlog-checkpoint, Ed25519). It says nothing about whose key it is, nor that no tail was cut.
 */
export async function verifyClaim(claim: Claim): Promise<ProofStep[]> {
  // Browsers have it in secure contexts only: over plain http to another machine nothing can be told.
  if (globalThis.crypto?.subtle === undefined)
    return (['record', 'path', 'signature'] as const).map((id) => ({
      id,
      outcome: 'unknown',
      detail: 'WebCrypto is not there',
    }));
  return Promise.all([
    settle('record', () => verifyRecord(claim)),
    settle('path', () => verifyPath(claim)),
    settle('signature', () => verifySignature(claim)),
  ]);
}

type Result = Omit<ProofStep, 'id'>;

/** What cannot be read fails; what this browser cannot compute is unknown, and never passes. */
async function settle(id: ProofStep['id'], check: () => Promise<Result>): Promise<ProofStep> {
  try {
    return { id, ...(await check()) };
  } catch (error) {
    const cannot = error instanceof DOMException && error.name === 'NotSupportedError';
    return { id, outcome: cannot ? 'unknown' : 'fail', detail: error instanceof Error ? error.message : String(error) };
  }
}

async function verifyRecord({ id, body }: Claim): Promise<Result> {
  const got = await sha256Hex(new TextEncoder().encode(body));
  return { outcome: got === id ? 'pass' : 'fail', detail: got };
}

async function verifyPath({ body, index, path, checkpoint }: Claim): Promise<Result> {
  const { size, root } = readCheckpoint(checkpoint).head;
  const leaf = await sha256Hex(concat(Uint8Array.of(0), new TextEncoder().encode(body)));
  const got = await rootOf({ leaf, index, size }, path);
  return { outcome: got === root ? 'pass' : 'fail', detail: got ?? 'the path has the wrong length' };
}

/** The root that a path leads to; null where it is not a path of this leaf in a tree of this size. */
export async function rootOf(
  { leaf, index, size }: { leaf: string; index: number; size: number },
  path: readonly string[],
): Promise<string | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      // A rightmost node without a sibling rises unchanged until it is a right child.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}

function nodeHash(left: string, right: string): Promise<string> {
  return sha256Hex(concat(Uint8Array.of(1), fromHex(left), fromHex(right)));
}

async function verifySignature({ checkpoint, logKey }: Claim): Promise<Result> {
  const { text, head, signatures } = readCheckpoint(checkpoint);
  const key = await readKey(logKey);
  if (head.origin !== key.name)
    return { outcome: 'fail', detail: `signed for ${head.origin}, the key is that of ${key.name}` };
  const own = signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
  if (own.length === 0) return { outcome: 'fail', detail: 'no signature of this key is on the checkpoint' };
  const imported = await crypto.subtle.importKey('raw', key.raw, 'Ed25519', false, ['verify']);
  const signed = new TextEncoder().encode(text);
  const good = await Promise.all(own.map(({ bytes }) => crypto.subtle.verify('Ed25519', imported, bytes, signed)));
  return { outcome: good.every(Boolean) ? 'pass' : 'fail', detail: `${head.origin}, ${head.size} entries` };
}

/** A signed note and the head of the log in it (C2SP signed-note, tlog-checkpoint). Throws for anything else. */
export function readCheckpoint(note: string) {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('checkpoint: expected a signed note');
  const text = note.slice(0, split + 1);
  const [origin = '', size = '', root = ''] = text.split('\n');
  if (origin === '' || !/^(0|[1-9]\d{0,14})$/.test(size)) throw new Error('checkpoint: expected origin and size');
  const bytes = fromBase64(root);
  if (bytes.length !== 32) throw new Error('checkpoint: expected a root of 32 bytes');
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(readSignature);
  return { text, head: { origin, size: Number(size), root: toHex(bytes) }, signatures };
}

function readSignature(line: string) {
  const [, name = '', encoded = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (name === '' || bytes.length < 5) throw new Error('checkpoint: expected a signature line');
  return { name, keyId: toHex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
}

/** A key of a log, `name+keyId+base64(1 || key)`, whose id is the one that its parts give. Throws for anything else. */
export async function readKey(text: string) {
  const [, name = '', keyId = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const typed = fromBase64(encoded);
  if (typed.length !== 33 || typed[0] !== 1) throw new Error('log key: expected an Ed25519 key');
  const got = (await sha256Hex(concat(new TextEncoder().encode(`${name}\n`), typed))).slice(0, 8);
  if (got !== keyId) throw new Error(`log key: expected key id ${got}, got ${keyId}`);
  return { name, keyId, raw: typed.slice(1) };
}

/** SHA-256 of bytes, lower-case hex. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error('proof: expected hashes in lower-case hex');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Strict: what decodes to the same bytes in two ways would let one signature stand on two texts. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  if (btoa(binary) !== text) throw new Error('base64: expected its one form');
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
