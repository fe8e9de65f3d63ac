import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/faults.ts', import.meta.url));

describe('npm run faults', () => {
  it.each([
    [['--only', 'no-such-point'], '--only'],
    [['--points', '0'], '--points'],
    [['--points', 'all'], '--points'],
    [['--seeds', '0'], '--seeds'],
    [['--takeover', 'many'], '--takeover'],
  ])('an empty matrix is no pass: %j is refused', (options, named) => {
    const ran = spawnSync(process.execPath, [script, ...options], { encoding: 'utf8', timeout: 60_000 });
    expect({ status: ran.status, out: ran.stdout }).toEqual({ status: 64, out: '' });
    expect(ran.stderr).toContain(`${named}: expected`);
  });
});
