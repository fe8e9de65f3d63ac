import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { startCluster } from '../../../../tests/doubles/cluster-server.ts';
import type { ClusterServer, Controller } from '../../../../tests/doubles/cluster-server.ts';
import { startSilentServer } from '../../../../tests/doubles/silent-server.ts';
import { routerContract } from '../../../../tests/contract/router-contract.ts';
import { routerContext } from '../../../../tests/routers/router-context.ts';
import { SecretValue } from '../../../core/secret/secret-value.ts';
import { gatewayKind } from './kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-gateway-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = 'apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/web';

function makeRoute(): { [key: string]: unknown } {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'web', namespace: 'shop', generation: 4, resourceVersion: '1200' },
    spec: {
      parentRefs: [{ name: 'edge' }],
      rules: [
        { matches: [{ path: { type: 'PathPrefix', value: '/static' } }], backendRefs: [{ name: 'files', port: 80 }] },
        {
          backendRefs: [
            { group: '', kind: 'Service', name: 'web-stable', port: 80, weight: 100 },
            { group: '', kind: 'Service', name: 'web-canary', port: 80, weight: 0 },
          ],
        },
      ],
    },
    status: {
      parents: [{ parentRef: { name: 'edge' }, controllerName: 'example.net/gateway', conditions: conditionsOf(4) }],
    },
  };
}

function conditionsOf(generation: number, status = 'True'): { [key: string]: unknown }[] {
  return ['Accepted', 'ResolvedRefs'].map((type) => ({ type, status, reason: type, observedGeneration: generation }));
}

/** A gateway that takes over whatever the route says. */
const accept: Controller = (route) => {
  const { generation } = route['metadata'] as { generation: number };
  return { ...route, status: { parents: [{ parentRef: { name: 'edge' }, conditions: conditionsOf(generation) }] } };
};

const running: ClusterServer[] = [];
afterEach(async () => void (await Promise.all(running.splice(0).map((cluster) => cluster.stop()))));

function setting(cluster: ClusterServer): {
  options: { [key: string]: string };
  context: { workspace: string; secret: SecretValue };
} {
  const ca = `ca-${new URL(cluster.url).port}.pem`;
  writeFileSync(join(folder, ca), cluster.ca);
  return {
    options: {
      url: cluster.url,
      ca,
      namespace: 'shop',
      route: 'web',
      rule: '1',
      stable: 'web-stable',
      canary: 'web-canary',
      settle: '60s',
      timeout: '60s',
    },
    context: { workspace: folder, secret: new SecretValue('cluster', Buffer.from(cluster.token)) },
  };
}

routerContract({
  name: 'a route of the Gateway API',
  kind: gatewayKind,
  missing: null,
  weights: [5, 12.5, 100, 0],
  required: ['url', 'route', 'stable', 'canary'],
  start: async () => {
    const [cluster, silent] = [
      await startCluster({ [path]: makeRoute() }, { carryOut: accept }),
      await startSilentServer(),
    ];
    const own = setting(cluster);
    return {
      ...own,
      production: ['127.0.0.1', cluster.host],
      silent: { options: { ...own.options, url: `http://${silent.host}` }, context: {} },
      async end() {
        await cluster.stop().catch(() => undefined);
        await silent.stop().catch(() => undefined);
      },
    };
  },
});

describe('a route of the Gateway API', () => {
  const open = async (controller: Controller, changes: { [key: string]: string } = {}, route = makeRoute()) => {
    const cluster = await startCluster({ [path]: route }, { carryOut: controller });
    running.push(cluster);
    const { options, context } = setting(cluster);
    const session = await gatewayKind.open({ ...options, ...changes }, routerContext(context));
    return { cluster, session };
  };

  it('T7 a patch that no gateway takes over is not believed', async () => {
    const { cluster, session } = await open(() => null, { settle: '300ms' });
    await expect(session.set(5)).rejects.toMatchObject({
      code: 'not_taken',
      message: expect.stringMatching(/Accepted of generation 5/) as string,
    });
    await expect(session.read()).rejects.toMatchObject({ code: 'not_agreed' });
    expect(cluster.asked.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
  });

  it('T7 a route that its gateway refuses has no weight', async () => {
    const refuse: Controller = (route) => ({
      ...route,
      status: { parents: [{ conditions: conditionsOf(9, 'False') }] },
    });
    await expect((await open(refuse, { settle: '300ms' })).session.set(5)).rejects.toMatchObject({ code: 'not_taken' });
  });

  it('T7 rules of others, and what others changed meanwhile, stay as they are', async () => {
    const { cluster, session } = await open(accept);
    await session.set(25);
    const { rules } = cluster.resources.get(path)!['spec'] as { rules: unknown[] };
    expect(rules[0]).toEqual((makeRoute()['spec'] as { rules: unknown[] }).rules[0]);
    expect(rules[1]).toEqual({
      backendRefs: [
        { group: '', kind: 'Service', name: 'web-stable', port: 80, weight: 75 },
        { group: '', kind: 'Service', name: 'web-canary', port: 80, weight: 25 },
      ],
    });
  });

  it('T7 a third backend, another rule, another name, a token that may not: trouble and never a weight', async () => {
    const third = makeRoute();
    (third['spec'] as { rules: { backendRefs: unknown[] }[] }).rules[1]?.backendRefs.push({
      name: 'other',
      weight: 50,
    });
    await expect((await open(accept, {}, third)).session.read()).rejects.toMatchObject({ code: 'split_unclear' });
    await expect((await open(accept, {}, third)).session.set(5)).rejects.toMatchObject({ code: 'split_unclear' });
    await expect((await open(accept, { rule: '7' })).session.read()).rejects.toMatchObject({ code: 'split_unclear' });
    await expect((await open(accept, { route: 'nope' })).session.read()).rejects.toMatchObject({
      code: 'resource_missing',
    });
    const { cluster } = await open(accept);
    const stranger = new SecretValue('cluster', Buffer.from('wrong'));
    const session = await gatewayKind.open(
      setting(cluster).options,
      routerContext({ workspace: folder, secret: stranger }),
    );
    await expect(session.read()).rejects.toMatchObject({ code: 'refused' });
  });

  it('A27 an authority that nobody vouches for is not talked to, and the token goes nowhere in clear', async () => {
    const { cluster } = await open(accept);
    const { ca: _, ...rest } = setting(cluster).options;
    const secret = new SecretValue('cluster', Buffer.from(cluster.token));
    const session = await gatewayKind.open(rest, routerContext({ workspace: folder, secret }));
    await expect(session.read()).rejects.toMatchObject({ code: 'unreachable' });
    const clear = await gatewayKind.open(
      { ...rest, url: 'http://192.0.2.1' },
      routerContext({ workspace: folder, secret, allow: [] }),
    );
    await expect(clear.read()).rejects.toMatchObject({ code: 'token_in_clear' });
    expect(cluster.asked).toEqual([]);
  });
});
