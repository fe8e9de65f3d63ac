import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commitAll, runTminus } from '../e2e/run-tminus.ts';
import { falseClocksMissing, openFalseClock } from './false-clock.ts';
import type { FalseClock } from './false-clock.ts';

const hour = 3_600;
const reason = falseClocksMissing === null ? '' : ` (skipped: ${falseClocksMissing})`;
const document = `---
tminus: launch
id: library
environment: production
people:
  ann: { name: Ann }
roles:
  lead: [ann]
---

# Library

## Gate: ready for T-0 {#ready fresh=1h}

- [ ] The backup is new {#backup}

  \`\`\`yaml check
  kind: file
  path: backup.tar
  maxAge: 1h
  expect: [exists == true, size > 0]
  \`\`\`

- [ ] [HUMAN] The desk agrees {#desk role=lead}
`;

describe.skipIf(falseClocksMissing !== null)(`a check on a machine whose clock is wrong${reason}`, () => {
  let top: string;
  let clock: FalseClock;
  const directory = (): string => join(top, 'launch');

  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), 'tminus-check-clock-'));
    // As root the database runs under another account, which has to pass through.
    chmodSync(top, 0o711);
    mkdirSync(directory(), { mode: 0o711 });
    writeFileSync(join(directory(), 'launch.md'), document);
    writeFileSync(join(directory(), 'backup.tar'), 'rows');
    commitAll(directory());
    clock = openFalseClock(0);
  });
  afterAll(() => {
    clock.remove();
    rmSync(top, { recursive: true });
  });

  it.each([
    { ahead: -2, old: 2.5, said: 'backup.tar: expected at most 1h old, got 2 hours', exit: 4 },
    { ahead: 2, old: 0.2, said: 'pass        backup', exit: 0 },
  ])(
    'F57 R10 by $ahead h is told the age of a file by the clock of the store: after $old h, exit $exit',
    { timeout: 400_000 },
    async ({ ahead, old, said, exit }) => {
      const atSeconds = Date.now() / 1_000 - old * hour;
      utimesSync(join(directory(), 'backup.tar'), atSeconds, atSeconds);
      clock.set(ahead * hour);
      const checked = await runTminus(directory(), ['check', '--force'], clock.env);
      expect(checked.stdout).toContain(said);
      expect(checked.exit).toBe(exit);
    },
  );

  it('F57 R10 is told by "tminus doctor"', { timeout: 400_000 }, async () => {
    clock.set(2 * hour);
    const told = await runTminus(directory(), ['doctor'], clock.env);
    expect(told.stdout).toMatch(/clock.*-7(?:19[5-9]|20[0-4])\d{3} ms from the database/);
  });
});
