import { ApiError, UnavailableError } from './api-error.ts';

/** The error that an answer outside 2xx stands for: unavailable for what may pass by itself, else the problem as told. */
export async function readProblem(response: Response): Promise<ApiError | UnavailableError> {
  const retryAfterS = readRetryAfter(response.headers.get('retry-after'));
  const body = await readBody(response);
  const code = toText(body['code']);
  if (isPassing(response.status)) {
    return new UnavailableError(toText(body['detail']) || `the server answered ${response.status}`, retryAfterS);
  }
  return new ApiError({
    title: toText(body['title']) || `the server answered ${response.status}`,
    status: response.status,
    detail: toText(body['detail']),
    hint: toText(body['hint']),
    code: code || `http_${response.status}`,
    requestId: toText(body['instance']),
    current: toText(body['current']) || null,
    retryAfterS,
  });
}

/** A gateway that says 502 or 504 did not reach the API; 503 is the API saying that it cannot answer now. */
function isPassing(status: number): boolean {
  return status >= 502 && status <= 504;
}

async function readBody(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    // A proxy in between answers HTML; its status is all there is to say.
    return {};
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Seconds of a Retry-After header (RFC 9110, 10.2.3); null for a date or for none. */
function readRetryAfter(value: string | null): number | null {
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}
