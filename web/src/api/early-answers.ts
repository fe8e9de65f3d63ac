/** Sent with every question, so that an early one is the same as the one that takes its answer. */
export const acceptedTypes = 'application/json, application/problem+json';

/** Longer than a slow phone needs to run the first page; what nobody took by then may no longer be so. */
const freshMs = 10_000;

interface Early {
  answer: Promise<Response>;
  askedAtMs: number;
  ending: AbortController;
}

const asked = new Map<string, Early>();

/** Asks for an address before the code runs that will want it; that takes the answer by `takeEarly`. */
export function askEarly(address: string): Promise<Response> {
  const ending = new AbortController();
  const { signal } = ending;
  const answer = fetch(address, { headers: { accept: acceptedTypes }, credentials: 'same-origin', signal });
  // Whoever takes it hears of a failure; an answer that nobody takes has nobody to tell.
  answer.catch(() => undefined);
  const early = { answer, askedAtMs: performance.now(), ending };
  asked.set(address, early);
  // What nobody takes is not kept beyond its time: it is about somebody, and holds a connection.
  setTimeout(() => {
    if (asked.get(address) === early) drop(address, early);
  }, freshMs);
  return answer;
}

/** The early answer from an address, once, ended by `signal` from here on; undefined where none was asked for, or too long ago. */
export function takeEarly(address: string, signal: AbortSignal): Promise<Response> | undefined {
  const early = asked.get(address);
  if (early === undefined) return undefined;
  if (signal.aborted || performance.now() - early.askedAtMs >= freshMs) {
    drop(address, early);
    return undefined;
  }
  asked.delete(address);
  signal.addEventListener('abort', () => early.ending.abort(signal.reason), { once: true });
  return early.answer;
}

/** Forgets every early answer that nobody took: something is being changed, perhaps who asks, and each may be of before. */
export function forgetEarly(): void {
  for (const [address, early] of asked) drop(address, early);
}

function drop(address: string, { ending }: Early): void {
  asked.delete(address);
  ending.abort();
}
