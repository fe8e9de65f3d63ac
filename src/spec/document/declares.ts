import { decodeBytes } from './decode-bytes.ts';

const begin = 65_536;

/** Whether the bytes begin with front matter that says `tminus:`, in UTF-8 or UTF-16; looks at the first 64 KiB only. */
export function declares(bytes: Uint8Array): boolean {
  const { text } = decodeBytes(bytes.subarray(0, begin));
  if (!/^---[ \t]*\n/.test(text)) return false;
  const end = text.search(/\n---[ \t]*(?:\n|$)/);
  return /^["']?tminus["']?[ \t]*:/m.test(end === -1 ? text : text.slice(0, end));
}
