import { QueryClient } from '@tanstack/react-query';

import { ApiError, UnavailableError } from '../api/api-error.ts';

/** Attempts of a read before it is shown as unavailable. */
const attempts = 3;

/**
 * Keeps what the API answered. Live events say what is no longer so, and therefore an answer is fresh for half a minute without asking again;
 * a problem is an answer too and is not asked again, while nobody answering is tried three times.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        networkMode: 'always',
        retry: (count, error) => !(error instanceof ApiError) && count < attempts - 1,
        retryDelay: (count, error) =>
          error instanceof UnavailableError && error.retryAfterS !== null ? error.retryAfterS * 1000 : 500 * 2 ** count,
      },
      // Never by itself: a person has to see that it did not happen, and decide.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
