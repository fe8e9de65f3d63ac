import { describe, expect, it } from 'vitest';

import { toFirstNeeds } from './first-needs.ts';

const at = (pathname: string, search = '') => toFirstNeeds({ pathname, search });

describe('first needs of a page', () => {
  it('P19 are told from the address alone, with its environment', () => {
    expect(at('/')).toEqual({ page: 'home', asks: ['/api/me', '/api/home', '/api/launches'] });
    expect(at('/launches/shop', '?environment=pre%20prod&criterion=x')?.asks).toContain(
      '/api/launches/shop/outlook?environment=pre+prod',
    );
    expect(at('/launches/shop/gates/a%2Fb')?.asks).toContain('/api/launches/shop/gates/a%2Fb');
    expect(at('/launches/shop/runs/r1')?.page).toBe('runbook');
  });

  it('leaves a page that it does not know, and one for people who are not signed in, to itself', () => {
    expect(['/sign-in', '/setup', '/launches', '/launches/a/b', '/launches/a/gates/b/c'].map((one) => at(one))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });
});
