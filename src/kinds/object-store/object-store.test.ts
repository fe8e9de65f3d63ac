import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { access, startObjectServer } from '../../../tests/doubles/object-server.ts';
import type { ObjectFaults, ObjectServer } from '../../../tests/doubles/object-server.ts';
import { readObjectUrl } from './object-place.ts';
import type { ObjectPlace } from './object-place.ts';
import type { ObjectContext } from './object-request.ts';
import { fetchObject, hashObject } from './read-object.ts';
import { uploadObject } from './upload-object.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-objects-'));
const small = join(folder, 'small.tar.gz');
const large = join(folder, 'large.tar.gz');
const partBytes = 1024;
let server: ObjectServer;
let count = 0;

beforeAll(async () => {
  server = await startObjectServer();
  writeFileSync(small, randomBytes(700));
  writeFileSync(large, randomBytes(3 * partBytes + 17));
});
beforeEach(() => {
  for (const name of Object.keys(server.faults)) delete server.faults[name as keyof ObjectFaults];
  server.asked.splice(0);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sha256Of = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const context = (more: Partial<ObjectContext> = {}): ObjectContext => ({
  allow: [server.host],
  forbidden: [],
  signal: AbortSignal.timeout(100_000),
  now: Date.now,
  ...more,
});
function placeOf(more: Partial<ObjectPlace> = {}): ObjectPlace {
  count += 1;
  return { bucket: 'backups', key: `exports/shop (1)/é+${count}.tar.gz`, endpoint: server.url, ...access, ...more };
}
const upload = (place: ObjectPlace, file: string, more: Partial<ObjectContext> = {}): Promise<void> =>
  uploadObject(place, { file, sha256: sha256Of(file), partBytes }, context(more));

describe('a store of objects', () => {
  it.each([
    ['in one piece', () => small, 'PUT'],
    ['in parts', () => large, 'POST'],
  ])('D30 a file is put %s, read back, listed, and fetched as it was', async (_, file, method) => {
    const place = placeOf();
    await upload(place, file());
    expect(server.asked.filter((line) => line.startsWith(method)).length).toBeGreaterThan(0);
    expect(server.asked.at(-1)).toContain('list-type=2');
    expect(server.uploads.size).toBe(0);
    expect(await hashObject(place, context())).toBe(sha256Of(file()));
    const back = join(folder, `back-${count}`);
    await fetchObject(place, back, context());
    expect(sha256Of(back)).toBe(sha256Of(file()));
  });

  it.each([
    ['small', () => small],
    ['large', () => large],
  ])('D30 an object that is there is never replaced: %s', async (_, file) => {
    const place = placeOf();
    await upload(place, small);
    await expect(upload(place, file())).rejects.toMatchObject({ code: 'exists' });
    expect(await hashObject(place, context())).toBe(sha256Of(small));
  });

  it.each<[string, ObjectFaults, string]>([
    ['a store that drops a byte', { truncates: true }, 'damaged'],
    ['a store that does not list it', { hides: true }, 'unlisted'],
    ['a store whose answers break off', { breaksOff: true }, 'unreachable'],
  ])('(negative control) D30 %s has no backup', async (_, faults, code) => {
    Object.assign(server.faults, faults);
    const place = placeOf();
    await expect(upload(place, small)).rejects.toMatchObject({ code });
    await expect(upload(placeOf(), large)).rejects.toMatchObject({ code });
    const left = [...server.objects.keys()].includes(`backups/${place.key}`);
    expect(left).toBe(code !== 'damaged');
  });

  it('(negative control) D30 an end of an upload that is answered with 200 and an error is none, and no part stays', async () => {
    server.faults.failsAtEnd = true;
    await expect(upload(placeOf(), large)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('InternalError') as string,
    });
    expect(server.uploads.size).toBe(0);
  });

  it('(negative control) O06 another key, region or secret is refused, and the secret stands in no message', async () => {
    for (const wrong of [{ keyId: 'OTHER' }, { region: 'eu-test-2' }, { secret: `${access.secret}x` }]) {
      const error = await upload(placeOf(wrong), small).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code: 'permission' });
      expect((error as Error).message).not.toContain(access.secret);
    }
    expect(server.asked).toEqual([]);
  });

  it('(negative control) a file that is not what its sha256 says is no backup', async () => {
    const place = placeOf();
    const wish = { file: small, sha256: '0'.repeat(64), partBytes };
    await expect(uploadObject(place, wish, context())).rejects.toMatchObject({ code: 'damaged' });
    await expect(hashObject(place, context())).rejects.toMatchObject({ code: 'missing' });
  });

  it('A11 C07 a private or forbidden host is not asked, and a stop ends it without a part left', async () => {
    await expect(upload(placeOf(), small, { allow: [] })).rejects.toBeInstanceOf(Error);
    await expect(upload(placeOf(), small, { forbidden: ['127.0.0.1'] })).rejects.toMatchObject({ code: 'forbidden' });
    expect(server.asked).toEqual([]);
    const stop = new AbortController();
    const wish = { file: large, sha256: sha256Of(large), partBytes, onBytes: () => stop.abort() };
    await expect(uploadObject(placeOf(), wish, context({ signal: stop.signal }))).rejects.toBeInstanceOf(Error);
    expect(server.uploads.size).toBe(0);
  });

  it('reads s3://bucket/key and nothing that a server would read otherwise', () => {
    expect(readObjectUrl('s3://backups/shop/a.tar.gz')).toEqual({ bucket: 'backups', key: 'shop/a.tar.gz' });
    for (const text of [
      's3://b/a',
      's3://backups',
      's3://backups/',
      's3://backups/../a',
      's3://backups/a//b',
      'https://a/b',
      's3://backups/a?x',
    ])
      expect(readObjectUrl(text)).toBeNull();
  });
});
