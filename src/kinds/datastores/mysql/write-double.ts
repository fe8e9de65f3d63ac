import type { LineWriter } from '../line-writer.ts';

const [minus, point, zero, nine] = [45, 46, 48, 57];
/** As many digits as a double ever needs. */
const mostDigits = 17;
/** Doubles whose text is made here, too, and held against that of the server before it is believed. */
const tried = 1_000;

/**
 * Returns what adds a double to a line. The server writes the fewest digits that read back to it (MySQL 8.4 manual, 14.24.1 and its `dtoa` library), as `canon/1` does, so that a
 * text in the same layout is taken as it is: half of the work of a row. The first thousand are made here again; a server that writes one of them otherwise is not believed any more.
 */
export function createDoubleWriting(read: (bytes: Buffer) => string): (bytes: Buffer, lines: LineWriter) => void {
  let left = tried;
  return (bytes, lines) => {
    if (left < 0 || !isCanonical(bytes)) return lines.addText(read(bytes));
    if (left === 0) return lines.addBytes(bytes, 'plain');
    const text = read(bytes);
    left = text === bytes.toString('latin1') ? left - 1 : -1;
    lines.addText(text);
  };
}

/** Whether digits are laid out as in canonical text: from 1e-4 to 1e15 without a power, and without zeros that say nothing. */
function isCanonical(bytes: Uint8Array): boolean {
  const from = bytes[0] === minus ? 1 : 0;
  const { length } = bytes;
  let dot = length;
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at]!;
    if (byte === point && dot === length) dot = at;
    else if (byte < zero || byte > nine) return false;
  }
  const whole = dot - from;
  if (whole < 1 || whole > 15) return false;
  const isBelowOne = bytes[from] === zero;
  if (isBelowOne && whole > 1) return false;
  if (dot === length) return true;
  const fraction = length - dot - 1;
  if (fraction < 1 || bytes[length - 1] === zero) return false;
  if (!isBelowOne) return whole + fraction <= mostDigits;
  let zeros = 0;
  while (bytes[dot + 1 + zeros] === zero) zeros += 1;
  return zeros < 4 && fraction - zeros <= mostDigits;
}
