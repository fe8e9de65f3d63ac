import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { stepKinds } from './kinds.ts';
import { stepReaders } from './readers.ts';

/** Every import of a file and of what it imports, as written; imports of types only are none. */
function importsOf(file: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  const path = fileURLToPath(file);
  if (seen.has(path)) return seen;
  const named = [...readFileSync(path, 'utf8').matchAll(/^import (?!type )[^;]*?from '([^']+)';/gms)].map(
    (each) => each[1]!,
  );
  seen.set(path, named);
  for (const name of named) if (name.startsWith('.')) importsOf(new URL(name, file), seen);
  return seen;
}

function nodeModulesOf(file: string): string[] {
  return [...importsOf(new URL(file, import.meta.url)).values()]
    .flat()
    .filter((name) => /^node:(?!crypto$)/.test(name));
}

describe('the list of step kinds', () => {
  it('has the same names in both halves, in order and each once', () => {
    const names = stepKinds.map(({ kind }) => kind);
    expect(stepReaders.map(({ kind }) => kind)).toEqual(names);
    expect(names).toEqual([...new Set(names)].toSorted());
    expect(names).toEqual([
      'check',
      'command',
      'dns',
      'export',
      'fix',
      'http',
      'import',
      'mailout',
      'notify',
      'restore-drill',
      'rollout',
      'sh',
      'snapshot',
      'sql',
      'wait',
    ]);
  });

  it('gives each fence language to one kind', () => {
    const languages = stepReaders.flatMap(({ fenceLanguages }) => fenceLanguages);
    expect(languages.toSorted()).toEqual([...new Set(languages)].toSorted());
    expect(languages).toEqual(expect.arrayContaining(['sh', 'bash', 'http', 'sql']));
  });

  it('T24 readers reach nothing that touches the machine, so that a stranger can read the document with them', () => {
    expect(nodeModulesOf('./readers.ts')).toEqual([]);
    expect(nodeModulesOf('./kinds.ts')).toContain('node:child_process');
  });
});
