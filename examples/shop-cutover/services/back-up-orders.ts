// Packs the orders of the new shop with a manifest of digests, restores the archive elsewhere, and reports what came back.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync, gzipSync } from 'node:zlib';

import { openOrderStore } from './order-store.ts';

const { database, archive, report } = JSON.parse(process.argv[2] ?? '{}') as { database: string; archive: string; report: string };
const block = 512;

/** One file of a tar archive (POSIX ustar: a header of 512 bytes, the content filled up to the next block). */
function toTarEntry(name: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(block);
  const write = (text: string, offset: number): number => header.write(text, offset, 'latin1');
  write(name, 0);
  write('0000644\x000000000\x000000000\0', 100);
  write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  write(`00000000000\0${' '.repeat(8)}0`, 136);
  write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((block - (content.length % block)) % block)]);
}

/** The files of an archive that `toTarEntry` wrote. */
function readTar(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; bytes[at] !== 0 && at < bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    files.set(name, bytes.subarray(at + block, at + block + size));
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'shop-drill-'));
try {
  const copy = join(folder, 'orders.db');
  // A copy that SQLite itself makes is whole, also while the shop writes.
  const source = new DatabaseSync(database);
  source.prepare('vacuum into ?').run(copy);
  source.close();
  const orders = readFileSync(copy);
  const manifest = Buffer.from(JSON.stringify({ files: [{ path: 'orders.db', sha256: sha256(orders) }] }));
  mkdirSync(dirname(archive), { recursive: true });
  writeFileSync(archive, gzipSync(Buffer.concat([toTarEntry('orders.db', orders), toTarEntry('manifest.json', manifest), Buffer.alloc(2 * block)])));

  const started = performance.now();
  const restored = readTar(gunzipSync(readFileSync(archive))).get('orders.db');
  if (!restored || sha256(restored) !== sha256(orders)) throw new Error('orders.db: expected the bytes that were packed, got others');
  const path = join(folder, 'restored.db');
  writeFileSync(path, restored);
  const store = openOrderStore(`sqlite:${path}`);
  const result = { archive: 'orders.tar.gz', sha256: sha256(readFileSync(archive)), restored: store.count(), tookMs: Math.ceil(performance.now() - started) };
  store.close();
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`packed and restored ${result.restored} orders in ${result.tookMs} ms\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
