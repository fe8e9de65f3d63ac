import type { Signed } from '@tminus/verify';
import { z } from 'zod';

import type { Scene } from '../engine/scene.ts';
import type { Appended } from '../engine/sign/append-signed.ts';
import type { RouteAccess } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { requireOwn } from './own-signature.ts';
import { defineRoute } from './route.ts';
import type { Route } from './route.ts';
import { signedBody, toSigned } from './views/sign-view.ts';

/** Where a statement is made: in the environment of the launch, or in the one that the address says. */
export const inEnvironment = z.object({ environment: z.string().optional() });

const appended = z.object({ id: z.string(), index: z.int().describe('place in the log of the launch') });

interface SignedWish<Statement, P extends z.ZodObject> {
  path: string;
  id: string;
  summary: string;
  tag: string;
  access: RouteAccess & { kind: 'permission' };
  params: P;
  append: (parts: ApiParts, scene: Scene, signed: Signed<Statement>, params: z.output<P>) => Promise<Appended>;
}

/** The second of the two requests with which somebody signs: what they were shown, signed by themselves and nobody else. */
export function signedRoute<Statement, P extends z.ZodObject>({ append, ...wish }: SignedWish<Statement, P>): Route {
  return defineRoute({
    ...wish,
    method: 'POST',
    query: inEnvironment,
    body: signedBody,
    response: appended,
    status: 201,
    handle: async ({ parts, params, query, body, person }) => {
      requireOwn(body, person());
      const { launch } = params as unknown as { launch: string };
      const scene = await sceneOf(parts, launch, query);
      const { id, index } = await append(parts, scene, toSigned<Statement>(body), params as z.output<P>);
      return { id, index };
    },
  });
}

/** The scene of a launch in the environment that an address says. */
export function sceneOf(
  parts: ApiParts,
  launch: string,
  { environment }: z.output<typeof inEnvironment>,
): Promise<Scene> {
  return parts.launches.scene(launch, environment ?? null);
}
