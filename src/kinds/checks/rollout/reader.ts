import { createLogKey } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import type { SealedPhase } from '../../../core/rollout/sealed-phase.ts';
import type { MeasureVerdict } from '../../../core/rollout/verdict.ts';
import { toAgeText } from '../age-text.ts';
import { splitMoment, toMomentSource } from '../moment.ts';
import { refuseFence } from '../no-fence.ts';
import { textOf } from '../parse-json.ts';
import { readNamed } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys, toDurationMs } from '../report-spec.ts';
import { toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { openPhaseFile, toPhaseFile } from './phase-file.ts';

/** A document cannot name a plan, a candidate, a launch or a place of its own choice. */
const filled = {
  planHash: '{{ launch.planHash }}',
  candidate: '{{ candidate.sha256 }}',
  launch: '{{ launch.id }}',
} as const;

const schema = z.strictObject({
  rollout: z.string().min(1).max(200).meta({ description: 'Id of a rollout of the launch.' }),
  phase: z.string().min(1).max(200).meta({ description: 'Id of the phase that has to be over, such as at-25.' }),
  maxAge: fileKeys.maxAge.unwrap().default('30d').meta({ description: 'A phase that ended earlier does not count.' }),
  environment: z
    .string()
    .min(1)
    .default('{{ environment.id }}')
    .meta({ description: 'Where traffic was shifted; by default the environment that is asked about.' }),
  planHash: z
    .literal(filled.planHash)
    .default(filled.planHash)
    .meta({ description: 'Filled in: the plan of the launch.' }),
  candidate: z
    .literal(filled.candidate)
    .default(filled.candidate)
    .meta({ description: 'Filled in: the candidate of the launch.' }),
  launch: z.literal(filled.launch).default(filled.launch).meta({ description: 'Filled in: the launch.' }),
});

/** Phases of a rollout by the reports that were sealed when they ended, each judged again from its counts. */
export const rolloutReader: CheckReader = {
  kind: 'rollout',
  summary:
    'Says how a phase of a rollout ended for this plan and candidate, and judges it again from the counts of both arms that were sealed at its end.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['last == passed'],
  parse: (spec, sources) =>
    toReading(() => {
      const { rest, nowMs } = splitMoment(sources);
      return toFacts(
        spec,
        rest.map((file) => readNamed(file, openPhaseFile)),
        nowMs,
      );
    }),
  negativeControl(spec) {
    const made = toBroken(spec);
    return [toPhaseSource('control', toPhaseFile(made, controlKey)), toMomentSource(made.report.toMs)];
  },
};

/** Returns the source that a sealed phase is in an observation. */
export function toPhaseSource(name: string, envelope: string): ObservedSource {
  return { name: `${name}.json`, mediaType: 'application/json', bytes: new TextEncoder().encode(envelope) };
}

function toFacts(spec: JsonObject, phases: readonly SealedPhase[], nowMs: number): JsonObject {
  const ordered = phases.toSorted((a, b) => a.report.toMs - b.report.toMs);
  const judged = ordered.map((phase) => ({ phase, why: whyOther(spec, phase, nowMs) }));
  const own = judged.flatMap(({ phase, why }) => (why === null ? [phase] : []));
  const newest = own.findLast(({ report }) => report.phase === spec['phase']);
  if (newest === undefined) throw new Unreadable('not_reached', whyNone(spec, own, judged));
  const { report, shift, environment, signedBy } = newest;
  // What went well at a quarter of the traffic and was taken back at a half did not go well.
  const left = own.findLast((phase) => phase.report.ended === 'left' && phase.report.toMs >= report.toMs);
  return {
    last: left === undefined ? report.ended : 'left',
    phase: toPlainText(report.phase),
    weight: report.weight,
    ended: report.ended,
    reason: toPlainText(report.reason),
    ...(report.by === null ? {} : { by: toPlainText(report.by) }),
    ...(left === undefined ? {} : { leftAt: toPlainText(left.report.phase) }),
    shift: toPlainText(shift),
    environment: toPlainText(environment),
    ageMs: nowMs - report.toMs,
    lastedMs: report.toMs - report.fromMs,
    exposed: report.exposed.requests,
    exact: report.exposed.exact,
    measures: Object.fromEntries(report.verdicts.map((verdict) => [verdict.measure, toMeasure(verdict)])),
    key: toPlainText(signedBy),
    passedOver: judged
      .flatMap(({ phase, why }) => (why === null ? [] : [`${toPlainText(phase.shift)}: ${why}`]))
      .slice(-20),
  };
}

/** Shares of no requests are missing, not 0. */
function toMeasure({ verdict, reason, canary, stable, logAgainst, logFor, limit }: MeasureVerdict): JsonObject {
  return {
    verdict,
    reason,
    canary: toCounts(canary),
    stable: toCounts(stable),
    logAgainst,
    logFor,
    limit,
  };
}

function toCounts({ total, bad }: { total: number; bad: number }): JsonObject {
  return { total, bad, ...(total > 0 && { share: bad / total }) };
}

/** Clocks of two machines may differ by this much; what ended further ahead would stay young for ever. */
const clockSkewMs = 60_000;

function whyOther(spec: JsonObject, phase: SealedPhase, nowMs: number): string | null {
  const ageMs = nowMs - phase.report.toMs;
  const maxAge = textOf(spec['maxAge']);
  if (phase.launch !== spec['launch']) return 'it is of another launch';
  if (phase.rollout !== spec['rollout']) return 'it is of another rollout';
  if (phase.environment !== spec['environment']) return `it is of ${toPlainText(phase.environment)}`;
  if (phase.planHash !== spec['planHash']) return `it is of another plan, ${toPlainText(phase.planHash).slice(0, 12)}`;
  if (phase.candidateSha256 !== spec['candidate']) return 'it is of another candidate';
  if (ageMs < -clockSkewMs) return `it ended ${toAgeText(-ageMs)} ahead of the clock`;
  return ageMs > toDurationMs(maxAge) ? `it is ${toAgeText(ageMs)} old, at most ${maxAge} is allowed` : null;
}

function whyNone(
  spec: JsonObject,
  own: readonly SealedPhase[],
  all: readonly { phase: SealedPhase; why: string | null }[],
): string {
  const others = all.flatMap(({ phase, why }) =>
    why === null ? [] : [`${phase.shift} ${phase.report.phase}: ${why}`],
  );
  const got =
    own.length > 0
      ? `only ${[...new Set(own.map(({ report }) => report.phase))].join(', ')}`
      : others.length === 0
        ? 'none'
        : `only others (${others.slice(-3).join('; ')})`;
  return `expected phase ${textOf(spec['phase'])} of this plan and candidate to be over, got ${got}`;
}

/** Whatever key it is: the control stands for a report that is genuine, and tells of a canary that was taken back. */
const controlKey = createLogKey('tminus/control', new Uint8Array(32));

function toBroken(spec: JsonObject): SealedPhase {
  const id = textOf(spec['phase']);
  const phase = {
    id,
    weight: 5,
    minTimeMs: 0,
    maxTimeMs: 0,
    minRequests: 0,
    warmupMs: 0,
    bakeMs: 0,
    conditions: [],
    note: null,
  };
  const fromMs = Date.UTC(2000, 0, 1);
  return {
    format: 'tminus/rollout-phase/1',
    shift: 'control',
    rollout: textOf(spec['rollout']),
    launch: textOf(spec['launch']),
    environment: textOf(spec['environment']),
    planHash: textOf(spec['planHash']),
    candidateSha256: textOf(spec['candidate']),
    journal: { entries: 1, head: '0'.repeat(64) },
    declared: { phases: [phase], measures: [], intervalMs: 10_000 },
    report: {
      phase: id,
      weight: 5,
      ended: 'left',
      by: null,
      reason: 'the canary fails',
      fromMs,
      toMs: fromMs + 60_000,
      exposed: { requests: 1, exact: true },
      verdicts: [],
      basis: { judgedAtMs: null, watches: [], dispersions: {} },
    },
    signedBy: controlKey.text,
  };
}
