import { digestOf, verifySigned } from '@tminus/verify';
import type { Signed } from '@tminus/verify';

import { clockSkewMs, toInstantMs } from '../gate/instant.ts';
import type { DrillAttestation, Observers } from './drill-attestation.ts';
import type { DrillReport, DrillRun } from './drill-report.ts';

/** A drill, who was asked to watch it, and what time it is. */
export interface ObservedDrill {
  report: DrillReport;
  observers: Observers;
  nowMs: number;
}

/**
 * Returns why a word does not count for a drill, its signature left aside; null where nothing speaks against it. It has to be about this very record, said after the drill had ended, by a
 * human who was asked to watch and is not the one who ran it (T31). Who ran it is read from the events of its runs.
 */
export function findObserverFault(drill: ObservedDrill, statement: DrillAttestation): string | null {
  return (
    aboutOther(drill.report, statement) ??
    byNobody(drill.report, drill.observers, statement.person) ??
    atNoTime(drill, statement)
  );
}

/** Returns the person whose signed word counts for a drill, or why each of them does not. */
export function findObserver(
  drill: ObservedDrill,
  words: readonly Signed<DrillAttestation>[],
): { person: string | null; faults: string[] } {
  const faults: string[] = [];
  for (const signed of words) {
    const fault = findObserverFault(drill, signed.statement) ?? brokenSignature(drill.observers, signed);
    if (fault === null) return { person: signed.statement.person, faults: [] };
    faults.push(`the word of ${signed.statement.person} does not count: ${fault}`);
  }
  return { person: null, faults };
}

/** Returns who could attest a drill now: everybody who was asked to watch, is human, did not run it and has a key. */
export function listPossibleObservers({ report, observers }: ObservedDrill): string[] {
  return observers.people
    .filter(({ id, key }) => key !== null && byNobody(report, observers, id) === null)
    .map(({ id }) => id);
}

/** Who ran a drill, by the events of its runs. */
function listRunners({ forward, ledgerBefore, controls, back }: DrillReport): string[] {
  const runs = [forward, ledgerBefore, ...controls.map(({ run }) => run), back];
  return [...new Set(runs.flatMap((run) => (run === null ? [] : requesterOf(run))))];
}

function requesterOf({ log: [first] }: DrillRun): string[] {
  return first?.kind === 'run_created' ? [first.run.requestedBy] : [];
}

function aboutOther(report: DrillReport, said: DrillAttestation): string | null {
  const { id, launch, planHash, environment, procedure } = report;
  const pairs = [
    ['drill', id, said.drill],
    ['launch', launch, said.launch],
    ['plan', planHash, said.planHash],
    ['environment', environment, said.environment],
    ['way back', procedure, said.procedure],
  ] as const;
  const other = pairs.find(([, wanted, got]) => wanted !== got);
  if (other !== undefined) return `it is about ${other[0]} ${other[2]}, and not about ${other[1]}`;
  return said.reportSha256 === digestOf(report) ? null : `it is about another record of ${id} than this one`;
}

function byNobody(report: DrillReport, { asked, people }: Observers, person: string): string | null {
  const declared = people.filter(({ id }) => id === person);
  const [who] = declared;
  if (who === undefined || declared.length > 1) return `${person} is nobody of the launch`;
  if (who.automation) return `${person} is an automation, which watches nothing`;
  if (!who.may) return `${person} was not asked to watch: ${asked} was`;
  const runners = listRunners(report).map((id) => people.find((one) => one.id === id)?.human ?? null);
  if (runners.length === 0 || runners.includes(null)) return 'nobody knows who ran the drill';
  return runners.includes(who.human) ? `${person} ran the drill` : null;
}

function atNoTime({ report, nowMs }: ObservedDrill, { signedAt }: DrillAttestation): string | null {
  const saidMs = toInstantMs(signedAt);
  if (saidMs === null) return 'its time cannot be read';
  // Its own events tell when it was over, and not only what it says of itself.
  const endedMs = report.back.log.reduce((last, { atMs }) => Math.max(last, atMs), Date.parse(report.endedAt));
  if (!(saidMs >= endedMs)) return `it was said at ${signedAt}, before the drill had ended`;
  return saidMs > nowMs + clockSkewMs ? 'it is from the future' : null;
}

function brokenSignature({ people }: Observers, signed: Signed<DrillAttestation>): string | null {
  const key = people.find(({ id }) => id === signed.statement.person)?.key ?? null;
  if (key === null) return 'no key is declared for its person';
  try {
    verifySigned(signed, key);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'its signature cannot be read';
  }
}
