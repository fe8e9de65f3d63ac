import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { SecretValue } from '../../src/core/secret/secret-value.ts';
import { openConnections } from '../../src/engine/rollout/open-connections.ts';
import { findRollout } from '../../src/engine/rollout/start-shift.ts';
import { metricSourceKinds } from '../../src/kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../src/kinds/routers/kinds.ts';
import { newFolder, openRolloutStage } from './open-stage.ts';
import { rolloutLaunch } from './rollout-launch.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-router-'));
const secret = 'hunter2-of-the-edge';
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('S3 a router that repeats its secret, in what it says and in what it fails with, says it to nobody', async () => {
  const text = rolloutLaunch(
    {
      router: '{ kind: command, secret: edge-key, read: "node read.mjs", set: "node set.mjs $weight", timeout: 60s }',
      metrics: { stable: 'http://127.0.0.1:1/', canary: 'http://127.0.0.1:1/' },
    },
    { front: 'secrets: { edge-key: { env: EDGE_KEY } }\n', phases: ['{ weight: 100 }'] },
  );
  const stage = await openRolloutStage(text, newFolder());
  try {
    writeFileSync(
      join(stage.folder, 'read.mjs'),
      'console.log(JSON.stringify({ weight: 0, detail: `signed in with ${process.env.TMINUS_SECRET}` }));',
    );
    writeFileSync(
      join(stage.folder, 'set.mjs'),
      'console.error(`${process.env.TMINUS_SECRET} is refused`); process.exit(1);',
    );
    const scene = await stage.scene();
    const opened: string[] = [];
    const connections = openConnections(findRollout(scene, null), {
      scene,
      kinds: { routers: routerKinds, sources: metricSourceKinds },
      openSecret: async (name) => {
        opened.push(name);
        return new SecretValue(name, Buffer.from(secret));
      },
      signal: new AbortController().signal,
      now: Date.now,
    });
    const edge = connections.routers.get('edge')!;
    const { detail } = await edge.read();
    const failure = await edge.set(50).then(
      () => 'it was set',
      (error: unknown) => String(error),
    );
    await connections.close();
    expect(opened).toEqual(['edge-key']);
    expect([detail, failure]).toEqual([
      expect.stringContaining('signed in with'),
      expect.stringContaining('is refused'),
    ]);
    expect(`${detail} ${failure}`).not.toContain(secret);
  } finally {
    await stage.drop();
  }
}, 180_000);
