import { findPerson, signersOf } from '../approval/authority.ts';
import type { Criterion, Launch } from '../launch/launch.ts';
import type { Ask, Assessment } from './assess-evidence.ts';
import type { Action } from './decision.ts';
import type { Ground } from './ground.ts';
import { act, holds, impossible } from './requirement.ts';
import type { Requirement } from './requirement.ts';

/** Who has to move: the criterion's owner, else the people of its role, else the launch's owner. */
export function ownerOf(launch: Launch, criterion: Criterion): string | null {
  if (criterion.owner !== null) return criterion.owner;
  const people = launch.roles
    .filter(({ id }) => id === criterion.role)
    .flatMap((role) => role.people)
    .filter((id) => findPerson(launch, id)?.automation !== true);
  return people.length > 0 ? [...new Set(people)].toSorted().join(', ') : launch.owner;
}

/** What would turn a criterion as it stands; two criteria with the same check are turned by one action. */
export function wayOfCriterion(ground: Ground, ask: Ask, assessment: Assessment): Requirement {
  const { standing, isStuck } = assessment;
  if (standing === 'met') return holds;
  if (ground.environmentIsSimulated) return impossible;
  const owner = ownerOf(ground.launch, ask.criterion);
  if (ask.from === 'check') return act({ ...checkAction(ask, assessment), owner });
  return isStuck ? impossible : wayOfPerson(ground, ask, owner);
}

function wayOfPerson({ launch }: Ground, { criterion }: Ask, owner: string | null): Requirement {
  if (signersOf(launch, criterion.role === null ? null : [criterion.role]).length === 0) return impossible;
  const text = `look at "${criterion.title}" and sign that it holds`;
  return act({ id: `attest:${criterion.id}`, verb: 'attest', subject: criterion.id, text, owner });
}

function checkAction({ criterion, check }: Ask, { standing, got, isStuck }: Assessment): Omit<Action, 'owner'> {
  const { id: subject, title } = criterion;
  const of = check?.sha256 ?? subject;
  const replace = (text: string) => ({ id: `replace-check:${of}`, verb: 'replace-check', subject, text }) as const;
  const run = (verb: 'fix' | 'run-check', text: string) => ({ id: `check:${of}`, verb, subject, text }) as const;
  if (!check) return replace(`declare a check for "${title}" and run it`);
  if (isStuck)
    return replace(`write the check of "${title}" anew and run it: nothing is newer than evidence from the future`);
  if (standing === 'cannot-fail') return replace(`replace the check of "${title}" by one that can fail, and run it`);
  if (standing === 'failed') return run('fix', `fix "${title}" (${got}) and run its check`);
  if (standing === 'unreadable') return run('fix', `make "${title}" readable (${got}) and run its check`);
  return run('run-check', `run the check of "${title}"`);
}
