import { queryOptions } from '@tanstack/react-query';

import { readMe } from './client.generated.ts';

/** Who is asking, as a query that every page shares: `useQuery(meQuery)`. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => readMe({ signal }),
  staleTime: 60_000,
});
