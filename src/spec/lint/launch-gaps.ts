import { signersOf } from '../../core/approval/authority.ts';
import type { Criterion, Gate, Launch } from '../../core/launch/launch.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Finding, Severity } from './finding.ts';

/** What a launch that reads without a problem can still lack, for the reference page; `findLaunchGaps` finds it. */
export const launchRules: readonly { code: string; severity: Severity; summary: string; why: string }[] = [
  {
    code: 'criterion-without-proof',
    severity: 'warning',
    summary: 'A criterion has no check and is not [HUMAN].',
    why: 'Nothing can ever prove it, so its gate says NO-GO whatever is done.',
  },
  {
    code: 'nobody-to-sign',
    severity: 'warning',
    summary: 'A [HUMAN] criterion or the vote of a gate waits for a signature that nobody could give.',
    why: 'Only a declared person with a key may sign, and never an automation: at T-0 the gate would wait for nobody.',
  },
];

const keyHint = 'make a key with tminus key create and declare it under people';

/** Returns what will keep the gates of a launch shut however the launch goes. Warnings: a launch may be written before its people have keys. */
export function findLaunchGaps(launch: Launch): Finding[] {
  return launch.gates.flatMap((gate) => [
    ...findVoteGaps(launch, gate),
    ...gate.criteria.flatMap(leavesOf).flatMap((criterion) => findCriterionGaps(launch, criterion)),
  ]);
}

function leavesOf(criterion: Criterion): Criterion[] {
  return criterion.children.length === 0 ? [criterion] : criterion.children.flatMap(leavesOf);
}

function findCriterionGaps(launch: Launch, { id, human, role, check, at }: Criterion): Finding[] {
  if (human) {
    if (signersOf(launch, role === null ? null : [role]).length > 0) return [];
    return [toUnsigned(launch, at, { message: `nobody can sign criterion ${id}`, role })];
  }
  if (check !== null) return [];
  return [
    toFinding('criterion-without-proof', at, {
      message: `nothing can prove criterion ${id}`,
      expected: 'a check, or [HUMAN] for what a person sees',
      got: 'neither',
      hint: 'write a check under it, or begin its text with [HUMAN]',
    }),
  ];
}

function findVoteGaps(launch: Launch, { id, quorum, roles, at }: Gate): Finding[] {
  const wanted: (string | null)[] = roles.length === 0 && quorum > 0 ? [null] : roles;
  return wanted
    .filter((role) => signersOf(launch, role === null ? null : [role]).length === 0)
    .map((role) => toUnsigned(launch, at, { message: `nobody can vote on gate ${id}`, role }));
}

function toUnsigned(launch: Launch, at: Place, { message, role }: { message: string; role: string | null }): Finding {
  const holders = role === null ? launch.people.map(({ id }) => id) : peopleOf(launch, role);
  const names = holders.length === 0 ? 'nobody' : `${holders.slice(0, 12).join(', ')}, none of them such`;
  return toFinding('nobody-to-sign', at, {
    message: role === null ? message : `${message} as ${role}`,
    expected: `a person with a key${role === null ? '' : ` and the role ${role}`}, not an automation`,
    got: names,
    hint: keyHint,
  });
}

function peopleOf({ roles }: Launch, role: string): string[] {
  return roles.find(({ id }) => id === role)?.people ?? [];
}

type Told = Pick<Finding, 'message' | 'expected' | 'got' | 'hint'>;

function toFinding(code: string, { file, line, column }: Place, told: Told): Finding {
  return { code, severity: 'warning', ...told, file, line, column, related: [] };
}
