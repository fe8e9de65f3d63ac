import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

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

// One pipeline: the first two links are seen, then the third.
describe('tminus decide over a deploy chain', () => {
  it('D09 shows each link with its evidence and how long it took; the one that nobody ran is missing, ticked or not', async () => {
    expect((await runTminus(directory, ['check', 'repo-checks', 'build'])).exit).toBe(0);
    const run = await runTminus(directory, ['decide']);
    expect(run.exit).toBe(4);
    expect(run.stdout).toMatch(/^ +open +The deploy chain ran$/m);
    expect(run.stdout).toMatch(/^ +met +Repository checks {2}ev-[0-9a-f]{8}, .+, took 1s$/m);
    expect(run.stdout).toMatch(/^ +met +Build {2}ev-[0-9a-f]{8}, (?:just now|\d+s ago)$/m);
    expect(run.stdout).toMatch(/^ +missing +Smoke of the deployed stack/m);
    expect(run.stdout).toContain('tminus check stack-smoke');
  });

  it('D09 is GO once every link was seen, each with its duration in the decision', async () => {
    expect((await runTminus(directory, ['check', 'stack-smoke'])).exit).toBe(0);
    const run = await runTminus(directory, ['decide', '--json']);
    expect(run.exit).toBe(0);
    const { decision } = JSON.parse(run.stdout) as {
      decision: { tree: { children: { children: { children: { evidence: { durationMs: number } }[] }[] }[] } };
    };
    const durations = decision.tree.children[0]?.children[0]?.children.map(({ evidence }) => evidence.durationMs) ?? [];
    expect(durations).toHaveLength(3);
    expect(durations[0]).toBeGreaterThan(1000);
    expect(durations.every((ms) => ms > 0)).toBe(true);
  });
});
