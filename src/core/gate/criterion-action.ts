import { signersOf } from '../approval/authority.ts';
import type { Criterion, Launch } from '../launch/launch.ts';
import type { Ask, Assessment } from './assess-evidence.ts';
import type { Action } from './decision.ts';
import type { Ground } from './ground.ts';
import { act, holds, impossible } from './requirement.ts';
import type { Requirement } from './requirement.ts';

/** Who has to move: the criterion's owner, else the people of its role, else the launch's owner. */
export function ownerOf(launch: Launch, criterion: Criterion): string | null {
  if (criterion.owner !== null) return criterion.owner;
  const people = launch.roles.filter(({ id }) => id === criterion.role).flatMap((role) => role.people);
  return people.length > 0 ? [...new Set(people)].toSorted().join(', ') : launch.owner;
}

/** What would turn a criterion as it stands; two criteria with the same check are turned by one action. */
export function wayOfCriterion(ground: Ground, ask: Ask, { standing, got }: Assessment): Requirement {
  if (standing === 'met') return holds;
  if (ground.environmentIsSimulated) return impossible;
  const owner = ownerOf(ground.launch, ask.criterion);
  return ask.from === 'person' ? wayOfPerson(ground, ask, owner) : act({ ...checkAction(ask, standing, got), owner });
}

function wayOfPerson({ launch }: Ground, { criterion }: Ask, owner: string | null): Requirement {
  if (signersOf(launch, criterion.role === null ? null : [criterion.role]).length === 0) return impossible;
  const text = `look at "${criterion.title}" and sign that it holds`;
  return act({ id: `attest:${criterion.id}`, verb: 'attest', subject: criterion.id, text, owner });
}

function checkAction({ criterion, check }: Ask, standing: Assessment['standing'], got: string): Omit<Action, 'owner'> {
  const { id: subject, title } = criterion;
  if (!check) {
    return {
      id: `replace-check:${subject}`,
      verb: 'replace-check',
      subject,
      text: `declare a check for "${title}" and run it`,
    };
  }
  if (standing === 'cannot-fail') {
    const text = `replace the check of "${title}" by one that can fail, and run it`;
    return { id: `replace-check:${check.sha256}`, verb: 'replace-check', subject, text };
  }
  const id = `check:${check.sha256}`;
  if (standing === 'failed') return { id, verb: 'fix', subject, text: `fix "${title}" (${got}) and run its check` };
  if (standing === 'unreadable')
    return { id, verb: 'fix', subject, text: `make "${title}" readable (${got}) and run its check` };
  return { id, verb: 'run-check', subject, text: `run the check of "${title}"` };
}
