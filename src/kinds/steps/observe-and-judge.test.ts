import { describe, expect, it } from 'vitest';

import { findForbidden } from './observe-and-judge.ts';

describe('a check that names production', () => {
  it.each([
    ['a port apart from its host', { host: 'db.prod.test', port: 5432 }, 'db.prod.test:5432'],
    ['a URL whose port is that of its scheme', { url: 'postgres://db.prod.test/shop' }, 'db.prod.test:5432'],
    ['arguments of a program', { argv: ['psql', '--host=DB.prod.test', '-c', 'select 1'] }, 'db.prod.test:5432'],
    ['a URL with a user', { url: 'https://me@db.prod.test:5432/' }, 'db.prod.test:5432'],
    ['a host of any port', { url: 'http://db.prod.test:8080/' }, 'db.prod.test'],
  ])('C07 is found by %s', (_, spec, forbidden) => {
    expect(findForbidden(spec, ['other.test', forbidden])).toBe(forbidden);
  });

  it.each([
    ['another port of the same host', { url: 'http://127.0.0.1:8001/' }, '127.0.0.1:9001'],
    ['a name that only ends like it', { url: 'https://staging-db.prod.test/' }, 'db.prod.test'],
    ['a name below it', { url: 'https://db.prod.test.example/' }, 'db.prod.test'],
  ])('C07 (negative control) is not found by %s', (_, spec, forbidden) => {
    expect(findForbidden(spec, [forbidden])).toBeNull();
  });
});
