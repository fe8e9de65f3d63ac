import { isProblem, UnavailableError } from './api-error.ts';
import { acceptedTypes, forgetEarly, takeEarly } from './early-answers.ts';
import { noteAnswer } from './kept.ts';
import { readProblem } from './read-problem.ts';

/** A call of the API as the generated client makes it. */
export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters filled in. */
  path: string;
  /** What is not there is left out; a list is sent as the name repeated. */
  query?: Readonly<Record<string, QueryValue>> | undefined;
  body?: unknown;
  /** Version of what the person saw; the API refuses where it is no longer that. */
  ifMatch?: string | undefined;
  /** Name of this one wish, for changes: a repeat with the same name does nothing twice. A new one for every call unless given. */
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
}

type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];

/** An answer with the version that a later `ifMatch` has to name. */
export interface Versioned<Body> {
  body: Body;
  version: string | null;
}

let onSignedOut: () => void = () => undefined;

/** Says what happens when the API does not know who asks (401). The shell goes to the page of signing in. */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
}

/** Says that the API does not know who asks; for what does not ask by `request`. */
export function tellSignedOut(): void {
  onSignedOut();
}

/** The answer to a call. Throws `ApiError` for a problem, `UnavailableError` where nobody answered. */
export async function request<Body>(call: ApiCall): Promise<Body> {
  return (await requestVersioned<Body>(call)).body;
}

/** The answer to a call, with its version (`ETag`). Throws as `request` does. */
export async function requestVersioned<Body>(call: ApiCall): Promise<Versioned<Body>> {
  const response = await send(call);
  noteAnswer(response.headers);
  if (!response.ok) {
    const error = await readProblem(response);
    // A wrong password is an answer; who asks is as known as before.
    if (response.status === 401 && !isProblem(error, 'sign_in_refused')) onSignedOut();
    throw error;
  }
  return { body: (await readWhole(response, call)) as Body, version: readVersion(response.headers.get('etag')) };
}

/**
 * How long a question waits for the beginning of its answer. A browser has six connections to a server: six questions to a network that has gone silent would keep
 * everything else from being asked, the live stream too, long after it is back. What changes something waits as long as it takes: it is not asked again by itself.
 */
const patienceMs = 30_000;

async function send(call: ApiCall): Promise<Response> {
  const isQuestion = call.method === 'GET';
  if (!isQuestion) forgetEarly();
  const patience = new AbortController();
  const timer = isQuestion ? setTimeout(() => patience.abort(), patienceMs) : undefined;
  const signal = AbortSignal.any([patience.signal, ...(call.signal === undefined ? [] : [call.signal])]);
  try {
    const early = isQuestion ? takeEarly(toAddress(call), signal) : undefined;
    if (early !== undefined) return await early;
    return await fetch(toAddress(call), {
      method: call.method,
      headers: toHeaders(call),
      credentials: 'same-origin',
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
    });
  } catch (error) {
    if (call.signal?.aborted === true) throw error;
    throw new UnavailableError('the server did not answer', null);
  } finally {
    clearTimeout(timer);
  }
}

function toAddress({ path, query = {} }: ApiCall): string {
  return path + toSearch(query);
}

/** The query of an address with its question mark; empty where there is nothing to say. */
export function toSearch(query: Readonly<Record<string, QueryValue>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function toHeaders(call: ApiCall): Headers {
  const headers = new Headers({ accept: acceptedTypes });
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  if (call.ifMatch !== undefined) headers.set('if-match', `"${call.ifMatch}"`);
  if (call.method !== 'GET') headers.set('idempotency-key', call.idempotencyKey ?? crypto.randomUUID());
  return headers;
}

/** An answer that was cut off on the way is none. */
async function readWhole(response: Response, { signal }: ApiCall): Promise<unknown> {
  try {
    return await readAnswer(response);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new UnavailableError('the answer was cut off', null);
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const type = response.headers.get('content-type') ?? '';
  if (/[/+]json\b/.test(type)) return response.json();
  return type.startsWith('text/') ? response.text() : response.blob();
}

function readVersion(etag: string | null): string | null {
  return etag === null ? null : etag.replace(/^W\//, '').replaceAll('"', '');
}
