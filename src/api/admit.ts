import type { FastifyRequest } from 'fastify';

import { permissions } from '../core/access/permission.ts';
import type { Permission } from '../core/access/permission.ts';
import { ProductError } from '../core/error/product-error.ts';
import type { RightsLaunch } from '../core/access/document-grants.ts';
import { permissionDenied, permitPerson } from '../engine/access/permit-person.ts';
import { rightsLaunch } from '../engine/documents/rights-launch.ts';
import type { Identity } from '../engine/identity/identity.ts';
import { insertAccessDecisions } from '../store/access-decision.ts';
import { readNow } from '../store/open-store.ts';
import type { Store } from '../store/open-store.ts';
import type { RouteAccess } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { placeOfRun } from './place-of-run.ts';
import { isLooking, permitView } from './view-scene.ts';

/** What a route names: the launch or run in its path, and the environment where the query says one. */
export interface RouteTarget {
  launch: string | null;
  run: string | null;
  environment: string | null;
}

/**
 * Returns where the caller may have what the route gives. Throws `signed_out` and `permission_denied`; deny by default: an account that stands for nobody,
 * a token without the scope and a launch that cannot be read allow nothing. Use cases that change something ask again, by themselves.
 */
export async function admit(
  parts: ApiParts,
  access: RouteAccess,
  identity: Identity | null,
  target: RouteTarget,
): Promise<void> {
  if (access.kind === 'public') return;
  if (!identity) throw signedOut();
  if (access.kind === 'signed-in') return;
  refuseBeyondScope(identity, access.permission);
  const person = personOf(identity);
  const places = await placesOf(parts, access.of, target);
  const { nowMs } = await timeOf(parts);
  let refused: { place: Place; reason: string } | null = null;
  for (const place of places) {
    const ask = { person, permission: access.permission, environment: place.environment, nowMs };
    const verdict = isLooking(access.permission)
      ? await permitView(parts.store, place.launch, ask)
      : await permitPerson(parts.store, place.launch, { ...ask, run: target.run });
    if (verdict.allowed) return;
    refused = { place, reason: verdict.reason };
  }
  if (refused !== null && isLooking(access.permission))
    await writeRefusal(parts, refused, { person, permission: access.permission, run: target.run });
  throw permissionDenied(person, access.permission, refused?.reason ?? 'no launch of this installation can be read');
}

/** Being allowed to look stands in no audit; trying to where one may not does, as every other refusal (A36; ASVS 5.0, V16.3.2). */
async function writeRefusal(
  { store }: ApiParts,
  { place: { launch, environment }, reason }: { place: Place; reason: string },
  { person: actor, permission, run }: { person: string; permission: Permission; run: string | null },
): Promise<void> {
  const refusal = { allowed: false, exception: false, subject: null, reason };
  await insertAccessDecisions(store, [{ ...refusal, launch: launch.id, environment, actor, permission, run }]);
}

/** The person that an account stands for. Throws where an admin has not yet said who that is. */
export function personOf(identity: Identity | null): string {
  if (!identity) throw signedOut();
  if (identity.person !== null) return identity.person;
  throw new ProductError(
    'permission_denied',
    `${identity.email}: expected an account that stands for a person, got none`,
    {
      hint: 'ask an admin to say under Settings, People, who of the launch document this account is',
    },
  );
}

/** Nobody is signed in. */
export function signedOut(): ProductError {
  return new ProductError('signed_out', 'expected somebody who is signed in, got nobody', {
    hint: 'sign in again; a program sends "Authorization: Bearer" and its token',
  });
}

/** Address of the caller as the connection has it: no header of a client is believed. */
export function addressOf(request: FastifyRequest): string {
  return request.ip;
}

/** A token does what it was made for, and nothing else that its person may. */
function refuseBeyondScope({ scopes, session }: Identity, permission: Permission): void {
  if (scopes === null || scopes.includes(permission)) return;
  throw new ProductError(
    'permission_denied',
    `token ${session ?? ''}: expected the scope ${permission}, got ${scopes.join(', ') || 'none'}`,
    { hint: `make a token with this scope; there are ${permissions.length}` },
  );
}

type PlaceWord = Extract<RouteAccess, { kind: 'permission' }>['of'];

interface Place {
  launch: RightsLaunch;
  environment: string;
}

async function placesOf(parts: ApiParts, of: PlaceWord, target: RouteTarget): Promise<Place[]> {
  if (of === 'any') return everywhere(parts);
  if (of !== 'within') return [await placeOf(parts, of, target)];
  const launch = await rightsOf(parts, target.launch ?? '');
  return launch.environments.map(({ id: environment }) => ({ launch, environment }));
}

async function placeOf(parts: ApiParts, of: 'launch' | 'documents' | 'run', target: RouteTarget): Promise<Place> {
  if (of === 'run' && target.run !== null) {
    const { launch, environment } = await placeOfRun(parts.store, target.run);
    return { launch: await rightsOf(parts, launch), environment };
  }
  if (of === 'run' || target.launch === null)
    throw new ProductError('internal', 'route: expected one that names its launch or run, got neither', {
      hint: 'report this',
    });
  const launch = await rightsOf(parts, target.launch, of === 'documents');
  return { launch, environment: target.environment ?? launch.environment ?? '' };
}

async function everywhere(parts: ApiParts): Promise<Place[]> {
  const served = await parts.launches.list();
  return served.flatMap(({ plan }) =>
    plan ? plan.launch.environments.map(({ id }) => ({ launch: plan.launch, environment: id })) : [],
  );
}

async function rightsOf(
  parts: ApiParts,
  id: string,
  beforeItBroke = false,
): Promise<RightsLaunch & { environment: string | null }> {
  const served = await parts.launches.find(id);
  if (beforeItBroke) return rightsLaunch(parts.store, served);
  const { plan, trouble } = served;
  if (plan) return plan.launch;
  throw trouble ?? permissionDenied('', 'launch.view', `${id} cannot be read`);
}

/** The database's clock, asked at most ten times a second, once for all who ask meanwhile; rights end by it. */
export async function timeOf(parts: Pick<ApiParts, 'store'>): Promise<{ nowMs: number }> {
  const atMs = performance.now();
  const known = clocks.get(parts.store);
  const clock = known && atMs - known.atMs < 100 ? known : { atMs, nowMs: readNow(parts.store).then(Date.parse) };
  if (clock !== known) {
    clocks.set(parts.store, clock);
    clock.nowMs.catch(() => clocks.delete(parts.store));
  }
  return { nowMs: (await clock.nowMs) + (atMs - clock.atMs) };
}

const clocks = new WeakMap<Store, { atMs: number; nowMs: Promise<number> }>();
