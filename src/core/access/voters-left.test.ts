import { describe, expect, it } from 'vitest';

import { nowMs, request, scene, vote } from './access.fixture.ts';
import { assessApproval } from './assess-approval.ts';
import { votersLeft } from './voters-left.ts';

const asked = request();

describe('votersLeft', () => {
  it('S5 names exactly those whose go would be counted, and in exactly those roles', () => {
    const given = [vote(asked, 'bob')];
    const named = votersLeft(asked, given, scene(), nowMs).flatMap(({ person, roles }) =>
      roles.map((role) => `${person} as ${role}`),
    );
    const humans = scene().launch.people.filter(({ automation }) => !automation);
    const counted = humans.flatMap(({ id }) =>
      (['approver', 'lead'] as const).flatMap((role) => {
        const cast = vote(asked, id, { role }, id);
        const { go } = assessApproval(asked, [...given, cast], scene(), nowMs);
        // A newer vote of the same human counts in the place of the first: it is no further one.
        return go.includes(cast.id) && go.length === 2 ? [`${id} as ${role}`] : [];
      }),
    );
    expect(named).toEqual(counted);
    expect(named).toContain('carol as approver');
    expect(named.some((each) => each.startsWith('bob') || each.startsWith('rita'))).toBe(false);
  });

  it('S5 names nobody where everybody who is left had a hand in it', () => {
    const everybody = scene().launch.people.map(({ id }) => id);
    expect(votersLeft({ ...asked, executors: everybody }, [], scene(), nowMs)).toEqual([]);
  });
});
