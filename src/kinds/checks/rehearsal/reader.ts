import { createLogKey } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader } from '../../../core/check/check.ts';
import { judgeRehearsal } from '../../../core/rehearsal/judge-rehearsal.ts';
import type { RehearsalJudgement } from '../../../core/rehearsal/judge-rehearsal.ts';
import type { RehearsalReport } from '../../../core/rehearsal/rehearsal-report.ts';
import { toControlReport } from '../control-report.ts';
import { countReports } from '../count-reports.ts';
import type { CountedReport, PassedOver } from '../count-reports.ts';
import { splitStat, toFileFacts } from '../file-stat.ts';
import { refuseFence } from '../no-fence.ts';
import { textOf } from '../parse-json.ts';
import { readNamed } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { firstNames, toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { splitMoment, toMomentSource } from '../moment.ts';
import { openReportFile, toReportFile } from './report-file.ts';

/** A document cannot name a plan or a candidate of its own choice: both are filled in with those that the evidence is bound to. */
const planTemplate = '{{ launch.planHash }}';
const candidateTemplate = '{{ candidate.sha256 }}';

const schema = z.strictObject({
  procedure: z.string().min(1).meta({ description: 'Id of the procedure that was rehearsed.' }),
  times: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(2)
    .meta({ description: 'So many rehearsals have to have passed, by the default expectations.' }),
  path: fileKeys.path.default('reports/rehearsals'),
  maxAge: fileKeys.maxAge
    .unwrap()
    .default('7d')
    .meta({ description: 'A rehearsal that began earlier does not count.' }),
  planHash: z.literal(planTemplate).default(planTemplate).meta({ description: 'Filled in: the plan of the launch.' }),
  candidate: z
    .literal(candidateTemplate)
    .default(candidateTemplate)
    .meta({ description: 'Filled in: the candidate of the launch.' }),
});

/** Rehearsals of a procedure of this very plan and candidate, by the reports that `tminus rehearse` signs. */
export const rehearsalReader: CheckReader = {
  kind: 'rehearsal',
  summary:
    'Counts the rehearsals of a procedure that were made with this plan and this candidate, and judges each again by its passes, events and controls.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: ({ times }) => [`passed >= ${Number(times)}`, 'last == passed'],
  parse: (spec, sources) =>
    toReading(() => {
      const { rest, nowMs } = splitMoment(sources);
      const { files, stat } = splitStat(rest);
      const reports = files.map((file) => ({ name: file.name, report: readNamed(file, openReportFile) }));
      const { counted, passedOver } = countReports(spec, reports, { nowMs, judge: judgeRehearsal });
      return { ...toFacts(counted, passedOver), file: toFileFacts(files, stat) };
    }),
  negativeControl(spec) {
    const report = toBroken(spec);
    const file = { name: 'control.json', mediaType: 'application/json', text: toReportFile(report, controlKey) };
    return [...toControlReport({}, file), toMomentSource(Date.parse(report.beganAt))];
  },
};

function toFacts(
  counted: readonly CountedReport<RehearsalReport, RehearsalJudgement>[],
  passedOver: readonly PassedOver[],
): JsonObject {
  const newest = counted.at(-1);
  if (newest === undefined) throw new Unreadable('not_rehearsed', whyNone(passedOver));
  const passed = counted.filter(({ judgement }) => judgement.passed);
  const ways = passed.map(({ judgement }) => judgement.wayBack);
  const keys = [...new Set(counted.map(({ report }) => report.signedBy))];
  return {
    passed: passed.length,
    failed: counted.length - passed.length,
    last: newest.judgement.passed ? 'passed' : 'failed',
    environment: toPlainText(newest.report.environment),
    ageMs: newest.ageMs,
    ...longest(
      'undoMs',
      ways.map((way) => way?.rollbackMs ?? null),
    ),
    ...longest(
      'verifyMs',
      ways.map((way) => way?.verifyMs ?? null),
    ),
    controls: newest.report.controls.length,
    ...sumOf(counted.map(({ report }) => report.uncommitted)),
    ...(keys.length === 1 ? { key: toPlainText(keys[0]!) } : {}),
    rehearsals: counted.slice(-20).map(({ name, report, judgement }) => ({
      file: name,
      id: toPlainText(report.id),
      passed: judgement.passed,
      passes: report.passes.length,
      findings: firstNames(judgement.findings),
    })),
    passedOver: passedOver.slice(0, 20).map(({ name, why }) => ({ file: name, why })),
  };
}

/** The slowest of all, and nothing where one of them was not measured: a missing time is never the smaller one. */
function longest(name: string, times: readonly (number | null)[]): JsonObject {
  const known = times.filter((each) => each !== null);
  return known.length === 0 || known.length < times.length ? {} : { [name]: Math.max(...known) };
}

/** So many files of no commit were rehearsed; nothing where one of the rehearsals could not tell. */
function sumOf(all: readonly (readonly string[] | null)[]): JsonObject {
  const known = all.filter((each) => each !== null);
  return known.length < all.length ? {} : { uncommitted: new Set(known.flat()).size };
}

function whyNone(passedOver: readonly PassedOver[]): string {
  const why = passedOver.map(({ name, why: reason }) => `${name}: ${reason}`).slice(-3);
  return `expected a full rehearsal of this plan and candidate, got ${why.length === 0 ? 'none' : `only others (${why.join('; ')})`}`;
}

/** Whatever key it is: the control stands for a report that is genuine, and tells of a way back that failed. */
const controlKey = createLogKey('tminus/control', new Uint8Array(32));

function toBroken(spec: JsonObject): RehearsalReport {
  const events = { count: 1, sha256: '0'.repeat(64) };
  const pass = {
    title: '',
    run: 'control',
    passed: true,
    faults: {},
    missed: [],
    worked: ['control'],
    stoodIn: [],
    lastedMs: 0,
    tookMs: 0,
    wayBack: null,
    events,
    log: null,
  };
  return {
    format: 'tminus/rehearsal/1',
    id: 'control',
    launch: 'control',
    procedure: textOf(spec['procedure']),
    environment: 'control',
    planHash: textOf(spec['planHash']),
    candidateSha256: textOf(spec['candidate']),
    candidates: { control: textOf(spec['candidate']) },
    depth: 'full',
    uncommitted: [],
    beganAt: '2000-01-01T00:00:00.000Z',
    endedAt: '2000-01-01T00:01:00.000Z',
    signedBy: controlKey.text,
    passed: true,
    planned: ['forward', 'way-back'],
    passes: [
      { ...pass, id: 'forward', takesBack: false, state: 'completed', findings: [] },
      { ...pass, id: 'way-back', takesBack: true, state: 'held', findings: ['the way back failed'] },
    ],
    controls: [],
  };
}
