import type { JsonObject } from '@tminus/verify';
import { setTimeout as pause } from 'node:timers/promises';

import { RouterTrouble } from '../../core/rollout/router-kind.ts';
import type { RouterContext } from '../../core/rollout/router-kind.ts';
import { isObject } from '../checks/parse-json.ts';
import { loadWorkspaceText } from '../checks/workspace-file.ts';
import { createJsonClient } from './request-json.ts';
import { createRouterCalls } from './router-calls.ts';

/** A resource of a Kubernetes API, and the cluster that it is in. */
export interface ClusterOptions {
  url: string;
  ca: string | null;
  namespace: string;
  timeout: number;
  /** How long a change may take to be carried out. */
  settle: number;
}

/** One resource of a cluster. */
export interface ClusterResource {
  read(): Promise<JsonObject>;
  /** Merge patch (RFC 7386) of the resource, or of its status. That it was taken says nothing of what is done: read again. */
  patch(change: JsonObject, part: 'spec' | 'status'): Promise<JsonObject>;
  /** Reads until `holds`, and throws `RouterTrouble` with the words of the last look where it does not in time. */
  until(holds: (resource: JsonObject) => string | null): Promise<void>;
}

const lookMs = 100;

/** Returns how a resource is asked for, by its path such as `apis/gateway.networking.k8s.io/v1`, its plural and its name. */
export async function openResource(
  { url, ca, namespace, timeout, settle }: ClusterOptions,
  at: { group: string; plural: string; name: string },
  context: RouterContext,
): Promise<ClusterResource> {
  const authority = ca === null ? null : await loadWorkspaceText(context.workspace, ca);
  if (authority !== null && !authority.ok) throw new RouterTrouble('configuration', `ca: ${authority.trouble.message}`);
  const client = createJsonClient(
    context,
    createRouterCalls(context, timeout),
    authority === null ? null : authority.text,
  );
  const path = `${url.replace(/\/$/, '')}/${at.group}/namespaces/${namespace}/${at.plural}/${at.name}`;
  const ask = async (method: 'GET' | 'PATCH', target: URL, body: JsonObject | null): Promise<JsonObject> => {
    const headers: { [name: string]: string } = body === null ? {} : { 'content-type': 'application/merge-patch+json' };
    const { status, value } = await client({
      method,
      url: target,
      headers,
      body: body === null ? null : JSON.stringify(body),
    });
    const name = `${at.plural}/${at.name}`;
    refuseStatus(status, { method, name, namespace });
    if (!isObject(value)) throw new RouterTrouble('unreadable', `${name}: expected a resource, got something else`);
    return value;
  };
  const read = (): Promise<JsonObject> => ask('GET', new URL(path), null);
  return {
    read,
    patch: (change, part) => ask('PATCH', new URL(part === 'status' ? `${path}/status` : path), change),
    until: (holds) => untilHolds(read, holds, { settle, signal: context.signal, name: `${at.plural}/${at.name}` }),
  };
}

async function untilHolds(
  read: () => Promise<JsonObject>,
  holds: Parameters<ClusterResource['until']>[0],
  { settle, signal, name }: { settle: number; signal: AbortSignal; name: string },
): Promise<void> {
  const endsAt = performance.now() + settle;
  for (;;) {
    const missing = holds(await read());
    if (missing === null) return;
    if (performance.now() >= endsAt) throw new RouterTrouble('not_taken', `${name}: ${missing} after ${settle} ms`);
    await pause(lookMs, undefined, { signal }).catch(() => {
      throw new RouterTrouble('aborted', `${name}: cancelled while the cluster carried it out`);
    });
  }
}

function refuseStatus(
  status: number,
  { method, name, namespace }: { method: string; name: string; namespace: string },
): void {
  if (status === 200) return;
  if (status === 404)
    throw new RouterTrouble('resource_missing', `${name}: expected it in namespace ${namespace}, got none`);
  if (status === 409)
    throw new RouterTrouble('changed_meanwhile', `${name}: expected the version that was read, got another`);
  const wanted = status === 401 || status === 403 ? `the right to ${method.toLowerCase()} it` : 'status 200';
  throw new RouterTrouble('refused', `${name}: expected ${wanted}, got status ${status}`);
}

/** Returns the text or number that stands at a path, as a text; null where something else does. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = valueAt(value, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}

/** Returns what stands at a path of names and indexes; null where nothing does. */
export function valueAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return null;
    found = (found as { [key: string | number]: unknown })[step];
  }
  return found;
}
