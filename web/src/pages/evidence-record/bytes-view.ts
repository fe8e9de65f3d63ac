/** How bytes can be looked at. */
export type ViewName = 'text' | 'json' | 'xml' | 'hex';

/** Bytes that are shown at most: a page is no place for a database dump. */
export const shownBytes = 262_144;

/** The view that a media type suggests. It is a suggestion: whatever the view, the bytes are drawn as text. */
export function suggestView(mediaType: string, bytes: Uint8Array): ViewName {
  if (/[/+]json\b/.test(mediaType)) return 'json';
  if (/[/+]xml\b/.test(mediaType)) return 'xml';
  return isText(bytes) ? 'text' : 'hex';
}

function isText(bytes: Uint8Array): boolean {
  try {
    return !/[\u0000-\u0008\u000e-\u001f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

/** The bytes as text in that view; null where they are not of its form. */
export function drawBytes(bytes: Uint8Array, view: ViewName): string | null {
  const text = (): string => new TextDecoder().decode(bytes);
  switch (view) {
    case 'hex':
      return toHexDump(bytes);
    case 'json':
      return toPrettyJson(text());
    case 'xml':
      return toPrettyXml(text());
    case 'text':
      return text();
  }
}

function toPrettyJson(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

/** Each tag on a line of its own, by its depth. Only white space between tags is new: nothing is parsed, run or fetched. */
function toPrettyXml(text: string): string {
  let depth = 0;
  return text
    .replace(/>\s*</g, '>\n<')
    .split('\n')
    .map((line) => {
      if (line.startsWith('</')) depth = Math.max(0, depth - 1);
      const written = '  '.repeat(Math.min(depth, 40)) + line.trim();
      if (/^<[^!?/]/.test(line) && !/\/>|<\//.test(line)) depth += 1;
      return written;
    })
    .join('\n');
}

/** Offset, sixteen bytes, and what of them is printable ASCII. */
function toHexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join('\n');
}
