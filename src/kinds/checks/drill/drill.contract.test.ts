import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { beganAtMs } from '../../../core/procedure/runs.fixture.ts';
import { drillKind } from './kind.ts';
import { toDrillFile } from './report-file.ts';
import { drill, drillKey } from './sample-drill.fixture.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-drills-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));
mkdirSync(join(workspace, 'good'));
writeFileSync(join(workspace, 'good', 'a.json'), toDrillFile(drill('drill-a'), drillKey));
writeFileSync(join(workspace, 'garbage.json'), '\u0001\u0002 no report at all }}}<<<');
writeFileSync(join(workspace, 'huge.json'), '');
truncateSync(join(workspace, 'huge.json'), 65 * 1024 * 1024);

const at =
  (path: string): (() => ContractCase) =>
  () => ({ written: { procedure: 'at-once', path }, workspace, now: () => beganAtMs + 60_000 });

checkKindContract({
  kind: drillKind,
  success: at('good'),
  refusal: at('absent'),
  slow: { none: 'it reads local files' },
  garbage: at('garbage.json'),
  huge: at('huge.json'),
  misspelt: { written: { procedure: 'at-once', maxAg: '1d' }, wrong: 'maxAg', meant: 'maxAge' },
  stricter: [{ maxAge: '1s' }],
});
