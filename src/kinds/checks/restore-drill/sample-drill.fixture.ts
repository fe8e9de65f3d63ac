import { createLogKey } from '@tminus/verify';

import { drillPhases } from '../../../core/dataset/archive/restore-report.ts';
import type { RestoreReport } from '../../../core/dataset/archive/restore-report.ts';
import { toDrillFile } from './report-file.ts';

export const sampleKey = createLogKey('tminus/shop/1', Buffer.alloc(32, 1));
export const drilledAt = '2026-12-01T08:00:00.000Z';
const sha256 = 'a'.repeat(64);

const ended = { appGitSha: null, validation: [], stopped: null, passed: true, endedAt: drilledAt };

/** A drill that passed, of the launch and environment that an unfilled spec names. */
export function sampleDrill(over: Partial<RestoreReport> = {}): RestoreReport {
  return {
    format: 'tminus/restore-drill/1',
    id: 'restore-drill-1',
    launch: '{{ launch.id }}',
    planHash: 'b'.repeat(64),
    candidates: { production: '{{ candidate.sha256 }}' },
    subject: ['store'],
    archive: {
      uri: 'store.tar.gz',
      expectedSha256: sha256,
      computedSha256: sha256,
      generatedAt: '2026-12-01T07:00:00.000Z',
      environment: '{{ environment.id }}',
      launch: null,
      appGitSha: null,
      formatVersion: 1,
    },
    ...ended,
    entities: [
      {
        entity: 'run',
        planned: 3,
        restored: 3,
        skipped: 0,
        invalid: 0,
        expectedSha256: sha256,
        computedSha256: sha256,
      },
    ],
    smoke: Array.from({ length: 7 }, (_, nr) => ({ name: `question ${nr}`, passed: true, detail: 'as expected' })),
    target: { environment: 'scratch', server: {}, database: 'tminus_drill_1234', wasEmpty: true, dropped: true },
    phases: drillPhases.map((name) => ({ name, ms: 200 })),
    rtoMs: 1200,
    productionWrites: 'none',
    beganAt: drilledAt,
    signedBy: sampleKey.text,
    ...over,
  };
}

/** The file of a drill, signed by the key that it names. */
export function sampleDrillFile(over: Partial<RestoreReport> = {}): string {
  return toDrillFile(sampleDrill(over), sampleKey);
}
