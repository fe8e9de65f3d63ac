import { insertSight, readOpenPasses } from '../../store/acceptance.ts';
import type { Sight } from '../../store/acceptance.ts';
import type { Store } from '../../store/open-store.ts';

/** What somebody was shown, and in which launch; null where it is about all that they may see. */
export interface Shown {
  launch: string | null;
  /** Of one launch. */
  toSight: (launch: string) => Sight;
}

/** Keeps what people with an open pass are shown. */
export interface SightDesk {
  /** Answers when it is kept. For people without an open pass, which are nearly all, it asks nobody. */
  keep(person: string, shown: Shown): Promise<void>;
  /** Somebody has begun a pass. */
  forget(): void;
}

/** How long the list of open passes is believed; a pass that another server began counts from then on. */
const freshMs = 1_000;

/** The desk of one process. */
export function openSightDesk(store: Store): SightDesk {
  let known: { atMs: number; passes: ReturnType<typeof readOpenPasses> } | null = null;
  const open = (): ReturnType<typeof readOpenPasses> => {
    const atMs = performance.now();
    if (known !== null && atMs - known.atMs < freshMs) return known.passes;
    const asked = { atMs, passes: readOpenPasses(store) };
    known = asked;
    asked.passes.catch(() => {
      if (known === asked) known = null;
    });
    return asked.passes;
  };
  return {
    async keep(person, { launch, toSight }) {
      const own = (await open()).filter((pass) => pass.person === person && (launch ?? pass.launch) === pass.launch);
      await Promise.all(own.map((pass) => insertSight(store, pass.id, toSight(pass.launch))));
    },
    forget() {
      known = null;
    },
  };
}
