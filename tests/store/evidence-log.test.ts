import { leafHash, parseLogVerifier, sha256Hex, verifyCheckpoint, verifyInclusion } from '@tminus/verify';
import { renameSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AppendedEntry } from '../../src/store/append-batch.ts';
import { createAppender } from '../../src/store/appender.ts';
import { hasBlobs, readBlob } from '../../src/store/blob.ts';
import { appendEntries, readEntries, readLatestCheckpoint } from '../../src/store/evidence-log.ts';
import { readLaunchSnapshot, snapshotLaunch } from '../../src/store/launch-snapshot.ts';
import { readLog } from '../../src/store/log.ts';
import { readNow } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { decision, evidence, waiver } from './sample-entries.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterAll(() => database.drop());

/** Checks an answer as a stranger would: the proof against the signed note, nothing else. */
async function holds(launch: string, body: string, place: AppendedEntry): Promise<boolean> {
  const log = await readLog(store, launch);
  const point = verifyCheckpoint(place.checkpoint.note, parseLogVerifier(log?.verifier ?? ''));
  return verifyInclusion({ leaf: leafHash(body), index: place.index, size: point.size, root: point.root }, place.proof);
}

describe('appendEntries', () => {
  it('R9 returns index, proof and a signed checkpoint for every entry, and reads back the bytes as they were hashed', async () => {
    const places = await appendEntries(store, 'shop', [evidence('shop', 0), evidence('shop', 1), waiver('shop')]);
    const more = await appendEntries(store, 'shop', [decision('shop'), evidence('shop', 2)]);
    expect([...places, ...more].map((place) => place.index)).toEqual([0, 1, 2, 3, 4]);
    const entries = await readEntries(store, 'shop', { from: 0, to: 5 });
    expect(entries.map((entry) => entry.kind)).toEqual(['evidence', 'evidence', 'waiver', 'decision', 'evidence']);
    for (const [at, entry] of entries.entries()) {
      const place = [...places, ...more][at] as AppendedEntry;
      expect(sha256Hex(entry.body)).toBe(place.id);
      expect(await holds('shop', entry.body, place)).toBe(true);
      expect(await holds('shop', `${entry.body} `, place)).toBe(false);
    }
    expect(await readLatestCheckpoint(store, 'shop')).toMatchObject(more[0]?.checkpoint ?? {});
    expect(await verifyStoredLog(store, 'shop')).toEqual({ state: 'whole', size: 5, root: more[0]?.checkpoint.root });
  });

  it('R1 an entry that is handed in again lands once and gets its old place', async () => {
    const [first] = await appendEntries(store, 'again', [evidence('again', 1)]);
    const both = await appendEntries(store, 'again', [
      evidence('again', 2),
      evidence('again', 1),
      evidence('again', 2),
    ]);
    expect(both.map((place) => place.index)).toEqual([1, 0, 1]);
    expect(both[1]?.id).toBe(first?.id);
    const [body] = await readEntries(store, 'again', { from: 0, to: 1 });
    expect(await holds('again', body?.body ?? '', both[1] as AppendedEntry)).toBe(true);
    expect(await verifyStoredLog(store, 'again')).toMatchObject({ state: 'whole', size: 2 });
  });

  it('R13 refuses evidence whose bytes nobody has, and stores nothing of the call', async () => {
    const bare = { ...evidence('bare', 1, 'seen only here'), blobs: [] };
    await expect(appendEntries(store, 'bare', [evidence('bare', 0), bare])).rejects.toThrow(
      /expected the bytes of its source/,
    );
    expect(await readEntries(store, 'bare', { from: 0, to: 9 })).toEqual([]);
    await appendEntries(store, 'bare', [evidence('bare', 1, 'seen only here')]);
    const digest = sha256Hex('seen only here');
    expect(Buffer.from((await readBlob(store, digest)) as Uint8Array).toString()).toBe('seen only here');
    expect(await hasBlobs(store, [digest, 'f'.repeat(64)])).toEqual(new Set([digest]));
    expect(await readBlob(store, 'f'.repeat(64))).toBeNull();
  });

  it('R13 refuses an entry of another launch', async () => {
    await expect(appendEntries(store, 'mine', [evidence('yours', 1)])).rejects.toMatchObject({
      code: 'internal',
      message: /expected launch mine, got yours/,
    });
  });

  it('keeps bodies byte for byte: characters outside the BMP, line ends, a NUL as JSON escapes it, a source without bytes', async () => {
    const odd = evidence('odd', 1, '');
    const item = {
      ...odd,
      entry: { ...odd.entry, facts: { text: 'a\u0000b\r\n\u{1F680} \u2028' } } as typeof odd.entry,
    };
    const [place] = await appendEntries(store, 'odd', [item]);
    const [entry] = await readEntries(store, 'odd', { from: 0, to: 1 });
    expect(entry?.entry).toEqual(item.entry);
    expect(await holds('odd', entry?.body ?? '', place as AppendedEntry)).toBe(true);
  });
});

describe('createAppender', () => {
  it('P11 gathers callers into few transactions, in the order of the calls, and every proof holds', async () => {
    const appender = createAppender(store);
    const places = await Promise.all(
      Array.from({ length: 1500 }, (_, nr) => appender.append('many', evidence('many', nr))),
    );
    expect(places.map((place) => place.index)).toEqual(places.map((_, at) => at));
    const commits = new Set(places.map((place) => place.checkpoint.size));
    expect([...commits]).toEqual([512, 1024, 1500]);
    const entries = await readEntries(store, 'many', { from: 0, to: 1500 });
    for (const at of [0, 1, 511, 512, 1499])
      expect(await holds('many', entries[at]?.body ?? '', places[at] as AppendedEntry)).toBe(true);
    await appender.close();
    await expect(appender.append('many', evidence('many', 701))).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('R1 a bad entry fails alone: the others of its batch land, in order', async () => {
    const appender = createAppender(store);
    const bad = { ...evidence('mixed', 2, 'nobody has this'), blobs: [] };
    const items = [evidence('mixed', 0), evidence('mixed', 1), bad, evidence('mixed', 3)];
    const settled = await Promise.allSettled(items.map((item) => appender.append('mixed', item)));
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value.index : 'refused'))).toEqual([
      0,
      1,
      'refused',
      2,
    ]);
    expect(await verifyStoredLog(store, 'mixed')).toMatchObject({ state: 'whole', size: 3 });
  });

  it('R1 two appenders on one log take turns without a gap or a double', async () => {
    const second = await database.open();
    const appenders = [createAppender(store), createAppender(second)];
    const places = await Promise.all(
      Array.from({ length: 300 }, (_, nr) =>
        (appenders[nr % 2] as (typeof appenders)[0]).append('duel', evidence('duel', nr)),
      ),
    );
    expect(places.map((place) => place.index).toSorted((a, b) => a - b)).toEqual(places.map((_, at) => at));
    expect(await verifyStoredLog(store, 'duel')).toMatchObject({ state: 'whole', size: 300 });
  });
});

describe('the key of a log', () => {
  it('A30 is never made anew while entries exist: without it nothing is appended', async () => {
    const own = await createTestDatabase();
    const other = await own.open();
    await appendEntries(other, 'keyed', [evidence('keyed', 0)]);
    const file = join(own.dataDirectory, 'keys', 'log.pem');
    renameSync(file, `${file}.away`);
    await expect(appendEntries(other, 'keyed', [evidence('keyed', 1)])).rejects.toMatchObject({
      code: 'log_broken',
      hint: /restore the keys folder/,
    });
    await expect(appendEntries(other, 'new-launch', [evidence('new-launch', 1)])).rejects.toMatchObject({
      code: 'log_broken',
    });
    renameSync(`${file}.away`, file);
    expect(await appendEntries(other, 'keyed', [evidence('keyed', 1)])).toMatchObject([{ index: 1 }]);
    await own.drop();
  });
});

describe('snapshotLaunch', () => {
  it('keeps a launch with the bytes of its documents, once, and tells the clock of the database', async () => {
    const launch = { id: 'snap', title: 'Shop', documents: [] } as never;
    const documents = [
      { path: 'launch.md', bytes: Buffer.from('# Shop\n') },
      { path: 'a.md', bytes: Buffer.from('') },
    ];
    const first = await snapshotLaunch(store, { planHash: 'e'.repeat(64), launch, documents });
    expect(await snapshotLaunch(store, { planHash: 'e'.repeat(64), launch, documents })).toBe(first);
    const read = await readLaunchSnapshot(store, 'snap', 'e'.repeat(64));
    expect(read).toMatchObject({ sha256: first, planHash: 'e'.repeat(64), launch: { id: 'snap', title: 'Shop' } });
    expect(read?.documents.map((one) => [one.path, Buffer.from(one.bytes).toString()])).toEqual([
      ['a.md', ''],
      ['launch.md', '# Shop\n'],
    ]);
    expect(await readLaunchSnapshot(store, 'snap', '0'.repeat(64))).toBeNull();
    expect(await readNow(store)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
