import { useQuery } from '@tanstack/react-query';

import { listOwnRights } from '../../api/client.generated.ts';
import type { OwnRights } from '../../api/client.generated.ts';

/** Whether the caller has a permission anywhere, as the API says; false until it has said so. What is hidden by it is refused by the API all the same. */
export function useMayManage(permission: OwnRights['permissions'][number]): boolean {
  const { data } = useQuery({ queryKey: ['me', 'rights'], queryFn: ({ signal }) => listOwnRights({ signal }) });
  return data?.items.some(({ permissions }) => permissions.includes(permission)) === true;
}
