import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { formatDuration } from '../../src/cli/format-duration.ts';
import { commitAll, runTminus } from './run-tminus.ts';

const directory = mkdtempSync(join(tmpdir(), 'tminus-chain-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

writeFileSync(
  join(directory, 'launch.md'),
  `---
tminus: launch
id: library
environment: production
---

# Library

## Gate: ready for T-0 {#ready fresh=1h}

- [x] The deploy chain ran {#deploy-chain}
  - [x] Repository checks {#repo-checks}

    \`\`\`sh
    sleep 1.1
    \`\`\`

  - [x] Build {#build}

    \`\`\`sh
    true
    \`\`\`

  - [x] Smoke of the deployed stack {#stack-smoke}

    \`\`\`sh
    true
    \`\`\`

## T-0 Switch
`,
);
commitAll(directory);

interface Decided {
  decision: { tree: { children: { children: { children: { evidence: { durationMs: number } | null }[] }[] }[] } };
}

/** How long each link took, as the decision says it; null where nobody saw it. */
async function readDurations(): Promise<(number | null)[]> {
  const { stdout } = await runTminus(directory, ['decide', '--json']);
  const { tree } = (JSON.parse(stdout) as Decided).decision;
  return tree.children[0]?.children[0]?.children.map(({ evidence }) => evidence?.durationMs ?? null) ?? [];
}

/** The line of a link that was seen. On a busy machine the quick one takes a second, too, and is then told so. */
function toLine(title: string, durationMs: number | null | undefined): RegExp {
  const took = (durationMs ?? 0) >= 1000 ? `, took ${formatDuration(durationMs ?? 0)}` : '';
  return new RegExp(`^ +met +${title} {2}ev-[0-9a-f]{8}, (?:just now|\\d+[smh] ago)${took}$`, 'm');
}

// One pipeline: the first two links are seen, then the third.
describe('tminus decide over a deploy chain', () => {
  it('D09 shows each link with its evidence and how long it took; the one that nobody ran is missing, ticked or not', async () => {
    expect((await runTminus(directory, ['check', 'repo-checks', 'build'])).exit).toBe(0);
    const run = await runTminus(directory, ['decide']);
    expect(run.exit).toBe(4);
    expect(run.stdout).toMatch(/^ +open +The deploy chain ran$/m);
    const [repoChecksMs, buildMs, smokeMs] = await readDurations();
    expect([repoChecksMs !== null && (repoChecksMs ?? 0) >= 1000, smokeMs]).toEqual([true, null]);
    expect(run.stdout).toMatch(toLine('Repository checks', repoChecksMs));
    expect(run.stdout).toMatch(toLine('Build', buildMs));
    expect(run.stdout).toMatch(/^ +missing +Smoke of the deployed stack/m);
    expect(run.stdout).toContain('tminus check stack-smoke');
  });

  it('D09 is GO once every link was seen, each with its duration in the decision', async () => {
    expect((await runTminus(directory, ['check', 'stack-smoke'])).exit).toBe(0);
    expect((await runTminus(directory, ['decide'])).exit).toBe(0);
    const durations = await readDurations();
    expect(durations).toHaveLength(3);
    expect(durations[0]).toBeGreaterThan(1000);
    expect(durations.every((ms) => ms !== null && ms > 0)).toBe(true);
  });
});
