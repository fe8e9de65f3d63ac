import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { open } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import type { DemoDesk } from '../../engine/launches/demo-desk.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const demo = z
  .object({
    launch: z.string(),
    people: z.array(z.object({ person: z.string(), name: z.string(), roles: z.array(z.string()) })),
    deeds: z.array(z.object({ title: z.string(), command: z.string(), output: z.string(), exit: z.int() })),
    isFixed: z.boolean(),
    mendedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Demo' });

/** The demo alone: whoever watches it can be any of its people. A server that is none answers 404. */
export const demoRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/demo',
    id: 'readDemo',
    summary: 'The people and the shop of the demo; 404 everywhere else',
    tag: 'demo',
    access: open,
    response: demo,
    handle: async ({ parts }) => Promise.resolve(toView(deskOf(parts))),
  }),
  defineRoute({
    method: 'POST',
    path: '/demo/people/:person/become',
    id: 'becomeDemoPerson',
    summary: 'Signs in as a person of the demo, with their key file; 404 everywhere else',
    tag: 'demo',
    access: open,
    params: z.object({ person: z.string() }),
    response: z.object({ person: z.string(), key: z.string(), privateKeyPem: z.string() }),
    handle: async ({ parts, params, reply }) => {
      const signed = await deskOf(parts).become(params.person);
      if (!signed) throw notThere();
      reply.header('set-cookie', signed.cookies);
      return { person: params.person, key: signed.key, privateKeyPem: signed.privateKeyPem };
    },
  }),
  deedRoute({
    path: '/demo/fix',
    id: 'fixDemoShop',
    summary: 'The team mends what the decision named; 404 everywhere else',
    does: async (desk) => {
      if (!desk.isFixed()) await desk.fix();
    },
  }),
  deedRoute({
    path: '/demo/mend',
    id: 'mendDemoShop',
    summary: 'The team mends what only customers saw, as a new candidate; 404 everywhere else',
    does: async (desk) => {
      if (!desk.isFixed()) throw notYet();
      await desk.mend();
    },
  }),
  deedRoute({
    path: '/demo/spoil',
    id: 'spoilDemoShop',
    summary: 'Makes one order of the new shop wrong, to be found; 404 everywhere else',
    does: (desk) => desk.spoil(),
  }),
];

interface DemoDeed {
  path: string;
  id: string;
  summary: string;
  does: (desk: DemoDesk) => Promise<unknown>;
}

/** Something that happens to the shop of the demo, and how it stands then. */
function deedRoute({ does, ...named }: DemoDeed): Route {
  return defineRoute({
    ...named,
    method: 'POST',
    tag: 'demo',
    access: open,
    response: demo,
    handle: async ({ parts }) => {
      const desk = deskOf(parts);
      await does(desk);
      return toView(desk);
    },
  });
}

function deskOf({ demo: desk }: ApiParts): DemoDesk {
  if (desk) return desk;
  throw notThere();
}

function toView(desk: DemoDesk): z.input<typeof demo> {
  const { launch, people } = desk;
  return { launch, people: [...people], deeds: [...desk.deeds()], isFixed: desk.isFixed(), mendedAt: desk.mendedAt() };
}

function notYet(): ProductError {
  return new ProductError('usage', 'demo: expected a shop whose candidate is deployed, got the one of the beginning', {
    hint: 'let the team mend what the first decision names',
  });
}

function notThere(): ProductError {
  return new ProductError('route_unknown', 'demo: expected the server of a demo, got another one', {
    hint: 'start one with "tminus demo"',
  });
}
