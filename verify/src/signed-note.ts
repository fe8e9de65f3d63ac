import { decodeBase64, encodeBase64 } from './base64.ts';
import { isSignedBy, signEd25519 } from './ed25519.ts';
import { FormatError, quoteShort } from './format-error.ts';
import { isKeyName } from './log-key.ts';
import type { LogKey, LogVerifier } from './log-key.ts';

/** Limits against hostile notes. The specification asks for at least 16 signatures, of up to 5 kB each. */
const maxNoteLength = 1_000_000;
const maxSignatures = 64;

export interface NoteSignature {
  name: string;
  keyId: string;
  signature: Buffer;
}

/** A C2SP signed note, taken apart. The text must not be believed before `verifyNote` has returned. */
export interface SignedNote {
  /** Ends in a newline; exactly what the signatures cover. */
  text: string;
  signatures: NoteSignature[];
}

/** A note over `text` with one signature line per key (C2SP signed-note, "Format"). */
export function signNote(text: string, keys: readonly LogKey[]): string {
  if (!text.endsWith('\n'))
    throw new FormatError({ where: 'note text', expected: 'a newline at the end', got: 'none' });
  const lines = keys.map((key) => {
    const signature = signEd25519(Buffer.from(text), key.privateKey);
    return `\u2014 ${key.name} ${encodeBase64(Buffer.concat([Buffer.from(key.keyId, 'hex'), signature]))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Takes a note apart without believing it; `where` names it in errors. */
export function parseNote(note: string, where = 'note'): SignedNote {
  const refuse = (expected: string, got: string): FormatError => new FormatError({ where, expected, got });
  if (note.length > maxNoteLength) throw refuse(`at most ${maxNoteLength} characters`, String(note.length));
  if (!note.isWellFormed()) throw refuse('valid UTF-8', 'a lone surrogate');
  // ASCII control characters: category Cc without newline, DEL and the C1 block.
  const control = /[^\P{Cc}\n\u007f-\u009f]/u.exec(note);
  if (control !== null) throw refuse('no control character but newline', quoteShort(control[0]));
  // The text may hold empty lines itself: the last one separates.
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw refuse('an empty line between text and signatures', 'none');
  if (!note.endsWith('\n')) throw refuse('a newline at the end', 'none');
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (note.length <= split + 2) throw refuse('at least one signature line', 'none');
  if (lines.length > maxSignatures) throw refuse(`at most ${maxSignatures} signatures`, String(lines.length));
  const first = text.split('\n').length + 1;
  return { text, signatures: lines.map((line, index) => parseSignatureLine(line, `${where} line ${first + index}`)) };
}

function parseSignatureLine(line: string, where: string): NoteSignature {
  const [, name = '', encoded = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
  if (!isKeyName(name)) throw new FormatError({ where, expected: '"\u2014 key-name base64"', got: quoteShort(line) });
  const bytes = decodeBase64(encoded, where);
  if (bytes.length < 5) {
    throw new FormatError({ where, expected: 'a key id and a signature', got: `${bytes.length} bytes` });
  }
  return { name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

/**
 * Returns only when a signature of `key` is on the note and every one of them holds; signatures of unknown keys
 * (witnesses, rotated keys) are passed over, even if they share the name or the id, but not both.
 */
export function verifyNote(note: SignedNote, key: LogVerifier, where = 'note'): void {
  const own = note.signatures.filter((line) => line.name === key.name && line.keyId === key.keyId);
  if (own.length === 0) {
    const got = note.signatures.map((line) => `${quoteShort(line.name)} ${line.keyId}`).join(', ');
    throw new FormatError({ where, expected: `a signature of ${key.name} ${key.keyId}`, got });
  }
  const message = Buffer.from(note.text);
  if (!own.every((line) => isSignedBy(message, line.signature, key.publicKey))) {
    const expected = `a signature of ${key.name} ${key.keyId} over this text`;
    throw new FormatError({ where, expected, got: 'one that does not hold' });
  }
}
