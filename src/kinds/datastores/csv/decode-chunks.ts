import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { FileInput } from '../records/open-file-input.ts';

/** Returns the text of a file in this encoding, in UTF-8 chunks. Throws with the byte where it is something else, instead of letting a replacement pass for a character. */
export async function* decodeChunks(input: FileInput, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let passed = 0;
  for await (const chunk of input.read()) {
    yield Buffer.from(decode(() => decoder.decode(chunk, { stream: true }), { input, encoding, passed }));
    passed += chunk.length;
  }
  yield Buffer.from(decode(() => decoder.decode(), { input, encoding, passed }));
}

function decode(
  work: () => string,
  { input, encoding, passed }: { input: FileInput; encoding: string; passed: number },
): string {
  try {
    return work();
  } catch {
    const message = `${input.path}: expected ${encoding}, got other bytes in the megabyte behind byte ${passed}`;
    throw new DatastoreTrouble('encoding', message);
  }
}
