import type { Launch, Procedure, Step } from '../launch/launch.ts';

/** The five parts of a launch-operations package (F15). */
export const packageParts = ['owners', 'checks', 'escalation', 'rollback', 'communication'] as const;

export type PackagePart = (typeof packageParts)[number];

/** A part that the documents leave out. */
export interface MissingPart {
  part: PackagePart;
  /** Lower case, no full stop: expected and got. */
  reason: string;
}

/**
 * The parts of the launch-operations package that the documents leave out, in the order of `packageParts`; empty where it is whole. Only what somebody or something
 * can act on counts: a dashboard that nothing reads, a role that nobody holds and a rollback without a step are missing.
 */
export function missingParts(launch: Launch): MissingPart[] {
  const reasons: { [part in PackagePart]: string | null } = {
    owners: ownersFault(launch),
    checks: checksFault(launch),
    escalation: escalationFault(launch),
    rollback: rollbackFault(launch),
    communication: communicationFault(launch),
  };
  return packageParts.flatMap((part) => (reasons[part] === null ? [] : [{ part, reason: reasons[part] }]));
}

/** Somebody answers for the launch, and a human holds every role. */
function ownersFault(launch: Launch): string | null {
  const { owner, roles } = launch;
  if (owner === null) return 'expected an owner of the launch, got none';
  if (roles.length === 0) return 'expected roles, got none';
  const empty = roles.filter(({ people }) => humansOf(launch, people).size === 0).map(({ id }) => id);
  return empty.length === 0 ? null : `expected a human in every role, got none as ${empty.join(', ')}`;
}

/** Something looks at the running service: a metric with a source, or a stop condition with a check. */
function checksFault({ metrics, stops }: Launch): string | null {
  const isWatched = metrics.some(({ source }) => source !== null) || stops.some(({ detect }) => detect !== null);
  return isWatched ? null : 'expected a metric with a source or a stop condition with a check, got none';
}

/** Whoever does not answer is not the only one: behind every step of a person stands another human, of the role or of those who decide. */
function escalationFault(launch: Launch): string | null {
  const { procedures, roles } = launch;
  const all = roles.map(({ id }) => id);
  if (humansIn(launch, all).size < 2) return 'expected two humans at least, got fewer';
  const alone = procedures.flatMap((procedure) =>
    procedure.steps
      .filter(({ human, role }) => human && humansIn(launch, [...roleOf(role), ...decidersOf(procedure, all)]).size < 2)
      .map(({ id }) => id),
  );
  return alone.length === 0 ? null : `expected a second human to call, got none for ${alone.join(', ')}`;
}

/** There is a step to take back with: in a rollback, or named by another step. */
function rollbackFault({ procedures }: Launch): string | null {
  const isThere = procedures.some(
    ({ kind, steps }) => (kind === 'rollback' && steps.length > 0) || steps.some(({ undo }) => undo !== null),
  );
  return isThere ? null : 'expected a rollback with steps, or steps that name their undo, got none';
}

/** Users and support are told: by a step that sends a message, or by one of the people whose work that is. */
function communicationFault({ procedures }: Launch): string | null {
  const isTold = procedures.flatMap(({ steps }) => steps).some(tells);
  return isTold ? null : 'expected a step of kind notify, or a step of a role for support or communication, got none';
}

function tells({ action, role }: Step): boolean {
  return action?.kind === 'notify' || (role !== null && /\b(?:support|comm(?:s|unications?)?)\b/i.test(role));
}

function decidersOf({ deciders }: Procedure, roles: readonly string[]): readonly string[] {
  return deciders ?? (roles.includes('lead') ? ['lead'] : roles);
}

function roleOf(role: string | null): string[] {
  return role === null ? [] : [role];
}

/** Accounts of one human count once, automations not at all. */
function humansOf({ people }: Launch, ids: readonly string[]): Set<string> {
  return new Set(people.filter(({ id, automation }) => ids.includes(id) && !automation).map(({ human }) => human));
}

function humansIn(launch: Launch, roles: readonly string[]): Set<string> {
  const ids = launch.roles.filter(({ id }) => roles.includes(id)).flatMap(({ people }) => people);
  return humansOf(launch, ids);
}
