import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { rehearsalKind } from './kind.ts';
import { forwardPass, rehearsedAt, sampleFile, wayBackEvents, wayBackPass } from './sample-report.fixture.ts';

// The contract asks with a spec as it is written, in which the names of plan and candidate stand unfilled.
const asWritten = {
  planHash: '{{ launch.planHash }}',
  candidates: { production: '{{ candidate.sha256 }}' },
  passes: [forwardPass(), wayBackPass({}, wayBackEvents(2, '{{ launch.planHash }}'))],
};
const workspace = mkdtempSync(join(tmpdir(), 'tminus-rehearsals-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

mkdirSync(join(workspace, 'good'));
for (const id of ['a', 'b']) writeFileSync(join(workspace, 'good', `${id}.json`), sampleFile({ ...asWritten, id }));
writeFileSync(join(workspace, 'garbage.json'), '\u0001\u0002 no report at all }}}<<<');
writeFileSync(join(workspace, 'huge.json'), '');
truncateSync(join(workspace, 'huge.json'), 65 * 1024 * 1024);

const at =
  (path: string): (() => ContractCase) =>
  () => ({ written: { procedure: 'runbook', path }, workspace, now: () => Date.parse(rehearsedAt) + 60_000 });

checkKindContract({
  kind: rehearsalKind,
  success: at('good'),
  refusal: at('absent'),
  slow: { none: 'it reads local files' },
  garbage: at('garbage.json'),
  huge: at('huge.json'),
  misspelt: { written: { procedure: 'runbook', tims: 2 }, wrong: 'tims', meant: 'times' },
  stricter: [{ times: 100 }],
});
