import { describe, expect, it } from 'vitest';

import { parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { createLogKey, parseLogVerifier } from './log-key.ts';
import { emptyRoot, leafHash } from './merkle-tree.ts';
import { sharedLogKey, testLogKey } from './sample-bundle.fixture.ts';
import { parseNote, signNote, verifyNote } from './signed-note.ts';

const key = sharedLogKey();
const witness = testLogKey('witness.example/w');
const root = leafHash('x');
const note = signCheckpoint({ size: 7, root }, key);
const [origin = '', size = '', hash = '', , signature = ''] = note.split('\n');
const withLine = (line: number, text: string): string =>
  note
    .split('\n')
    .with(line - 1, text)
    .join('\n');

describe('log keys', () => {
  it('reads back the verifier that it prints, from a seed and from its PEM', () => {
    const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(createLogKey(key.name, pem).text).toBe(key.text);
    expect(parseLogVerifier(key.text)).toMatchObject({ name: key.name, keyId: key.keyId, text: key.text });
  });

  it('verifies a note and key that the Go implementation is tested with', () => {
    const verifier = parseLogVerifier('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const known =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
      '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
    expect(() => verifyNote(parseNote(known), verifier)).not.toThrow();
    expect(() => verifyNote(parseNote(known.replace('is the', 'is an')), verifier)).toThrow('one that does not hold');
  });

  it.each([
    ['another key id', key.text.replace(key.keyId, '00000000'), 'expected key id'],
    ['another algorithm', `${key.name}+${key.keyId}+${Buffer.alloc(33, 2).toString('base64')}`, 'type 1 (Ed25519)'],
    ['a short key', `${key.name}+${key.keyId}+${Buffer.alloc(32, 1).toString('base64')}`, '32 bytes'],
    ['base64 without padding', key.text.slice(0, -1), 'expected'],
    ['another name', key.text.replace('test', 'best'), 'expected key id'],
    ['a space in the name', `a b+${key.keyId}+AAAA`, 'expected'],
    ['nothing', '', 'name+8 hex digits+base64'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseLogVerifier(text)).toThrow(message);
  });

  it('refuses a key of another algorithm and a name that cannot stand on a signature line', () => {
    expect(() => createLogKey('a b', Buffer.alloc(32))).toThrow('log key name: expected');
    expect(() => createLogKey('a+b', Buffer.alloc(32))).toThrow('log key name: expected');
    expect(() => createLogKey('a', Buffer.alloc(31))).toThrow('expected a seed of 32 bytes, got 31 bytes');
    expect(() => createLogKey('a', 'no pem')).toThrow('expected an unencrypted PKCS #8 PEM');
  });
});

describe('checkpoints', () => {
  it('reads back what was signed', () => {
    expect(verifyCheckpoint(note, key)).toEqual({ origin: key.name, size: 7, root, extensions: [] });
    expect(signCheckpoint({ size: 0, root: emptyRoot }, key)).toContain(
      '\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
    );
  });

  it('passes over signatures of unknown keys, even with the same name or the same id', () => {
    const namesake = createLogKey(key.name, Buffer.alloc(32, 7));
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const cosigned = signNote(text, [witness, namesake, key]);
    expect(verifyCheckpoint(cosigned, key).size).toBe(7);
    const sameId = cosigned.replace(
      `${key.name} ${signature.split(' ')[2]}`,
      `other.example ${signature.split(' ')[2]}`,
    );
    expect(() => verifyCheckpoint(sameId, key)).toThrow('expected a signature of');
  });

  it('refuses a note whose own signature does not hold, though another one does', () => {
    const bad = Buffer.from(signature.split(' ')[2] ?? '', 'base64');
    bad[20] = (bad[20] ?? 0) ^ 1;
    const both = `${note}\u2014 ${key.name} ${bad.toString('base64')}\n`;
    expect(() => verifyCheckpoint(both, key)).toThrow('one that does not hold');
    expect(() => verifyCheckpoint(signCheckpoint({ size: 7, root }, witness), key)).toThrow('line 1: expected origin');
  });

  it.each([
    ['no origin', withLine(1, ''), 'line 1: expected the origin'],
    ['a leading zero', withLine(2, '07'), 'line 2: expected the tree size in decimal'],
    ['a signed size', withLine(2, '+7'), 'line 2'],
    ['a size beyond 2^53', withLine(2, '9007199254740993'), 'line 2: expected a tree size below 2^53'],
    ['a short root', withLine(3, 'AAAA'), 'line 3: expected the root hash, 32 bytes'],
    ['url-safe base64', withLine(3, `_${hash.slice(1)}`), 'line 3: expected canonical base64'],
    ['loose bits in base64', withLine(3, `${hash.slice(0, -2)}${hash.at(-2) === '9' ? '8' : '9'}=`), 'line 3'],
    ['no signature', `${origin}\n${size}\n${hash}\n\n`, 'at least one signature line'],
    ['no empty line', `${origin}\n${size}\n${hash}\n${signature}\n`, 'an empty line between text and signatures'],
    ['no newline at the end', note.slice(0, -1), 'a newline at the end'],
    ['a carriage return', note.replace('\n', '\r\n'), 'no control character'],
    ['a hyphen for the dash', note.replace('\u2014', '-'), 'line 5: expected'],
    ['a lone surrogate', withLine(1, '\ud800'), 'valid UTF-8'],
    ['65 signatures', note + `${signature}\n`.repeat(64), 'at most 64 signatures'],
  ])('refuses %s and names the line', (_, text, message) => {
    expect(() => parseCheckpoint(text)).toThrow(message);
  });

  it('never signs what it would not read', () => {
    expect(() => signCheckpoint({ size: 1.5, root }, key)).toThrow('line 2');
    expect(() => signCheckpoint({ size: 1, root: 'ab' }, key)).toThrow('line 3');
  });

  it('accepts the 16 signatures that the specification asks for', () => {
    expect(parseNote(note + `${signature}\n`.repeat(15)).signatures).toHaveLength(16);
  });
});
