import { describe, expect, it } from 'vitest';

import { pageRules, toPageHeaders } from './page-policy.ts';

const policyOf = (nonce: string): string => toPageHeaders(nonce)['content-security-policy'] ?? '';
const sourcesOf = (name: string): readonly string[] =>
  pageRules.find(({ directive }) => directive === name)?.sources ?? [];

describe('the policy of pages', () => {
  it('T19 S8 forbids what is not named, and names nothing unsafe, no wildcard and no other host', () => {
    expect(sourcesOf('default-src')).toEqual(["'none'"]);
    const all = pageRules.flatMap(({ sources }) => sources);
    const harmless = /^(?:'none'|'self'|'script'|'nonce-\{nonce\}'|tminus-service-worker|\/api\/browser-reports)$/u;
    expect(all.filter((source) => !harmless.test(source))).toEqual(['data:']);
    expect(sourcesOf('img-src')).toContain('data:');
  });

  it('T19 every rule stands once and says why', () => {
    expect(new Set(pageRules.map(({ directive }) => directive)).size).toBe(pageRules.length);
    expect(pageRules.filter(({ why }) => why.length < 8)).toEqual([]);
  });

  it('T19 scripts come from files alone; a nonce opens styles and nothing else, and is of its answer', () => {
    expect(sourcesOf('script-src')).toEqual(["'self'"]);
    const withNonce = pageRules.filter(({ sources }) => sources.some((source) => source.includes('nonce')));
    expect(withNonce.map(({ directive }) => directive)).toEqual(['style-src']);
    expect(policyOf('abc')).toContain("style-src 'self' 'nonce-abc';");
    expect(policyOf('abc')).not.toBe(policyOf('xyz'));
    expect(policyOf('abc')).not.toContain('{');
  });

  it.each([
    ['A21', 'frame-ancestors', ["'none'"]],
    ['A19', 'require-trusted-types-for', ["'script'"]],
    ['A19', 'base-uri', ["'none'"]],
    ['A22', 'form-action', ["'none'"]],
  ])('%s keeps %s', (_, directive, sources) => {
    expect(sourcesOf(directive)).toEqual(sources);
  });

  it('T19 closes the machine to pages, and leaves passkeys to our own', () => {
    const permissions = toPageHeaders('abc')['permissions-policy'] ?? '';
    expect(permissions).toContain('camera=()');
    expect(permissions).toContain('publickey-credentials-get=(self)');
    expect(permissions).not.toContain('*');
  });
});
