import type { Fence, ReadFence } from '../../../core/check/check.ts';
import { infoLine, readAttributes } from '../fence-attributes.ts';
import { fenceFault, splitExpectations } from '../fence-lines.ts';
import { readSchema } from '../read-schema.ts';
import { commandSchema } from './schema.ts';

/**
 * Reads a fence in the language `sh` or `bash` as a script for that shell; `# expect …` comments at the end are its expectations.
 * The attributes of the info string are `timeout`, `limit`, `memory` and `cwd`.
 */
export function readCommandFence(fence: Fence): ReadFence {
  const { spec, faults } = readAttributes(fence, ['timeout', 'limit', 'memory', 'cwd']);
  if (faults.length > 0) return { ok: false, faults };
  const { lines, expectations } = splitExpectations(fence.text, /^\s*#\s*expect\s+/);
  const isEmpty = lines.every((line) => line.trim() === '' || line.trim().startsWith('#'));
  if (isEmpty)
    return fenceFault(0, {
      expected: 'a command',
      got: 'comments only',
      hint: 'write the command, or remove the fence',
    });
  const read = readSchema(commandSchema, { ...spec, shell: fence.language, script: lines.join('\n') });
  if (read.ok) return { ok: true, spec: read.spec, expectations };
  return {
    ok: false,
    faults: read.faults.map(({ expected, got, hint }) => ({ line: infoLine, column: 1, expected, got, hint })),
  };
}
