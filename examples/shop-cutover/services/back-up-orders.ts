// Packs the database of the new shop with a manifest of digests, for the way back.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';

const { database, archive } = JSON.parse(process.argv[2] ?? '{}') as { database: string; archive: string };
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
  process.stdout.write(`packed ${orders.length} bytes of orders\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
