import { pack } from 'tar-stream';

/** Returns files as one tar archive (POSIX ustar), below a folder, in the order of their names: equal files give equal bytes. */
export async function packTar(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const archive = pack();
  const chunks: Buffer[] = [];
  const read = (async () => {
    for await (const chunk of archive) chunks.push(chunk as Buffer);
  })();
  for (const [name, bytes] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    archive.entry({ name: `${folder}/${name}`, mode: 0o644, mtime: new Date(0) }, Buffer.from(bytes));
  }
  archive.finalize();
  await read;
  return Buffer.concat(chunks);
}
