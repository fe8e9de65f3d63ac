import { UnavailableError } from '../../api/api-error.ts';
import { readProblem } from '../../api/read-problem.ts';
import { sha256Hex } from './verify-inclusion.ts';

/** Where the bytes of a source are saved from. The server sends them as a file to keep, never as a page. */
export function bytesAddress(launch: string, id: string, sha256: string): string {
  return `/api/launches/${encodeURIComponent(launch)}/evidence/${encodeURIComponent(id)}/bytes/${encodeURIComponent(sha256)}`;
}

/** The bytes of a source with their digest as this browser computes it; null where it cannot. */
export async function fetchBytes(
  { launch, id, sha256 }: { launch: string; id: string; sha256: string },
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; sha256: string | null }> {
  const answer = await fetch(bytesAddress(launch, id, sha256), { signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new UnavailableError('the server did not answer', null);
  });
  if (!answer.ok) throw await readProblem(answer);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const canHash = globalThis.crypto?.subtle !== undefined;
  return { bytes, sha256: canHash ? await sha256Hex(bytes) : null };
}
