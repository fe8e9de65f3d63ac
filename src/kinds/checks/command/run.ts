import { z } from 'zod';

const output = z.strictObject({ total: z.number().int().nonnegative(), truncated: z.boolean() });

/** The source `run.json`: how the process ended, as the observer saw it. The streams stand beside it as `stdout` and `stderr`. */
export const runSchema = z.strictObject({
  argv: z.array(z.string()),
  cwd: z.string(),
  exit: z.number().int().nullable(),
  signal: z.string().nullable(),
  durationMs: z.number().nonnegative(),
  stdout: output,
  stderr: output,
  leftBehind: z.number().int().nonnegative(),
  /** What was really enforced; memory is null where no limit was asked for. */
  limits: z.strictObject({ timeMs: z.number(), memoryBytes: z.number().nullable(), outputBytes: z.number() }),
});

export type Run = z.output<typeof runSchema>;
