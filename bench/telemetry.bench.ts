import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { foldRunEvent, newRunTrace } from '../src/core/trace/fold-run.ts';
import { toOtlp } from '../src/core/trace/to-otlp.ts';
import { openLog } from '../src/engine/log/open-log.ts';
import { renderLine } from '../src/engine/log/render-line.ts';
import { openTraceExport } from '../src/engine/trace/open-trace-export.ts';
import { readTraceSettings } from '../src/engine/trace/read-trace-settings.ts';
import { createMaskDesk } from '../src/mask/mask-desk.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { openTraceReceiver } from '../tests/doubles/trace-receiver.ts';
import { describeMachine } from './describe-machine.ts';
import { measureIdleSteps } from './measure-run-steps.ts';

const rounds = 8;
const runs = 6;
const spans = 20_000;

const desk = createMaskDesk({ rules: [], clock: () => new Date(), onRefused: () => undefined });
const maskText = (text: string): string => desk.maskText('log', text);

/** Measures what traces cost: a step of an engine that has nothing else to do, with and without an export beside it in the same minute, and the work of the exporter itself. */
export async function run() {
  const directory = mkdtempSync(join(tmpdir(), 'tminus-bench-telemetry-'));
  chmodSync(directory, 0o711);
  const store = await openStore({ dataDirectory: directory });
  const samples: { without: StepCost; with: StepCost }[] = [];
  try {
    // The first engine of a process compiles what all others use: it is nobody's cost.
    await measureTracedSteps(store);
    // Each is first as often as it is second: a machine that gets slower, or a store that gets larger, is for neither.
    for (let round = 0; round < rounds; round += 1) {
      const first = round % 2 === 0 ? await measureSteps(store) : await measureTracedSteps(store);
      const second = round % 2 === 0 ? await measureTracedSteps(store) : await measureSteps(store);
      samples.push(round % 2 === 0 ? { without: first, with: second } : { without: second, with: first });
    }
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
  const stepWithoutMs = medianOf(samples.map(({ without }) => without.wallMs));
  const cpuSecondsPer1000Without = medianOf(samples.map(({ without }) => without.cpuMs));
  const cpuSecondsPer1000With = medianOf(samples.map((each) => each.with.cpuMs));
  const addedMsPerStep = medianOf(samples.map((each) => each.with.wallMs - each.without.wallMs));
  const addedCpuMsPerStep = medianOf(samples.map((each) => each.with.cpuMs - each.without.cpuMs));
  const microsPerSpan = measureSpans();
  const microsPerLine = measureLines();
  const goals = { addedMsPerStep: 1, microsPerSpan: 200 };
  const met = addedMsPerStep <= goals.addedMsPerStep && microsPerSpan <= goals.microsPerSpan;
  return {
    name: 'telemetry',
    machine: describeMachine(),
    setting: `medians of ${rounds} rounds of ${runs} runs of 5 steps each, without and with an export in turns; the CPU of the receiver, which is in this process, counts as cost; spans and lines are masked`,
    stepWithoutMs,
    addedMsPerStep,
    cpuSecondsPer1000Without,
    cpuSecondsPer1000With,
    addedCpuMsPerStep,
    microsPerSpan,
    microsPerLine,
    goals: { ...goals, met },
    samples,
  };
}

interface StepCost {
  /** Median from a step that is ready to its end, without its own time. */
  wallMs: number;
  /** Of this process, exporter and receiver included. */
  cpuMs: number;
}

async function measureSteps(store: Store): Promise<StepCost> {
  const before = process.cpuUsage();
  const { overheadMs } = await measureIdleSteps(store, runs);
  const { user, system } = process.cpuUsage(before);
  return { wallMs: medianOf(overheadMs), cpuMs: (user + system) / 1_000 / overheadMs.length };
}

async function measureTracedSteps(store: Store): Promise<StepCost> {
  const receiver = await openTraceReceiver();
  const wish = readTraceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint }, 'bench');
  if (wish.state !== 'on') throw new Error(`traces: expected settings, got ${wish.state}`);
  const report = (error: unknown): void => process.emitWarning(error as Error);
  const exporter = openTraceExport({ store, settings: wish.settings, version: 'bench', maskText, report });
  try {
    const cost = await measureSteps(store);
    // What was not exported cost nothing.
    await receiver.until((told) => told.filter(({ parentSpanId }) => parentSpanId === null).length >= runs);
    return cost;
  } finally {
    await exporter.close();
    await receiver.close();
  }
}

/** Microseconds of this process for each span, from its two events to the bytes that are sent. */
function measureSpans(): number {
  const subject = { launch: 'shop', procedure: 'runbook', environment: 'production', mode: 'live', kinds: { a: 'sh' } };
  const trace = newRunTrace('run-1');
  const began = performance.now();
  for (let place = 0; place < spans; place += 1) {
    const move = { kind: 'step_moved', step: 'a', atMs: 1.7e12 + place };
    foldRunEvent(trace, { number: place, body: { ...move, move: 'begin', set: { attempt: place } } }, subject);
    const [span] = foldRunEvent(trace, { number: place, body: { ...move, move: 'finish', set: {} } }, subject);
    if (span === undefined) throw new Error('span: expected one, got none');
    for (const value of Object.values(span.attributes)) if (typeof value === 'string') maskText(value);
    JSON.stringify(toOtlp([span], { 'service.name': 'tminus' }, '1'));
  }
  return (1_000 * (performance.now() - began)) / spans;
}

/** Microseconds for each line of the log, from its fields to its text. */
function measureLines(): number {
  let bytes = 0;
  const log = openLog({
    sinks: [(line) => (bytes += renderLine(line, 'json').length)],
    maskText,
    now: () => new Date(),
  });
  const began = performance.now();
  for (let place = 0; place < spans; place += 1)
    log.write('info', 'step begun', { run: 'run-1', step: 'move-orders', attempt: place });
  if (bytes === 0) throw new Error('lines: expected some, got none');
  return (1_000 * (performance.now() - began)) / spans;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
