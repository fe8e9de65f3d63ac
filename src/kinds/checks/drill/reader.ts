import type { JsonObject, Signed } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader } from '../../../core/check/check.ts';
import type { DrillAttestation, Observers } from '../../../core/rollback/drill-attestation.ts';
import type { DrillReport } from '../../../core/rollback/drill-report.ts';
import { findObserver } from '../../../core/rollback/find-observer-fault.ts';
import { judgeDrill } from '../../../core/rollback/judge-drill.ts';
import type { DrillJudgement } from '../../../core/rollback/judge-drill.ts';
import { countReports } from '../count-reports.ts';
import type { CountedReport, PassedOver } from '../count-reports.ts';
import { splitStat, toFileFacts } from '../file-stat.ts';
import { splitMoment } from '../moment.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { firstNames, toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { isAttestationFile, observersSchema, openAttestationFile } from './attestation-file.ts';
import { toControl } from './control.ts';
import { openDrillFile } from './report-file.ts';

/** A document cannot name a plan or a candidate of its own choice: both are filled in with those that the evidence is bound to. */
const planTemplate = '{{ launch.planHash }}';
const candidateTemplate = '{{ candidate.sha256 }}';

const schema = z.strictObject({
  procedure: z
    .string()
    .min(1)
    .meta({ description: 'Id of the procedure that was drilled: a way back, or a kill switch.' }),
  path: fileKeys.path.default('reports/drills'),
  maxAge: fileKeys.maxAge.unwrap().default('7d').meta({ description: 'A drill that began earlier does not count.' }),
  planHash: z.literal(planTemplate).default(planTemplate).meta({ description: 'Filled in: the plan of the launch.' }),
  candidate: z
    .literal(candidateTemplate)
    .default(candidateTemplate)
    .meta({ description: 'Filled in: the candidate of the launch.' }),
  observer: observersSchema
    .meta({ description: 'Filled in: who has to have watched, where the way back names an observer.' })
    .optional(),
});

/** Drills of one way back with this very plan and candidate, by the reports that `tminus drill` signs. */
export const drillReader: CheckReader = {
  kind: 'drill',
  summary:
    'Counts the drills of one way back, or kill switch, that were made with this plan and this candidate, and judges each again by its events: in time, verified, nothing lost.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['passed >= 1', 'last == passed'],
  parse: (spec, sources) =>
    toReading(() => {
      const { rest, nowMs } = splitMoment(sources);
      const { files, stat } = splitStat(rest);
      const words = files.filter(({ bytes }) => isAttestationFile(bytes));
      const drills = files.filter((file) => !words.includes(file));
      const found = {
        drills: drills.map((file) => ({ name: file.name, report: readNamed(file, openDrillFile) })),
        words: words.map((file) => readNamed(file, openAttestationFile)),
      };
      return { ...toFacts(countDrills(spec, found, nowMs)), file: toFileFacts(files, stat) };
    }),
  negativeControl: toControl,
};

/** A drill that nobody watched who had to counts as little as one of a part. */
type WatchedDrill = DrillJudgement & { observedBy: string | null };

interface Counted {
  counted: readonly CountedReport<DrillReport, WatchedDrill>[];
  passedOver: readonly PassedOver[];
}

interface Found {
  drills: readonly { name: string; report: DrillReport }[];
  words: readonly Signed<DrillAttestation>[];
}

function countDrills(spec: JsonObject, { drills, words }: Found, nowMs: number): Counted {
  const judge = (report: DrillReport): WatchedDrill => {
    const judgement = judgeDrill(report);
    const { observedBy, lacks } = observe(spec, { report, judgement, nowMs }, words);
    return { ...judgement, observedBy, partial: judgement.partial ?? lacks };
  };
  return countReports(spec, drills, { nowMs, judge });
}

/** Who watched, or what is lacking. One that failed has failed, whoever watched it. */
function observe(
  spec: JsonObject,
  { report, judgement, nowMs }: { report: DrillReport; judgement: DrillJudgement; nowMs: number },
  words: readonly Signed<DrillAttestation>[],
): { observedBy: string | null; lacks: string | null } {
  const observers = (spec['observer'] ?? null) as unknown as Observers | null;
  if (observers === null) {
    const asked = report.observer ?? null;
    return {
      observedBy: null,
      lacks: asked && `${asked} has to have watched it, and this check does not know whom that is`,
    };
  }
  const about = words.filter(({ statement }) => statement.drill === report.id);
  const { person, faults } = findObserver({ report, observers, nowMs }, about);
  if (person !== null || !judgement.passed) return { observedBy: person, lacks: null };
  const wanted = `nobody who watched ${report.id} has attested it: ${observers.asked} has to`;
  return { observedBy: null, lacks: [wanted, ...faults.slice(-3)].join('; ') };
}

function toFacts({ counted, passedOver }: Counted): JsonObject {
  const newest = counted.at(-1);
  if (newest === undefined) throw new Unreadable('not_drilled', whyNone(passedOver));
  const { report, judgement, ageMs } = newest;
  const passed = counted.filter((one) => one.judgement.passed);
  const keys = [...new Set(counted.map((one) => one.report.signedBy))];
  return {
    passed: passed.length,
    failed: counted.length - passed.length,
    last: judgement.passed ? 'passed' : 'failed',
    kind: report.kind,
    environment: toPlainText(report.environment),
    ageMs,
    withinMs: report.withinMs,
    ...(judgement.tookMs !== null && { tookMs: judgement.tookMs }),
    ...(judgement.changedMs !== null && { changedMs: judgement.changedMs }),
    stoodIn: report.back.stoodIn.length,
    ...(judgement.observedBy !== null && { observedBy: toPlainText(judgement.observedBy) }),
    ...(report.uncommitted !== null && { uncommitted: report.uncommitted.length }),
    ...(keys.length === 1 ? { key: toPlainText(keys[0]!) } : {}),
    steps: judgement.steps.map(({ step, state, beganMs, endedMs }) => ({
      step: toPlainText(step),
      state,
      ...(beganMs !== null && { beganMs }),
      ...(endedMs !== null && { endedMs }),
    })),
    drills: counted.slice(-20).map((one) => ({
      file: one.name,
      id: toPlainText(one.report.id),
      passed: one.judgement.passed,
      ...(one.judgement.tookMs !== null && { tookMs: one.judgement.tookMs }),
      findings: firstNames(one.judgement.findings),
    })),
    passedOver: passedOver.slice(0, 20).map(({ name, why }) => ({ file: name, why })),
  };
}

function whyNone(passedOver: Counted['passedOver']): string {
  const why = passedOver.map(({ name, why: reason }) => `${name}: ${reason}`).slice(-3);
  return `expected a drill of this plan and candidate, got ${why.length === 0 ? 'none' : `only others (${why.join('; ')})`}`;
}
