import type { Trouble } from '@tminus/verify';

import type { CheckKind, ObservedSource } from '../../../core/check/check.ts';
import { toMomentSource } from '../moment.ts';
import { runProcess } from '../run-process.ts';
import type { ProcessEnd } from '../run-process.ts';
import { backupAgeReader, questions } from './reader.ts';
import type { BackupAgeSpec } from './schema.ts';

/** Variables that a program needs to find itself and its user's files; no other is inherited, so no secret of ours is. */
const inherited = ['PATH', 'HOME', 'LANG'];
const limit = 4096;

/** The `backup-age` check: one program for each question, one after the other; the first that fails ends it. */
export const backupAgeKind: CheckKind = {
  ...backupAgeReader,
  async observe(spec, context) {
    const { signal, workspace } = context;
    const { stores, timeout } = spec as unknown as BackupAgeSpec;
    const sources: ObservedSource[] = [];
    const asked = Object.entries(stores).flatMap(([store, each]) =>
      questions.map((question) => ({ name: `${store}.${question}`, argv: each[question] })),
    );
    const env = Object.fromEntries(
      inherited.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
    );
    for (const { name, argv } of asked) {
      const end = await runProcess({ argv, cwd: workspace, env, timeoutMs: timeout, limit, signal });
      const trouble = toTrouble(name, end);
      if (trouble !== null) return { sources, trouble };
      sources.push({ name, mediaType: 'text/plain', bytes: end.stdout.bytes });
    }
    return { sources: [...sources, toMomentSource(context.now())], trouble: null };
  },
};

function toTrouble(name: string, { stopped, startError, exit, signal, stdout }: ProcessEnd): Trouble | null {
  if (stopped === 'timeout') return { code: 'timeout', message: `${name}: expected an answer in time, got none` };
  if (stopped === 'aborted') return { code: 'aborted', message: `${name}: expected an answer, got a cancellation` };
  if (startError !== null)
    return { code: 'command_refused', message: `${name}: expected a program, got ${startError}` };
  if (exit !== 0)
    return { code: 'command_failed', message: `${name}: expected exit 0, got ${exit ?? signal ?? 'none'}` };
  return stdout.truncated
    ? { code: 'too_large', message: `${name}: expected one line, got ${stdout.total} bytes` }
    : null;
}
