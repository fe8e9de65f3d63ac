import type { Permission } from '../core/access/permission.ts';

/**
 * Who may ask for a route. `public`: anybody, before signing in, too. `signed-in`: every account, about nothing but itself. A permission is asked of
 * the launch and environment that the route names: its parameter `launch`, or that of its `run`; `documents`: the same launch, by its last readable documents while those of now cannot be read; `within`: in at least one environment of that launch, of which the
 * handler then shows no other; `any`: held for at least one launch of this installation.
 */
export type RouteAccess =
  | { kind: 'public' }
  | { kind: 'signed-in' }
  | {
      kind: 'permission';
      permission: Permission;
      of: 'launch' | 'documents' | 'within' | 'run' | 'any';
      /** Whether programs of this machine need not sign in where only this machine reaches the server. */
      isOpenHere?: true;
    };

/** Everybody. */
export const open = { kind: 'public' } as const satisfies RouteAccess;

/** Whoever has an account. */
export const signedIn = { kind: 'signed-in' } as const satisfies RouteAccess;

/** Whoever may do this, there. */
export function may(
  permission: Permission,
  of: 'launch' | 'documents' | 'within' | 'run' | 'any' = 'launch',
): RouteAccess & { kind: 'permission' } {
  return { kind: 'permission', permission, of };
}

/** The same, and programs of this machine without signing in, where only this machine reaches the server. */
export function orThisMachine(access: RouteAccess & { kind: 'permission' }): RouteAccess & { kind: 'permission' } {
  return { ...access, isOpenHere: true };
}

/** How access is written into the API description: what the tests of every route and role are generated from. */
export function describeAccess(access: RouteAccess): string {
  return access.kind === 'permission' ? `${access.permission} of ${access.of}` : access.kind;
}
