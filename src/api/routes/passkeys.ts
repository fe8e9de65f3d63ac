import { z } from 'zod';

import { signedIn } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { requireSession } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { declarationView, passkeyView } from '../views/account-view.ts';

/** Keys of the caller: passkeys of the account, and what the documents declare. Registering and removing are below `/api/auth/passkey`. */
export const passkeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/me/passkeys',
    id: 'listOwnPasskeys',
    summary: 'Passkeys of the caller, and the key that each launch declares for their person',
    tag: 'account',
    access: signedIn,
    response: z.object({ items: z.array(passkeyView), declared: z.array(declarationView) }),
    handle: async ({ parts, identity }) => {
      requireSession(identity);
      const declared = await listDeclarations(parts, identity.person);
      const entries = await parts.identity.passkeys.list(identity.account);
      const items = entries.map(({ id, name, createdAt, key }) => ({
        id,
        name,
        createdAt,
        key,
        declaredIn: declared.filter((each) => key !== null && each.key === key).map(({ launch }) => launch),
      }));
      return { items, declared };
    },
  }),
];

async function listDeclarations(
  { launches }: ApiParts,
  person: string | null,
): Promise<z.input<typeof declarationView>[]> {
  const served = await launches.list();
  return served.flatMap(({ plan }) => {
    const found = plan?.launch.people.find(({ id }) => id === person);
    if (!plan || !found) return [];
    const { id: launch, title } = plan.launch;
    return [{ launch, title, document: found.at.file, person: found.id, name: found.name, key: found.key }];
  });
}
