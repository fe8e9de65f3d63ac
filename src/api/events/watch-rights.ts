import type { Identity } from '../../engine/identity/identity.ts';
import type { ApiParts } from '../api-parts.ts';
import { readView } from '../may-view.ts';
import type { View } from '../may-view.ts';

/** What one listener of events may see, kept up to date while it listens. */
export interface WatchedView {
  /** As it was found at the last look. */
  readonly view: View;
  /** Stops looking for this listener. */
  stop(): void;
}

/** Looks again and again whether those who listen are still who they were, and may still see what they see. */
export interface RightsWatch {
  /** Watches for a listener; `end` is called once where its session or token has ended, its account stands for somebody else, or it may see less than before. */
  watch(identity: Identity, end: () => void): Promise<WatchedView>;
  close(): Promise<void>;
}

/** How long a right that was taken away may go on carrying a stream; the answer itself may be a second old. */
const everyMs = 2_000;
/** Where it could not be looked for so long, nobody is believed any more. */
const blindMs = 30_000;

interface Watched {
  identity: Identity;
  view: View;
  ends: Set<() => void>;
}

type Parts = Pick<ApiParts, 'store' | 'launches' | 'identity' | 'report'>;

/** Opens the watch: one look for all listeners, which costs a few statements however many there are. */
export function openRightsWatch(given: Parts): RightsWatch {
  const parts = given as ApiParts;
  const known = new Map<string, Watched>();
  const turn = createTurn(parts, known);
  let turning: Promise<void> | null = null;
  const timer = setInterval(() => {
    turning ??= turn().finally(() => (turning = null));
  }, everyMs).unref();
  return {
    async watch(identity, end) {
      const view = await readView(parts, identity);
      return enter(known, { identity, view, ends: new Set() }, end);
    },
    async close() {
      clearInterval(timer);
      await turning;
    },
  };
}

/** Listeners of one session see the same, and are looked after together. */
function enter(known: Map<string, Watched>, fresh: Watched, end: () => void): WatchedView {
  const key = keyOf(fresh.identity);
  const watched = known.get(key) ?? fresh;
  known.set(key, watched);
  watched.ends.add(end);
  return {
    get view() {
      return watched.view;
    },
    stop() {
      watched.ends.delete(end);
      if (watched.ends.size === 0 && known.get(key) === watched) known.delete(key);
    },
  };
}

function createTurn(parts: ApiParts, known: ReadonlyMap<string, Watched>): () => Promise<void> {
  let seenAtMs = performance.now();
  return async () => {
    try {
      if (known.size > 0) await look(parts, [...known.values()]);
      seenAtMs = performance.now();
    } catch (error) {
      parts.report(error);
      if (performance.now() - seenAtMs > blindMs) for (const watched of known.values()) endAll(watched);
    }
  };
}

async function look(parts: ApiParts, all: readonly Watched[]): Promise<void> {
  const stands = await readStanding(parts);
  const views = new Map<string, Promise<View>>();
  for (const watched of all) {
    const { person, scopes } = watched.identity;
    const key = JSON.stringify([person, scopes]);
    const asked = views.get(key) ?? readView(parts, watched.identity);
    views.set(key, asked);
    const view = await asked;
    if (!stands(watched.identity) || !watched.view.within(view)) endAll(watched);
    else watched.view = view;
  }
}

/** Each end takes itself out of the set. */
function endAll({ ends }: Watched): void {
  for (const end of ends) end();
}

function keyOf({ via, session, account, person }: Identity): string {
  return `${via} ${session} ${account} ${person}`;
}

/** Whether identities still stand. Looking is no use of a session: an open stream must not keep one alive that nobody uses. */
async function readStanding({ identity: desk }: Parts): Promise<(identity: Identity) => boolean> {
  const [sessions, tokens, accounts] = await Promise.all([
    desk.sessions.list(null),
    desk.tokens.list(null),
    desk.accounts.list(),
  ]);
  const nowMs = Date.now();
  const open = new Set([
    ...sessions.map(({ id }) => `session ${id}`),
    ...tokens
      .filter(({ revokedAt, expiresAt }) => revokedAt === null && Date.parse(expiresAt) > nowMs)
      .map(({ id }) => `token ${id}`),
  ]);
  const people = new Map(
    accounts.filter(({ disabledAt }) => disabledAt === null).map(({ id, person }) => [id, person]),
  );
  return ({ via, session, account, person }) => open.has(`${via} ${session}`) && people.get(account) === person;
}
