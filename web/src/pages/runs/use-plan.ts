import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

import { readPlan } from '../../api/client.generated.ts';
import type { ReadPlanAnswer } from '../../api/client.generated.ts';

/** What is to be ordered, and where. */
export interface Wish {
  launch: string;
  procedure: string;
  environment: string;
}

/** The key under which the dry run of a procedure is kept. */
export function planKey({ launch, procedure, environment }: Wish): readonly string[] {
  return ['launches', launch, 'plans', procedure, environment];
}

/** The dry run of a procedure in an environment; nothing is asked while either is not chosen. */
export function usePlan(wish: Wish): UseQueryResult<ReadPlanAnswer> {
  return useQuery({
    queryKey: planKey(wish),
    queryFn: ({ signal }) => readPlan({ ...wish }, { signal }),
    enabled: wish.environment !== '' && wish.procedure !== '',
  });
}
