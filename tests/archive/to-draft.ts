import type { RestoreReport } from '../../src/core/dataset/archive/restore-report.ts';
import type { MeasuredDrill } from '../../src/engine/data/archive/drill.ts';

/** Returns a report of what was measured, with nothing of a launch in it. */
export function toDraft(measured: MeasuredDrill, expectedSha256: string | null): Omit<RestoreReport, 'passed'> {
  const { archive, validation, entities, smoke, phases, rtoMs, server, wasEmpty, dropped, stopped } = measured;
  return {
    format: 'tminus/restore-drill/1',
    id: 'restore-drill-1',
    launch: 'shop',
    planHash: 'a1'.repeat(32),
    candidates: {},
    subject: ['store'],
    archive: {
      uri: 'file.tar.gz',
      expectedSha256,
      computedSha256: archive.sha256,
      generatedAt: archive.manifest?.generated_at ?? null,
      environment: archive.manifest?.source.environment ?? null,
      launch: archive.manifest?.source.launch ?? null,
      appGitSha: archive.manifest?.app_git_sha ?? null,
      formatVersion: archive.manifest?.export_format_version ?? null,
    },
    appGitSha: null,
    validation,
    entities,
    smoke,
    target: { environment: 'scratch', server, database: 'tminus_drill_test', wasEmpty, dropped },
    phases,
    rtoMs,
    productionWrites: 'none',
    beganAt: new Date().toISOString(),
    endedAt: new Date().toISOString(),
    stopped,
    signedBy: 'key',
  };
}
