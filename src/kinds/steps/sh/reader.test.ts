import { describe, expect, it } from 'vitest';

import { shReader } from './reader.ts';

function told(language: 'sh' | 'bash', text: string): string {
  const read = shReader.readFence({ language, text, attributes: {} });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return shReader
    .listEffects(read.spec)
    .map((effect) => effect.text)
    .join('\n');
}

describe('what a script is said to do', () => {
  it('O04 who approves a pipe in sh is told that only its last command is seen to fail; bash sees all', () => {
    const hidden = 'sees only the last command of a pipe fail';
    expect(told('sh', 'pg_dump shop | gzip > shop.gz')).toContain(hidden);
    expect(told('bash', 'pg_dump shop | gzip > shop.gz')).not.toContain(hidden);
    expect(told('sh', 'test -e a || touch a')).not.toContain(hidden);
    expect(told('sh', '# a | b\ntrue')).not.toContain(hidden);
  });
});
