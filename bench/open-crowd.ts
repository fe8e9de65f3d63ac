import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { CrowdReport, CrowdWish } from './listen-as-viewers.ts';

/** Viewers in a process of their own. */
export interface Crowd {
  /** Ends them, with what they heard. */
  leave(): Promise<CrowdReport>;
}

/** Opens a crowd, and resolves when every viewer has its stream. */
export async function openCrowd(wish: CrowdWish): Promise<Crowd> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'listen-as-viewers.ts'), JSON.stringify(wish)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.value !== 'ready') throw new Error(`crowd: expected that it is ready, got ${String(first.value)}`);
  return {
    async leave() {
      child.stdin.end();
      const { value } = await lines.next();
      if (child.exitCode === null) await once(child, 'exit');
      return JSON.parse(String(value)) as CrowdReport;
    },
  };
}
