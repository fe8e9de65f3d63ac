/** An error as the API tells it (RFC 9457): what happened, what was expected, what to do next, and its code. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  /** What to do next; empty where the API does not say. */
  hint: string;
  code: string;
  /** What to name when asking whoever runs this installation; empty where the API does not say. */
  requestId: string;
  /** Of a `version_conflict`: the version that holds now. */
  current: string | null;
  /** Seconds after which to ask again, from Retry-After; null where the API does not say. */
  retryAfterS: number | null;
}

/** Thrown by every call of the API that the API answered with a problem. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail === '' ? problem.title : problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** Thrown where the API could not be asked or cannot answer now. What it would have said is unknown, which is not "nothing". */
export class UnavailableError extends Error {
  /** Seconds after which to ask again; null where nobody says. */
  readonly retryAfterS: number | null;

  constructor(message: string, retryAfterS: number | null) {
    super(message);
    this.name = 'UnavailableError';
    this.retryAfterS = retryAfterS;
  }
}

/** True for an error with this code of ours. */
export function isProblem(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.problem.code === code;
}
