import { createTestDatabase } from '../setup/test-database.ts';
import { makeCgroup } from './cgroup.ts';
import type { Cgroup } from './cgroup.ts';
import { openPlace } from './place.ts';
import type { Place } from './place.ts';

/** A place of its own for each test, and the groups that its processes are in; all of it goes away with the test. */
export async function atPlace(
  work: (place: Place, groupOf: (limit: Parameters<typeof makeCgroup>[0]) => Cgroup) => Promise<void>,
): Promise<void> {
  const place = await openPlace(await createTestDatabase());
  const groups: Cgroup[] = [];
  try {
    await work(place, (limit) => {
      const group = makeCgroup(limit);
      if ('missing' in group) throw new Error(group.missing);
      groups.push(group);
      return group;
    });
  } finally {
    await place.close();
    for (const group of groups) await group.remove();
  }
}
