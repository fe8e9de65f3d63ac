import { formatDuration } from './format-duration.ts';
import { useNow } from './clock.ts';

/** A length of time for people: `12 min 5 s`. */
export function Duration({ ms }: { ms: number }) {
  return <time dateTime={`PT${Math.round(Math.max(0, ms) / 100) / 10}S`}>{formatDuration(ms)}</time>;
}

/** How long something has been going on, ticking. */
export function Since({ at }: { at: number | string }) {
  const now = useNow();
  return <Duration ms={Math.max(0, Math.floor((now - new Date(at).getTime()) / 1000) * 1000)} />;
}
