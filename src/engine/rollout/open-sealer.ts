import { phasePredicateType } from '../../core/rollout/sealed-phase.ts';
import type { SealedPhase } from '../../core/rollout/sealed-phase.ts';
import type { RolloutState } from '../../core/rollout/rollout-state.ts';
import { sealReport } from '../../kinds/checks/signed-report.ts';
import { openLog } from '../../store/log.ts';
import type { NewShiftEntry } from '../../store/rollout-entry.ts';
import type { Shift } from '../../store/rollout.ts';
import type { Store } from '../../store/open-store.ts';

/** Returns the entries that seal what became known with a decision; none where no phase ended by it. */
export type Sealer = (before: Shift, state: RolloutState) => NewShiftEntry[];

/**
 * Returns what signs the phases of a shift by the key of its launch's log: measured weights, counters, evidence and verdicts, bound to plan and candidate, and to the
 * journal up to there. Whoever has the key of the log can tell later that no entry before it was changed, and judge the counts again.
 */
export async function openSealer(store: Store, launch: string): Promise<Sealer> {
  const { key } = await openLog(store, launch);
  return (before, state) =>
    state.reports.slice(before.state.reports.length).map((report, place) => {
      const { id: shift, rollout, environment, planHash, candidateSha256, entries, head } = before;
      const subjects = [
        ['plan', planHash],
        ['candidate', candidateSha256],
      ] as const;
      const { phases, measures, intervalMs } = state.rollout;
      const sealed: SealedPhase = {
        format: 'tminus/rollout-phase/1',
        shift,
        rollout,
        launch,
        environment,
        planHash,
        candidateSha256,
        journal: { entries, head },
        declared: { phases, measures, intervalMs },
        report,
        signedBy: key.text,
      };
      return {
        kind: 'sealed',
        body: {
          phase: report.phase,
          report: before.state.reports.length + place,
          ended: report.ended,
          // As JSON has it, like everything that is stored.
          envelope: sealReport(JSON.parse(JSON.stringify(sealed)) as object, {
            predicateType: phasePredicateType,
            subjects,
            key,
          }),
        },
      };
    });
}
