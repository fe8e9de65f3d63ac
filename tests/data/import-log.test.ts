import { sha256Hex } from '@tminus/verify';
import type { EvidenceRecord } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { applyImport } from '../../src/engine/data/import/apply-import.ts';
import { passWithoutApproval } from '../../src/engine/data/import/approve-import.ts';
import type { ImportSetting } from '../../src/engine/data/import/open-ground.ts';
import { planImport } from '../../src/engine/data/import/plan-import.ts';
import { readImportLog } from '../../src/engine/data/import/read-import-log.ts';
import { appendEntries } from '../../src/store/evidence-log.ts';
import { readBatch } from '../../src/store/import-batch.ts';
import { sceneOf } from '../spec/scene-of.ts';
import { launchText, openImportStage } from './start-import.ts';
import type { ImportStage } from './start-import.ts';

const none = (): void => undefined;
let stage: ImportStage;
let setting: ImportSetting;

/** What machines and a person say of the import, beside criteria that are about something else. */
const asked = `
- [ ] Every order is the same on both sides {#same}

  \`\`\`yaml check
  kind: reconcile
  dataset: orders
  \`\`\`

- [ ] [HUMAN] The imported orders look as in the old shop {#looks role=lead}

  \`\`\`yaml check
  kind: manual
  dataset: orders
  question: Do ten orders look as they do in the old shop?
  \`\`\`

## Rollback
`;

beforeAll(async () => {
  stage = await openImportStage(20);
  const scene = sceneOf(launchText().replace('\n## Rollback\n', asked), { environment: 'staging' });
  setting = { ...stage.setting(), scene };
});
afterAll(async () => await stage.drop());

/** Seals what was seen of a criterion, as a check or a signed word does. */
async function see(criterion: string, outcome: 'pass' | 'fail', observedAt = new Date().toISOString()): Promise<void> {
  const bytes = Buffer.from(`${criterion} ${outcome} ${observedAt}`);
  const finding = { rule: 'status == 0', outcome, expected: '0', got: outcome === 'pass' ? '0' : '1' };
  const entry: EvidenceRecord = {
    ...setting.scene.binding,
    format: 'tminus/evidence/1',
    criterion,
    check: { kind: 'command', sha256: 'c'.repeat(64) },
    spec: {},
    expectations: ['status == 0'],
    mode: 'real',
    observedAt,
    durationMs: 1,
    producer: { kind: 'check', tool: 'tminus 0.1.0' },
    sources: [{ name: 'output', mediaType: 'text/plain', sha256: sha256Hex(bytes), size: bytes.length }],
    trouble: null,
    facts: { status: outcome === 'pass' ? 0 : 1 },
    judgement: { outcome, findings: [finding] },
    control: { outcome: 'fail', findings: [{ ...finding, outcome: 'fail', got: '1' }] },
    supersedes: null,
  };
  await appendEntries(stage.store, setting.scene.launch.id, [{ entry, blobs: [bytes] }]);
}

async function readEntry(): Promise<{ validated: boolean; asked: string[][] }> {
  const [logged] = await readImportLog(stage.store, setting.scene, 'orders');
  const { validated, validations } = logged!.entry;
  const about = validations.filter(({ command }) => command.startsWith('tminus check'));
  return { validated, asked: about.map(({ command, state }) => [command.replace('tminus check ', ''), state]) };
}

describe('the log of an import', () => {
  it('D38 an import is validated once machines and a person have looked at it since it moved last, and what they saw was well', async () => {
    await see('same', 'pass', '2026-01-01T00:00:00.000Z');
    const planned = await planImport(stage.store, setting, { mode: 'full', requester: 'bob', progress: none });
    await passWithoutApproval(stage.store, setting, planned);
    const batch = (await readBatch(stage.store, planned.id))!;
    await applyImport(stage.store, setting, { batch, person: 'bob', progress: none });
    expect(await readEntry()).toEqual({
      validated: false,
      asked: [
        ['same', 'not-rerun'],
        ['looks', 'unknown'],
      ],
    });
    await see('same', 'pass');
    expect(await readEntry()).toEqual({
      validated: false,
      asked: [
        ['same', 'passed'],
        ['looks', 'unknown'],
      ],
    });
    await see('looks', 'fail');
    expect(await readEntry()).toEqual({
      validated: false,
      asked: [
        ['same', 'passed'],
        ['looks', 'failed'],
      ],
    });
    await see('looks', 'pass');
    expect(await readEntry()).toEqual({
      validated: true,
      asked: [
        ['same', 'passed'],
        ['looks', 'passed'],
      ],
    });
  });
});
