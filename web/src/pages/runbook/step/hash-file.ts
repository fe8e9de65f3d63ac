/** SHA-256 of the bytes of a file, in hex. Browsers hash only what is in memory: above this nothing is promised. */
export async function hashFile(file: Blob): Promise<string> {
  if (file.size > mostBytes) throw new RangeError(`file: expected ${mostBytes} bytes at most, got ${file.size}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const mostBytes = 1_000_000_000;
