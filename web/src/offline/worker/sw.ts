import { keepAnswer, readKept, forgetAnswers } from './kept-answers.ts';

declare const self: ServiceWorkerGlobalScope;

/** Files of this build; filled in when it is built. */
const files = TMINUS_FILES;

/** One cache for each build, so that a page never gets half of another one. */
const shellCache = `tminus-shell ${files.join(' ')}`;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([dropOldShells(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  // Whatever changes something goes to the server or fails: it is never kept, and never sent later.
  if (request.method !== 'GET') {
    if (pathname.endsWith('/sign-out')) event.respondWith(signOut(request));
    return;
  }
  if (pathname.startsWith('/api/')) {
    if (!pathname.startsWith('/api/events/')) event.respondWith(answerApi(request));
  } else if (request.mode === 'navigate') event.respondWith(answerPage(request));
  else event.respondWith(answerFile(request));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(shellCache);
  await cache.addAll(['/', '/icon.svg', '/manifest.webmanifest', ...files].map((url) => new Request(url, toHtml(url))));
}

/** The server sends the page only to whoever asks for HTML. */
function toHtml(url: string): RequestInit {
  return url === '/' ? { headers: { accept: 'text/html' }, cache: 'reload' } : {};
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('tminus-shell ') && name !== shellCache);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The server's page, whose policy has a nonce of its own; without a server the one that was kept, with the policy that it came with. */
async function answerPage(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match('/', { cacheName: shellCache, ignoreVary: true });
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Names of files carry a digest of their contents: a kept one is never old. */
async function answerFile(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: shellCache, ignoreVary: true })) ?? fetch(request);
}

/** How often somebody signed out: what was asked for before belongs to whoever has gone. */
let signOuts = 0;

async function forget(): Promise<void> {
  signOuts += 1;
  await forgetAnswers();
}

/** Forgets before and after: until the server has answered, it still gives answers to whoever is going. */
async function signOut(request: Request): Promise<Response> {
  await forget();
  try {
    return await fetch(request);
  } finally {
    await forget();
  }
}

/** The server's answer where there is one, whatever it says; else the last good one, marked with its age. */
async function answerApi(request: Request): Promise<Response> {
  const askedAt = signOuts;
  try {
    const response = await fetch(request);
    if (askedAt === signOuts) await keepAnswer(request, response.clone());
    // Somebody may have signed out while it was being kept.
    if (askedAt !== signOuts) await forgetAnswers();
    return response;
  } catch (error) {
    const kept = await readKept(request);
    if (kept === null) throw error;
    return kept;
  }
}
