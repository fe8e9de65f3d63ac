import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { judgeShare, requestsToJudge } from '../../src/core/rollout/judge-share.ts';
import { nginxKind } from '../../src/kinds/routers/nginx/kind.ts';
import { startNginx } from '../servers/start-nginx.ts';
import { routerContext } from './router-context.ts';
import { startApps } from './start-apps.ts';
import { startLoad } from './steady-load.ts';

const apps = await startApps();
const nginx = await startNginx(apps.ports);
const missing = nginx.state === 'missing' ? nginx.reason : null;
/**
 * nginx splits by chance, and one sample in 370 lies outside of three sigma. Three times as many requests, judged as draws of three, have the same reach in percent, and
 * it is five sigma.
 */
const perDraw = 3;
const { folder, url, luaUrl, admin } =
  nginx.state === 'started' ? nginx : { folder: '', url: '', luaUrl: '', admin: '' };

describe.skipIf(missing !== null)(`nginx under load${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  afterAll(async () => {
    if (nginx.state === 'started') await nginx.stop();
    await apps.stop();
  });
  const file = { file: 'split.conf', pid: join(folder, 'nginx.pid'), timeout: '60s' };
  const open = (options: { [key: string]: string }) => nginxKind.open(options, routerContext({ workspace: folder }));

  it('T5 with Lua, no request is lost over 5, 25, 100, 0, and each share is within 3 sigma', async () => {
    const router = await open({ admin, timeout: '60s' });
    const load = startLoad(luaUrl, 8);
    try {
      for (const weight of [5, 25, 100, 0]) {
        await router.set(weight);
        await load.turnOver();
        const before = (await router.read()).requests!;
        await load.until(3 * Math.max(400, 2 * requestsToJudge(weight)));
        const after = (await router.read()).requests!;
        expect({ weight, ...judgeShare({ before, after, weight, perDraw }) }).toMatchObject({
          weight,
          state: 'agrees',
        });
        // Negative control: what was counted is not within reach of another weight.
        expect(judgeShare({ before, after, weight: weight === 50 ? 5 : 50, perDraw }).state).toBe('differs');
      }
    } finally {
      await load.stop();
    }
    expect(load.lost).toEqual([]);
    expect(router.abilities).toMatchObject({ loss: null, counts: true });
  });

  it('T5 with a file, requests are split by it, and the loss of a reload is said', async () => {
    const router = await open(file);
    expect(router.abilities.loss).toMatch(/each reload/);
    await router.set(25);
    const load = startLoad(url, 4);
    await load.until(3 * 600);
    await load.stop();
    expect(judgeShare({ before: { stable: 0, canary: 0 }, after: load.answers, weight: 25, perDraw })).toMatchObject({
      state: 'agrees',
    });
    expect(load.lost).toEqual([]);
    expect(readFileSync(join(folder, 'split.conf'), 'utf8')).toBe(
      '# Written by Tminus.\nsplit_clients "$request_id" $arm {\n  25% canary;\n  * stable;\n}\n',
    );
    await router.set(0);
  });

  it('T7 a configuration that nginx refuses is not taken, and the file goes back to what it was', async () => {
    const router = await open({ ...file, timeout: '600ms' });
    const config = join(folder, 'nginx.conf');
    const good = readFileSync(config, 'utf8');
    const split = readFileSync(join(folder, 'split.conf'), 'utf8');
    writeFileSync(config, `${good}\nnonsense;\n`);
    await expect(router.set(50)).rejects.toMatchObject({ code: 'not_taken' });
    expect(readFileSync(join(folder, 'split.conf'), 'utf8')).toBe(split);
    // Read before it is mended: a reload that comes late would replace the workers of the next test.
    await expect.poll(() => readFileSync(join(folder, 'error.log'), 'utf8')).toContain('nonsense');
    writeFileSync(config, good);
  });

  it('T7 a file that the workers have not read is no weight', async () => {
    const router = await open({ ...file, timeout: '60s' });
    await router.set(10);
    await new Promise((resolve) => setTimeout(resolve, 120));
    const path = join(folder, 'split.conf');
    writeFileSync(path, readFileSync(path, 'utf8').replace('10%', '90%'));
    await expect(router.read()).rejects.toMatchObject({ code: 'not_agreed' });
    await router.set(0);
    expect((await router.read()).weight).toBe(0);
  });

  it('T7 by a program, its exit says whether nginx was reloaded', async () => {
    const { pid: _, ...rest } = file;
    const router = await open({ ...rest, reload: `["sh","-c","kill -HUP $(cat nginx.pid)"]` });
    await router.set(30);
    expect(await router.read()).toMatchObject({ weight: 30, detail: expect.stringMatching(/not seen/) as string });
    const failing = await open({ ...rest, reload: 'false' });
    await expect(failing.set(60)).rejects.toMatchObject({ code: 'refused' });
    expect((await router.read()).weight).toBe(30);
  });

  it.each([
    ['no block', '', 'block_missing'],
    ['two blocks', 'split_clients a $arm { * stable; }\nsplit_clients b $arm { * stable; }', 'block_missing'],
    ['a third value', 'split_clients a $arm { 5% canary; 5% other; * stable; }', 'split_unclear'],
    ['no rest', 'split_clients a $arm { 5% canary; }', 'split_unclear'],
  ])('T7 %s is trouble and never a weight', async (_, text, code) => {
    writeFileSync(join(folder, 'other.conf'), text);
    await expect(open({ ...file, file: 'other.conf' })).rejects.toMatchObject({ code });
  });

  it('T7 an admin location that says something else is trouble', async () => {
    await expect(open({ admin: luaUrl })).rejects.toMatchObject({ code: 'unreadable' });
    await expect(open({ admin: `${new URL(admin).origin}/nothing` })).rejects.toMatchObject({ code: 'refused' });
  });
});
