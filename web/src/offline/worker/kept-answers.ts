const cacheName = 'tminus-answers';
/** When an answer was given, in ms; the page shows it. */
const keptHeader = 'x-tminus-kept-at';
/** Answers that are kept; the oldest go first. */
const most = 400;

/** Keeps a good answer for reading offline. Answers that say `no-store` are not kept, and one that says "not signed in" makes all be forgotten. */
export async function keepAnswer(request: Request, response: Response): Promise<void> {
  if (response.status === 401) return forgetAnswers();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const mayKeep = !(response.headers.get('cache-control') ?? '').includes('no-store');
  if (response.status !== 200 || !isJson || !mayKeep) return;
  const headers = new Headers(response.headers);
  headers.set(keptHeader, String(Date.now()));
  const cache = await caches.open(cacheName);
  await cache.put(request.url, new Response(await response.blob(), { headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
}

/** The last good answer to a question, marked with when it was given; null where there was none. */
export async function readKept(request: Request): Promise<Response | null> {
  return (await caches.match(request.url, { cacheName, ignoreVary: true })) ?? null;
}

/** Forgets every answer: whoever comes next on this machine may be somebody else. */
export async function forgetAnswers(): Promise<void> {
  await caches.delete(cacheName);
}
