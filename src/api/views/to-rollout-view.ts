import type { z } from 'zod';

import { explainVerdict } from '../../core/rollout/explain-verdict.ts';
import type { RolloutState } from '../../core/rollout/rollout-state.ts';
import type { MeasureVerdict } from '../../core/rollout/verdict.ts';
import type { DeclaredShift, Shift } from '../../store/rollout.ts';
import type { RolloutPage, ShiftPage } from '../../engine/rollout/read-shifts.ts';
import type { ShiftEntry } from '../../store/rollout-entry.ts';
import type { declaredRollout, rolloutList, shiftLine, shiftPoint, shiftView } from './rollout-view.ts';

/** The rollout as the API shows it. */
function toDeclaredView({ rollout, routers }: DeclaredShift): z.input<typeof declaredRollout> {
  const { at: _at, shadow: _shadow, ...rest } = rollout;
  return {
    ...rest,
    routers: routers.map(({ id, kind }) => ({ id, kind })),
    phases: [...rollout.phases].map((phase) => ({ ...phase, conditions: [...phase.conditions] })),
    measures: rollout.measures.map(({ counts: _counts, phases, ...measure }) => ({
      ...measure,
      phases: phases ? [...phases] : null,
    })),
  };
}

/** A rollout in the list. */
export function toRolloutItem({ declared, shifts }: RolloutPage): z.input<typeof rolloutList>['items'][number] {
  return { declared: toDeclaredView(declared), shifts: shifts.map(toShiftLine) };
}

function toShiftLine(shift: Shift): z.input<typeof shiftLine> {
  const { id, rollout, stands, requester, reason, candidateSha256, createdAt, endedAt, version, state } = shift;
  const phase = state.rollout.phases[state.phase]?.id ?? null;
  const { exposed: seen, weight } = state;
  return {
    id,
    rollout,
    stands,
    requester,
    reason,
    candidateSha256,
    createdAt,
    endedAt,
    version,
    weight: weight.asked,
    phase,
    exposed: seen,
  };
}

/** One shift as the API shows it. */
export function toShiftView({ shift, explanation, broken }: ShiftPage): z.input<typeof shiftView> {
  const { state, declared, planHash, entries, head } = shift;
  const { headline, waits, measures } = explanation;
  return {
    ...toShiftLine(shift),
    planHash,
    entries,
    head,
    broken,
    headline,
    waits,
    measures,
    declared: toDeclaredView(declared),
    verdicts: state.verdicts,
    phaseIndex: state.phase,
    phaseSince: toInstant(state.phaseSinceMs),
    phaseExposed: state.phaseExposed,
    hold: state.hold === null ? null : { ...state.hold, at: toInstant(state.hold.atMs) ?? '' },
    bars: state.bars.map(({ code, reason, untilMs }) => ({ code, reason, until: toInstant(untilMs) })),
    notes: state.notes.map(({ by, text, atMs }) => ({ by, text, at: toInstant(atMs) ?? '' })),
    outcome: state.outcome,
    differences: toDifferences(state),
    routers: state.routers.map(({ router, weight, detail }) => ({ router, weight, detail })),
    reports: state.reports.map(({ fromMs, toMs, basis: _basis, ...report }) => ({
      ...report,
      verdicts: report.verdicts.map((verdict) => ({ ...verdict, text: toWords(verdict, report.phase, state) })),
      from: toInstant(fromMs) ?? '',
      to: toInstant(toMs) ?? '',
    })),
  };
}

function toWords(verdict: MeasureVerdict, id: string, { rollout }: RolloutState): string {
  const phase = rollout.phases.findIndex((one) => one.id === id);
  return explainVerdict(verdict, { rollout, phase }).text;
}

function toDifferences({ differences }: RolloutState): z.input<typeof shiftView>['differences'] {
  return differences?.map(({ arms: _arms, fields, ...route }) => ({ ...route, fields: [...fields] })) ?? null;
}

/** A look as a chart draws it. */
export function toPoint({ at, body }: ShiftEntry): z.input<typeof shiftPoint> {
  const {
    asked,
    read,
    phase,
    exposed: seen,
    verdicts,
  } = body as unknown as {
    asked: number;
    read: { [router: string]: number | null };
    phase: string | null;
    exposed: { requests: number };
    verdicts: z.input<typeof shiftPoint>['measures'];
  };
  return { at, asked, read, phase, requests: seen.requests, measures: verdicts };
}

function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
