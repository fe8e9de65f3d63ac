import type { JsonObject } from '@tminus/verify';

import type { CheckReader, Expectation } from '../../core/check/check.ts';
import { readExpectation } from '../../core/check/read-expectation.ts';
import { resolveTemplates } from '../../core/check/resolve-templates.ts';
import type { TemplateValues } from '../../core/check/resolve-templates.ts';
import { judgeControl } from '../../core/evidence/seal-evidence.ts';
import type { Plan, PlannedStep, Watch } from '../../core/procedure/plan.ts';
import type { ControlReport } from '../../core/rehearsal/rehearsal-report.ts';

/** A check that a procedure asks on its way. */
interface GateOfPlan {
  of: string;
  part: ControlReport['part'];
  kind: string;
  spec: JsonObject;
  expectations: readonly Expectation[];
}

/**
 * Holds each check that a procedure asks (as a step, inside a wait, for a stop condition, for a point of no return) against the negative control of its
 * kind: one that passes there cannot fail, and what stands behind it is no gate (law 2).
 */
export function judgeControls(plan: Plan, readers: readonly CheckReader[], values: TemplateValues): ControlReport[] {
  const gates = [...plan.steps, ...plan.undoSteps].flatMap(gatesOfStep);
  const stops = plan.stops.flatMap((watch) => gatesOfWatch('stop', watch));
  const returns = plan.pointsOfNoReturn.flatMap((watch) => gatesOfWatch('return', watch));
  return [...gates, ...stops, ...returns].map((gate) => judgeGate(gate, readers, values));
}

function judgeGate(gate: GateOfPlan, readers: readonly CheckReader[], values: TemplateValues): ControlReport {
  const { of, part, kind } = gate;
  const notJudged = (reason: string): ControlReport => ({ of, part, kind, outcome: 'not_judged', reason });
  const reader = readers.find((one) => one.kind === kind);
  if (!reader) return notJudged(`there is no check of kind ${kind}`);
  const asked = resolveTemplates(gate, values);
  if (!asked.ok)
    return notJudged(asked.faults.map(({ expected, got }) => `expected ${expected}, got ${got}`).join('; '));
  const { outcome, findings } = judgeControl(reader, asked);
  if (findings.length === 0) return notJudged('its negative control cannot be read, or nothing is expected of it');
  const reason = findings.map(({ rule, outcome: each, got }) => `${rule}: ${each}, got ${got}`).join('; ');
  return { of, part, kind, outcome, reason };
}

function gatesOfWatch(part: 'stop' | 'return', { id, detect }: Watch): GateOfPlan[] {
  return detect === null ? [] : [{ of: id, part, ...detect }];
}

/** A step of kind `check` asks once, one of kind `wait` until it passes. */
function gatesOfStep({ id, action, probe }: PlannedStep): GateOfPlan[] {
  return [action, probe].flatMap((one) => {
    const { check, until } = one?.spec ?? {};
    const written = one?.kind === 'check' ? check : one?.kind === 'wait' ? until : null;
    if (typeof written !== 'object' || written === null || Array.isArray(written)) return [];
    const { kind, expect, ...spec } = written as JsonObject & { kind: string };
    return [{ of: id, part: 'step', kind, spec, expectations: toExpectations(expect) }];
  });
}

/** The document was read: each of them can be read again. */
function toExpectations(texts: unknown): Expectation[] {
  const written = Array.isArray(texts) ? texts : [];
  return written.flatMap((text) => {
    const read = readExpectation(String(text));
    return read.ok ? [read.expectation] : [];
  });
}
