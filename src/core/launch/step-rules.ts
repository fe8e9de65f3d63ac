import type { ActionClass } from '../procedure/action-classes.ts';
import type { StepAction } from './launch.ts';

/** What a document says about how one step is run. Null, or empty, where it says nothing and the default of the plan holds. */
export interface StepRules {
  /** What the step is taken to do: as written, else what its kind says; null for a step of people. */
  actionClass: ActionClass | null;
  /** How long the machine may run, or a person may be waited for. */
  limitMs: number | null;
  /** True where a person only looks, and changes nothing. Absent where nothing was said: the plan hash of documents that do not use it stays what it was. */
  looks?: true;
  /** How often it may be begun again by itself. Above zero only where `interrupted` comes to `rerun`. */
  retries: number | null;
  interrupted: 'rerun' | 'verify' | 'ask' | null;
  onFail: 'fail' | 'hold' | 'escalate' | null;
  onTimeout: 'fail' | 'hold' | 'escalate' | null;
  /** The step that takes it back after the point of no return, or `same` as before it. */
  undoAfterReturn: string | null;
  /** Names of the things that are locked for it, and that a hold can be put on. */
  assets: string[];
  /** Begun later than this after it came due, a person is asked first. */
  askWhenLateMs: number | null;
  onRecycle: 'repeat' | 'keep' | null;
  /** What tells whether an interrupted attempt took effect, by its exit status: 0 it did, 1 it did not, anything else nobody knows. */
  probe: StepAction | null;
}
