import { describe, expect, it } from 'vitest';

import { toBundleSource } from './bundle-source.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistency-proof.ts';
import { openEnvelope } from './dsse.ts';
import { verifyInclusion } from './inclusion-proof.ts';
import { parseLogVerifier } from './log-key.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { verifySigned } from './person-signature.ts';
import type { Signed } from './record.ts';
import { noRecompute } from './recompute.ts';
import { vectors } from './vectors.fixture.ts';
import { verifyBundle } from './verify-bundle.ts';
import canonical from '../vectors/canonical-json.json' with { type: 'json' };
import checkpoint from '../vectors/checkpoint.json' with { type: 'json' };
import dsse from '../vectors/dsse.json' with { type: 'json' };
import merkle from '../vectors/merkle.json' with { type: 'json' };
import person from '../vectors/person-signature.json' with { type: 'json' };
import bundle from '../vectors/tiny-bundle.json' with { type: 'json' };

/** The vectors are JSON: what they hold is for the verifier to judge. */
function verify(signed: unknown): void {
  verifySigned(signed as Signed<{ person: string }>, person.publicKey);
}

describe('the published vectors', () => {
  it.each([
    ['canonical-json', canonical],
    ['merkle', merkle],
    ['checkpoint', checkpoint],
    ['person-signature', person],
    ['dsse', dsse],
    ['tiny-bundle', bundle],
  ])('%s are what this version writes', (name, published) => {
    expect(vectors[name]?.()).toEqual(published);
  });

  it('canonical JSON: every text has its form, every refused text is refused', () => {
    for (const { canonical: text } of canonical.cases) expect(parseStrictJson(text, 'x')).toBeDefined();
    for (const text of canonical.refused) expect(() => parseStrictJson(text, 'x')).toThrow('expected canonical JSON');
  });

  it('Merkle tree: every proof holds for its place and root', () => {
    const { leafHashes, roots } = merkle;
    for (const { size, index, path } of merkle.inclusion) {
      expect(verifyInclusion({ leaf: leafHashes[index] ?? '', index, size, root: roots[size] ?? '' }, path)).toBe(true);
    }
    for (const { oldSize, newSize, path } of merkle.consistency) {
      const [oldRoot = '', newRoot = ''] = [roots[oldSize], roots[newSize]];
      expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot }, path)).toBe(true);
    }
    expect([merkle.inclusion.length, merkle.consistency.length]).toEqual([36, 45]);
  });

  it('checkpoints: good ones hold, bad ones are refused', () => {
    const key = parseLogVerifier(checkpoint.verifier);
    expect(checkpoint.good.map((note) => verifyCheckpoint(note, key).size)).toEqual([0, 1, 3, 3]);
    for (const note of checkpoint.bad) expect(() => verifyCheckpoint(note, key)).toThrow('expected');
  });

  it('signed statements and envelopes: good ones hold, bad ones are refused', () => {
    for (const signed of person.good) expect(() => verify(signed)).not.toThrow();
    for (const signed of person.bad) expect(() => verify(signed)).toThrow('expected');
    expect(openEnvelope(dsse.envelope, parseLogVerifier(dsse.verifier))).toEqual(dsse.statement);
  });

  it('the tiny bundle holds in every step that needs no rules of a product', () => {
    const files = new Map(Object.entries(bundle.files).map(([name, text]) => [name, Buffer.from(text)]));
    const options = { pinnedKey: checkpoint.verifier, foreignCheckpoints: [] };
    const report = verifyBundle(toBundleSource(files), options, noRecompute);
    expect(report).toMatchObject({ verdict: 'incomplete', firstFault: null, decision: { outcome: 'go' } });
  });
});
