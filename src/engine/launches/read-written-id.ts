import { collectDocuments } from '../collect-documents.ts';

/**
 * Returns the id that the front matter of a launch document writes, although no launch can be read; null where none can be told. It names the folder in
 * addresses and finds what the store knows of it; it is believed for nothing else.
 */
export async function readWrittenId(directory: string): Promise<string | null> {
  const found = await collectDocuments(directory, ['.']).catch(() => null);
  for (const { bytes } of found?.documents ?? []) {
    const front =
      /^---[ \t]*\r?\n([\s\S]*?)\n---/u.exec(new TextDecoder().decode(bytes.subarray(0, 65_536)))?.[1] ?? '';
    const id = /^id[ \t]*:[ \t]*["']?([a-z0-9][a-z0-9._-]*)["']?[ \t]*\r?$/imu.exec(front)?.[1];
    if (id !== undefined && /^tminus[ \t]*:[ \t]*["']?launch/mu.test(front)) return id;
  }
  return null;
}
