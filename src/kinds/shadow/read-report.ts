import { z } from 'zod';

import type { ShadowReport } from '../../core/rollout/shadow/shadow-report.ts';

const count = z.int().min(0);
const counts = z.object({ total: count, bad: count });
const route = z.object({
  route: z.string().max(300),
  compared: count,
  differed: count,
  noise: count,
  dropped: count,
  failed: count,
  uncompared: count,
  fields: z.array(z.object({ field: z.string().max(2000), raw: count, noise: count, counts: z.boolean() })).max(2100),
  arms: z.object({ stable: counts, canary: counts }),
});
const report = z.object({ process: z.string().min(1).max(100), routes: z.array(route).max(1000) });

/** Returns the report that a text holds; null where it holds none. */
export function readReport(text: string): ShadowReport | null {
  try {
    return report.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
