import { digestOf } from '@tminus/verify';
import type { EvidenceRecord, JsonObject } from '@tminus/verify';

import { readExpectation } from '../../core/check/read-expectation.ts';
import { sealEvidence } from '../../core/evidence/seal-evidence.ts';
import { newestEvidence } from '../../core/evidence/newest-evidence.ts';
import { listCriteria } from '../../core/launch/find-criterion.ts';
import type { RolloutAction } from '../../core/rollout/rollout-input.ts';
import { rolloutKind } from '../../kinds/checks/rollout/kind.ts';
import { createAppender } from '../../store/appender.ts';
import { readNow } from '../../store/open-store.ts';
import type { Shift } from '../../store/rollout.ts';
import { readLog } from '../read-log.ts';
import { runChecks } from '../run-checks.ts';
import { readSealed } from './read-sealed.ts';
import type { ShiftParts } from './shift-parts.ts';

/** Under which a phase stands in the log of its launch, whether or not a criterion asks for it. */
export function phaseCriterion({ rollout }: Pick<Shift, 'rollout'>, phase: string): string {
  return `rollout:${rollout}/${phase}`;
}

/** What a phase is recorded with. */
interface Recording extends Pick<ShiftParts, 'engine' | 'scene' | 'now'> {
  signal: AbortSignal;
}

/**
 * Makes evidence of a phase that ended: a record in the log of the launch, bound to plan, candidate and environment, with the sealed report as its bytes. Then looks again at
 * the criteria that ask for phases of this rollout, so that what waits for one sees it. Done again after a crash, what stands in the log is not written twice.
 */
export async function recordPhase(
  parts: Recording,
  shift: Shift,
  { phase, report }: Extract<RolloutAction, { kind: 'record_phase' }>,
): Promise<{ evidence: string }> {
  const { engine, scene, now } = parts;
  const sealed = (await readSealed(engine.store, shift)).find((one) => one.report === report);
  if (sealed === undefined) throw new Error(`phase ${phase}: expected its sealed report in the journal, got none`);
  const spec: JsonObject = {
    rollout: shift.rollout,
    phase,
    maxAge: '30d',
    environment: shift.environment,
    planHash: shift.planHash,
    candidate: shift.candidateSha256,
    launch: shift.launch,
  };
  const criterion = phaseCriterion(shift, phase);
  const { signal } = parts;
  const phases = { read: () => Promise.resolve([sealed]) };
  const observation = await rolloutKind.observe(spec, { signal, workspace: scene.directory, allow: [], now, phases });
  const log = await readLog(engine.store, shift.launch);
  const digest = observation.sources[0]!;
  const known = newestEvidence(
    log.entries.map(({ entry }) => entry),
    criterion,
  );
  const own = log.entries.find(({ entry }) => entry.format === 'tminus/evidence/1' && isOf(entry, criterion, digest));
  const evidence = own?.id ?? (await append(parts, { criterion, spec, observation, supersedes: known?.id ?? null }));
  await lookAgain(parts, shift);
  return { evidence };
}

function isOf(entry: EvidenceRecord, criterion: string, { name }: { name: string }): boolean {
  // The name is that of the entry of the journal: of one shift and report there is one.
  return entry.criterion === criterion && entry.sources.some((source) => source.name === name);
}

async function append(
  { engine, scene }: Pick<ShiftParts, 'engine' | 'scene'>,
  seen: Pick<Parameters<typeof sealEvidence>[0], 'criterion' | 'observation' | 'supersedes'> & { spec: JsonObject },
): Promise<string> {
  const { criterion, spec, observation, supersedes } = seen;
  const expectations = rolloutKind.defaultExpectations(spec).flatMap((text) => {
    const read = readExpectation(text);
    return read.ok ? [read.expectation] : [];
  });
  const record = sealEvidence({
    reader: rolloutKind,
    binding: scene.binding,
    criterion,
    checkSha256: digestOf({ kind: rolloutKind.kind, spec, expectations: expectations.map(({ text }) => text) }),
    asked: { spec, expectations },
    observation,
    mode: scene.environment.simulated ? 'simulated' : 'real',
    observedAt: await readNow(engine.store),
    durationMs: 0,
    producer: { kind: 'check', tool: 'tminus' },
    supersedes,
  });
  const appender = createAppender(engine.store);
  try {
    const entry = { entry: record, blobs: observation.sources.map(({ bytes }) => bytes) };
    return (await appender.append(scene.launch.id, entry)).id;
  } finally {
    await appender.close();
  }
}

async function lookAgain({ engine, scene, signal }: Recording, { rollout }: Shift): Promise<void> {
  const only = listCriteria(scene.launch).flatMap(({ id, check }) =>
    check?.kind === rolloutKind.kind && check.spec['rollout'] === rollout ? [id] : [],
  );
  if (only.length === 0) return;
  await runChecks({ store: engine.store, scene, kinds: [rolloutKind], signal, only, force: true });
}
