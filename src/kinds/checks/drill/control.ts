import { createLogKey, digestOf } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';

import type { ObservedSource } from '../../../core/check/check.ts';
import type { Change } from '../../../core/procedure/change.ts';
import type { Run } from '../../../core/procedure/run.ts';
import type { DrillReport } from '../../../core/rollback/drill-report.ts';
import { toControlReport } from '../control-report.ts';
import { toMomentSource } from '../moment.ts';
import { textOf } from '../parse-json.ts';
import { toDrillFile } from './report-file.ts';

/** Returns the report of a drill that failed, as if somebody had signed it: every expectation has to find that out. */
export function toControl(spec: JsonObject): ObservedSource[] {
  const report = toBroken(spec);
  const file = { name: 'control.json', mediaType: 'application/json', text: toDrillFile(report, controlKey) };
  return [...toControlReport({}, file), toMomentSource(Date.parse(report.beganAt))];
}

/** Whatever key it is: the control stands for a report that is genuine, and tells of a way back that failed. */
const controlKey = createLogKey('tminus/control', new Uint8Array(32));

function toBroken(spec: JsonObject): DrillReport {
  const [procedure, planHash] = [textOf(spec['procedure']), textOf(spec['planHash'])];
  const log = brokenLog(procedure, planHash);
  const back: DrillReport['back'] = {
    run: 'control',
    state: 'failed',
    stoodIn: [],
    events: { count: log.length, sha256: digestOf(log) },
    log,
  };
  return {
    format: 'tminus/drill/1',
    id: 'control',
    launch: 'control',
    procedure,
    kind: 'immediate',
    withinMs: 1,
    ledger: null,
    environment: 'control',
    simulated: false,
    planHash,
    candidates: { control: textOf(spec['candidate']) },
    uncommitted: [],
    beganAt: '2000-01-01T00:00:00.000Z',
    endedAt: '2000-01-01T00:01:00.000Z',
    signedBy: controlKey.text,
    passed: true,
    forward: null,
    ledgerBefore: null,
    controls: [],
    back,
  };
}

/** Events of a way back that failed before it had done anything. */
function brokenLog(procedure: string, planHash: string): Change[] {
  const atMs = Date.parse('2000-01-01T00:00:00.000Z');
  const run: Run = {
    id: 'control',
    mode: 'rehearsal',
    plan: {
      id: procedure,
      title: '',
      planHash,
      environment: { id: 'control', production: false },
      steps: [],
      undoSteps: [],
      roles: {},
      automations: [],
      deciders: [],
      builtInHolds: [],
      recyclePoints: [],
      stops: [],
      pointsOfNoReturn: [],
      queueLimitMs: null,
      limitMs: null,
    },
    state: 'failed',
    requestedBy: 'control',
    createdAtMs: atMs,
    enqueuedAtMs: atMs,
    startedAtMs: atMs,
    endedAtMs: atMs,
    nowMs: atMs,
    approval: null,
    clock: null,
    steps: {},
    holds: [],
    returnPoint: { state: 'ahead', by: null, atMs: null, announced: false },
    ending: null,
    endingReason: null,
    undoing: false,
  };
  return [{ kind: 'run_created', atMs, run }];
}
