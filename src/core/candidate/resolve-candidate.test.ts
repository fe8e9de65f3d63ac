import { describe, expect, it } from 'vitest';

import type { CandidateDeclaration, Environment, Launch } from '../launch/launch.ts';
import { candidateSha256 } from './candidate-sha256.ts';
import { resolveCandidate } from './resolve-candidate.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const environment: Environment = {
  id: 'production',
  url: 'https://shop.test',
  production: true,
  simulated: false,
  allow: [],
  comms: 'on',
  testMail: null,
  testWebhook: null,
  at,
};
const launch = { id: 'shop' } as Launch;
const declared: CandidateDeclaration = {
  commit: '{{ git.head }}',
  url: '{{ environment.url }}',
  version: null,
  extra: { image: 'shop:{{ git.head }}' },
  at,
};

describe('what is to be released', () => {
  it('D01 fills in commit and URL', () => {
    expect(resolveCandidate(declared, { launch, environment, gitHead: 'c0ffee' })).toEqual({
      ok: true,
      candidate: {
        commit: 'c0ffee',
        version: null,
        url: 'https://shop.test',
        environment: 'production',
        extra: { image: 'shop:c0ffee' },
      },
    });
  });

  it('is the commit of the workspace where nothing is declared, and a fault outside Git', () => {
    expect(resolveCandidate(null, { launch, environment, gitHead: 'c0ffee' })).toMatchObject({
      ok: true,
      candidate: { commit: 'c0ffee' },
    });
    expect(resolveCandidate(null, { launch, environment, gitHead: null })).toMatchObject({
      ok: false,
      faults: [
        { path: ['candidate', 'commit'], hint: 'commit the launch to Git, or write the commit under candidate' },
      ],
    });
    expect(resolveCandidate(declared, { launch, environment: null, gitHead: 'c0ffee' })).toMatchObject({
      ok: false,
      faults: [{ path: ['candidate', 'url'] }],
    });
  });

  it('D01 has another digest for another commit, version, URL, environment or key', () => {
    const one = { commit: 'a', version: null, url: null, environment: 'e', extra: {} };
    const others = [
      one,
      { ...one, commit: 'b' },
      { ...one, version: '1' },
      { ...one, url: 'u' },
      { ...one, environment: 'f' },
      { ...one, extra: { k: 'v' } },
    ];
    expect(new Set(others.map((each) => candidateSha256(each))).size).toBe(others.length);
  });
});
