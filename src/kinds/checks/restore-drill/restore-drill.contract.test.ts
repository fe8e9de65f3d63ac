import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { restoreDrillKind } from './kind.ts';
import { drilledAt, sampleDrillFile } from './sample-drill.fixture.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-drills-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

mkdirSync(join(workspace, 'good'));
writeFileSync(join(workspace, 'good', 'a.json'), sampleDrillFile());
writeFileSync(join(workspace, 'garbage.json'), '\u0001\u0002 no report at all }}}<<<');
writeFileSync(join(workspace, 'huge.json'), '');
truncateSync(join(workspace, 'huge.json'), 65 * 1024 * 1024);

const at =
  (path: string): (() => ContractCase) =>
  () => ({ written: { path }, workspace, now: () => Date.parse(drilledAt) + 60_000 });

checkKindContract({
  kind: restoreDrillKind,
  success: at('good'),
  refusal: at('absent'),
  slow: { none: 'it reads local files' },
  garbage: at('garbage.json'),
  huge: at('huge.json'),
  misspelt: { written: { maxAg: '1d' }, wrong: 'maxAg', meant: 'maxAge' },
  stricter: [{ bound: true }],
});
