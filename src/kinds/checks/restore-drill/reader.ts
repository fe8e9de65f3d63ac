import { createLogKey } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader } from '../../../core/check/check.ts';
import { drillPhases, judgeRestore, storeSubject } from '../../../core/dataset/archive/restore-report.ts';
import type { RestoreReport } from '../../../core/dataset/archive/restore-report.ts';
import { toControlReport } from '../control-report.ts';
import { whyNotYoung } from '../count-reports.ts';
import { splitStat, toFileFacts } from '../file-stat.ts';
import { splitMoment, toMomentSource } from '../moment.ts';
import { refuseFence } from '../no-fence.ts';
import { textOf } from '../parse-json.ts';
import { readNamed } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { firstNames, toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { openDrillFile, toDrillFile } from './report-file.ts';

/** A document cannot name a candidate or a launch of its own choice. */
const candidateTemplate = '{{ candidate.sha256 }}';
const launchTemplate = '{{ launch.id }}';

const schema = z.strictObject({
  of: z.array(z.string().min(1)).min(1).default([storeSubject]).meta({
    description: 'What has to be in the archive that was restored: ids of datasets, or store for what Tminus keeps.',
  }),
  path: fileKeys.path.default('reports/restore-drills'),
  maxAge: fileKeys.maxAge.unwrap().default('30d').meta({ description: 'A drill that began earlier does not count.' }),
  bound: z.boolean().default(false).meta({ description: 'Counts drills of this candidate only.' }),
  candidate: z
    .literal(candidateTemplate)
    .default(candidateTemplate)
    .meta({ description: 'Filled in: the candidate of the launch.' }),
  launch: z.literal(launchTemplate).default(launchTemplate).meta({ description: 'Filled in: the launch.' }),
  environment: z
    .string()
    .min(1)
    .default('{{ environment.id }}')
    .meta({ description: 'Which environment the archive is of; by default the one that is asked about.' }),
});

interface NamedDrill {
  name: string;
  report: RestoreReport;
}

/** Restore drills by the reports that `tminus restore-drill` signs, each judged again. */
export const restoreDrillReader: CheckReader = {
  kind: 'restore-drill',
  summary:
    'Counts restore drills that are young enough, and judges each again by its checksums, counts, smoke checks and what was exported again.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['passed >= 1', 'last == passed'],
  parse: (spec, sources) =>
    toReading(() => {
      const { rest, nowMs } = splitMoment(sources);
      const { files, stat } = splitStat(rest);
      const drills = files.map((file) => ({ name: file.name, report: readNamed(file, openDrillFile) }));
      return { ...toFacts(spec, drills, nowMs), file: toFileFacts(files, stat) };
    }),
  negativeControl(spec) {
    const report = toBroken(spec);
    const file = { name: 'control.json', mediaType: 'application/json', text: toDrillFile(report, controlKey) };
    return [...toControlReport({}, file), toMomentSource(Date.parse(report.beganAt))];
  },
};

function toFacts(spec: JsonObject, drills: readonly NamedDrill[], nowMs: number): JsonObject {
  // A copy of a report is no second drill.
  const each = new Map(drills.map((drill) => [drill.report.id, drill]));
  const ordered = [...each.values()].toSorted((a, b) => Date.parse(a.report.beganAt) - Date.parse(b.report.beganAt));
  const judged = ordered.map((drill) => ({
    ...drill,
    why: whyOther(spec, drill.report, nowMs),
    findings: judgeRestore(drill.report),
  }));
  const counted = judged.filter(({ why }) => why === null);
  const passedOver = judged.filter(({ why }) => why !== null).slice(-20);
  const newest = counted.at(-1);
  if (newest === undefined) throw new Unreadable('not_drilled', whyNone(passedOver));
  const { report, findings } = newest;
  const passed = counted.filter((drill) => drill.findings.length === 0).length;
  return {
    passed,
    failed: counted.length - passed,
    last: findings.length === 0 ? 'passed' : 'failed',
    ageMs: nowMs - Date.parse(report.beganAt),
    archiveAgeMs: report.archive.generatedAt === null ? null : nowMs - Date.parse(report.archive.generatedAt),
    ...(report.rtoMs === null ? {} : { rtoMs: report.rtoMs }),
    rows: report.entities.reduce((sum, { restored }) => sum + restored, 0),
    candidate: isOfCandidate(spec, report) ? 'same' : 'other',
    key: toPlainText(report.signedBy),
    drills: counted.slice(-20).map((drill) => ({
      file: drill.name,
      id: toPlainText(drill.report.id),
      passed: drill.findings.length === 0,
      findings: firstNames(drill.findings),
    })),
    passedOver: passedOver.map(({ name, why }) => ({ file: name, why: toPlainText(why ?? '') })),
  };
}

function whyOther(spec: JsonObject, report: RestoreReport, nowMs: number): string | null {
  const wanted = Array.isArray(spec['of']) ? spec['of'].map(textOf) : [];
  const missing = wanted.find((each) => !report.subject.includes(each));
  const ageMs = nowMs - Date.parse(report.beganAt);
  if (missing !== undefined) return `it is not of ${missing}`;
  if (report.launch !== textOf(spec['launch'])) return 'it is of another launch';
  if (report.archive.launch !== (report.subject.includes(storeSubject) ? null : report.launch))
    return 'its archive is of another launch';
  if (report.archive.environment !== textOf(spec['environment']))
    return `its archive is of ${report.archive.environment ?? 'no environment'}`;
  if (spec['bound'] === true && !isOfCandidate(spec, report)) return 'it is of another candidate';
  return whyNotYoung(ageMs, textOf(spec['maxAge']));
}

function isOfCandidate(spec: JsonObject, { candidates }: RestoreReport): boolean {
  return Object.values(candidates).includes(textOf(spec['candidate']));
}

function whyNone(passedOver: readonly { name: string; why: string | null }[]): string {
  const why = passedOver.slice(-3).map(({ name, why: reason }) => `${name}: ${reason ?? ''}`);
  return `expected a restore drill, got ${why.length === 0 ? 'none' : `only others (${why.join('; ')})`}`;
}

/** Whatever key it is: the control stands for a report that is genuine, and tells of a restore that lost a row. */
const controlKey = createLogKey('tminus/control', new Uint8Array(32));

const phases = drillPhases.map((name) => ({ name, ms: 0 }));
const seen = { appGitSha: null, validation: [], smoke: [], phases, rtoMs: 0, stopped: null, passed: true };

function toBroken(spec: JsonObject): RestoreReport {
  const subject = Array.isArray(spec['of']) ? spec['of'].map(textOf) : [storeSubject];
  const sha256 = '0'.repeat(64);
  return {
    format: 'tminus/restore-drill/1',
    id: 'control',
    launch: textOf(spec['launch']),
    planHash: sha256,
    candidates: { control: textOf(spec['candidate']) },
    subject,
    archive: {
      uri: 'control.tar.gz',
      expectedSha256: sha256,
      computedSha256: sha256,
      generatedAt: '2000-01-01T00:00:00.000Z',
      environment: textOf(spec['environment']),
      launch: subject.includes(storeSubject) ? null : textOf(spec['launch']),
      appGitSha: null,
      formatVersion: 1,
    },
    ...seen,
    entities: [
      {
        entity: 'control',
        planned: 2,
        restored: 1,
        skipped: 1,
        invalid: 0,
        expectedSha256: sha256,
        computedSha256: sha256,
      },
    ],
    target: { environment: 'scratch', server: {}, database: 'tminus_drill_control', wasEmpty: true, dropped: true },
    productionWrites: 'none',
    beganAt: '2000-01-01T00:00:00.000Z',
    endedAt: '2000-01-01T00:01:00.000Z',
    signedBy: controlKey.text,
  };
}
