import type { RouterKind } from '../../core/rollout/router-kind.ts';
import { argoKind } from './argo/kind.ts';
import { commandKind } from './command/kind.ts';
import { dnsKind } from './dns/kind.ts';
import { flagFileKind } from './flag-file/kind.ts';
import { gatewayKind } from './gateway/kind.ts';
import { haproxyKind } from './haproxy/kind.ts';
import { nginxKind } from './nginx/kind.ts';

/** Every kind of router, in the order of their names. A kind adds one line here; what it needs is loaded when a session is opened. */
export const routerKinds: readonly RouterKind[] = [
  argoKind,
  commandKind,
  dnsKind,
  flagFileKind,
  gatewayKind,
  haproxyKind,
  nginxKind,
];

/** Returns the kind of a name; null where there is none. */
export function findRouterKind(name: string): RouterKind | null {
  return routerKinds.find(({ kind }) => kind === name) ?? null;
}
