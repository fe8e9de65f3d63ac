import type { Run } from '../../api/client.generated.ts';

/** The right that each deed wants, as the engine asks for it. */
export const wantedRights = {
  release: 'run.resume',
  hold: 'run.hold',
  retarget: 'run.retarget',
  recycle: 'run.retarget',
  cancel: 'run.cancel',
  undo: 'run.cancel',
  retry: 'run.resume',
  settle: 'run.resume',
  permit_late: 'run.resume',
  skip: 'step.skip',
  confirm: 'step.attest',
  decline: 'step.attest',
  start: 'run.start',
  reject: 'approval.vote',
} as const;

/** Something that a person does to a run or one of its steps. */
export type DeedKind = keyof typeof wantedRights;

/** Why a person cannot do a deed here: the right that is wanted, or the people who may. Null where they can. */
export type Missing = { right: string } | { people: readonly string[] } | null;

/** What keeps `me` from a deed on the run. Only for showing it: the engine asks again, and that is audited. */
export function missingFor(run: Run, me: string | null, deed: DeedKind): Missing {
  const right = wantedRights[deed];
  if (me === null || !run.rights.includes(right)) return { right };
  if (deed === 'hold' || deed === 'start') return null;
  const deciders = decidersOf(run);
  return deciders.includes(me) ? null : { people: deciders };
}

/** What keeps `me` from a deed on one step, which people of its role may do as well. */
export function missingForStep(run: Run, me: string | null, { deed, people }: StepDeed): Missing {
  const right = wantedRights[deed];
  if (me === null || !run.rights.includes(right)) return { right };
  const isOfRole = deed === 'confirm' || deed === 'decline' || deed === 'skip';
  const doers = deed === 'skip' ? [...new Set([...people, ...decidersOf(run)])] : isOfRole ? people : decidersOf(run);
  return doers.includes(me) ? null : { people: doers };
}

/** A deed on a step, and the people of the step's role. */
export interface StepDeed {
  deed: DeedKind;
  people: readonly string[];
}

/** Everybody who may decide about the run, each once. */
export function decidersOf({ deciders }: Pick<Run, 'deciders'>): string[] {
  return [...new Set(deciders.flatMap(({ people }) => people))];
}
