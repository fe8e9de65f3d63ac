import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { problemLines, readTexts } from './problem-lines.ts';

const page = readFileSync('docs/reference/launch-document.md', 'utf8');

describe('the reference of the launch document', () => {
  it('D01 names every problem code, and no other', () => {
    const source = readFileSync('src/spec/launch/problem.ts', 'utf8');
    const union = /export type ProblemCode =([^;]+);/.exec(source)?.[1] ?? '';
    const codes = [...union.matchAll(/'([a-z_]+)'/g)]
      .map((match) => match[1] ?? '')
      .toSorted((a, b) => a.localeCompare(b));
    const table = page
      .slice(page.indexOf('## Problems'))
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|')[1] ?? '');
    const documented = table
      .flatMap((cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map((match) => match[1] ?? ''))
      .toSorted((a, b) => a.localeCompare(b));
    expect(codes.length).toBeGreaterThan(30);
    expect(documented).toEqual(codes);
  });
});

describe('the guide', () => {
  it('D01 shows a document that reads without a problem', () => {
    const guide = readFileSync('docs/guide/write-a-launch-document.md', 'utf8');
    const blocks = [...guide.matchAll(/^(`{3,4})(?:yaml|markdown)\n([\s\S]*?)\n\1$/gm)].map((match) => match[2] ?? '');
    expect(blocks).toHaveLength(4);
    const key = `ed25519:${'A'.repeat(43)}=`;
    const criteria = '- [ ] drill {#restore-drill}\n- [ ] counts {#orders-reconciled}\n';
    const text = blocks
      .join('\n\n')
      .replaceAll('ed25519:...', key)
      .replace('- [ ] [HUMAN]', `${criteria}- [ ] [HUMAN]`);
    const result = readTexts({ 'launch.md': text });
    expect(problemLines(result)).toEqual([]);
    expect(result.ok && result.launch.gates[0]?.criteria.length).toBe(4);
    expect(result.ok && result.launch.scope.length + result.launch.risks.length).toBe(4);
  });
});
