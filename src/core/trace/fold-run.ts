import type { JsonObject } from '@tminus/verify';

import { runTransitions } from '../procedure/run-transitions.ts';
import { stepTransitions } from '../procedure/step-transitions.ts';
import type { StepMove } from '../procedure/step-transitions.ts';
import type { Span } from './span.ts';
import { attemptPart, spanIdOf, traceIdOf } from './trace-ids.ts';

/** What is open in the trace of a run. */
export interface RunTrace {
  run: string;
  startMs: number | null;
  /** By step: the attempt, or the waiting of a person, that has begun and not ended. */
  open: { [step: string]: OpenSpan };
}

interface OpenSpan {
  part: string;
  startMs: number;
  attributes: Span['attributes'];
}

/** What the spans of a run say of it. */
export interface RunSubject {
  launch: string;
  procedure: string;
  environment: string;
  mode: string;
  kinds: { [step: string]: string };
}

/** An event of a run, as it is kept. */
export interface TracedEvent {
  number: number;
  body: JsonObject;
}

/** A run of which nothing was seen. */
export function newRunTrace(run: string): RunTrace {
  return { run, startMs: null, open: {} };
}

/** The moves with which a span of a step ends, and how: an attempt that was lost is an error, one that was called off is neither good nor bad. */
const endings: { readonly [move in StepMove]?: Span['status'] } = {
  finish: 'ok',
  confirm: 'ok',
  fail: 'error',
  expire: 'error',
  lose: 'error',
  retry: 'error',
  permit: 'unset',
  skip: 'unset',
  cancel: 'unset',
  recycle: 'unset',
};

/** Moves of steps and runs with which spans end. */
export const endingMoves: readonly string[] = [
  ...Object.keys(endings),
  ...Object.keys(runTransitions).filter((move) => isRunEnd(move)),
];

/** Takes an event into the trace of its run, and returns the spans that end with it. Changes `trace`. */
export function foldRunEvent(trace: RunTrace, { number, body }: TracedEvent, subject: RunSubject): Span[] {
  const [kind, move, step, atMs] = [body['kind'], body['move'], body['step'], Number(body['atMs'])];
  if (typeof move !== 'string' || !Number.isFinite(atMs)) return [];
  if (kind === 'run_moved') return foldRunMove(trace, { move, atMs }, subject);
  if (kind !== 'step_moved' || typeof step !== 'string') return [];
  if (move === 'begin') {
    const attempt = Number((body['set'] as JsonObject | undefined)?.['attempt'] ?? 1);
    const attributes = { ...aboutStep(subject, step), 'tminus.attempt': attempt };
    trace.open[step] = { part: attemptPart(step, attempt), startMs: atMs, attributes };
  } else if (move === 'await') {
    const attributes = { ...aboutStep(subject, step), 'tminus.waits_for': 'person' };
    trace.open[step] = { part: `wait ${step} ${number}`, startMs: atMs, attributes };
  } else return endStep(trace, { step, move: move as StepMove, atMs }, subject);
  return [];
}

function endStep(
  trace: RunTrace,
  { step, move, atMs }: { step: string; move: StepMove; atMs: number },
  subject: RunSubject,
): Span[] {
  const [open, status] = [trace.open[step], endings[move]];
  if (open === undefined || status === undefined) return [];
  delete trace.open[step];
  const span = {
    ...idsOf(trace.run, open.part),
    parentId: spanIdOf(trace.run, rootPart),
    name: step,
    startMs: open.startMs,
    endMs: Math.max(atMs, open.startMs),
    attributes: { ...aboutRun(trace.run, subject), ...open.attributes, 'tminus.outcome': stepTransitions[move].to },
    status,
    message: status === 'error' ? stepTransitions[move].why : null,
  };
  return [span];
}

const rootPart = 'run';

function foldRunMove(trace: RunTrace, { move, atMs }: { move: string; atMs: number }, subject: RunSubject): Span[] {
  if (move === 'begin') trace.startMs ??= atMs;
  if (!isRunEnd(move)) return [];
  const { to, why } = runTransitions[move];
  const isGood = move === 'complete';
  const root: Span = {
    ...idsOf(trace.run, rootPart),
    parentId: null,
    name: `run ${subject.procedure}`,
    startMs: Math.min(trace.startMs ?? atMs, atMs),
    endMs: atMs,
    attributes: { ...aboutRun(trace.run, subject), 'tminus.outcome': to },
    status: isGood ? 'ok' : isCalledOff(move) ? 'unset' : 'error',
    message: isGood || isCalledOff(move) ? null : why,
  };
  return [root];
}

function isRunEnd(move: string): move is keyof typeof runTransitions {
  return move === 'complete' || move.startsWith('end_');
}

function isCalledOff(move: string): boolean {
  return move === 'end_cancelled' || move === 'end_rolled_back';
}

function idsOf(run: string, part: string): Pick<Span, 'traceId' | 'spanId'> {
  return { traceId: traceIdOf(run), spanId: spanIdOf(run, part) };
}

function aboutRun(run: string, { launch, environment, procedure, mode }: RunSubject): Span['attributes'] {
  return {
    'tminus.run': run,
    'tminus.launch': launch,
    'tminus.environment': environment,
    'tminus.procedure': procedure,
    'tminus.mode': mode,
  };
}

function aboutStep({ kinds }: RunSubject, step: string): Span['attributes'] {
  const kind = kinds[step];
  return { 'tminus.step': step, ...(kind !== undefined && { 'tminus.step.kind': kind }) };
}
