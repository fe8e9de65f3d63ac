/** A stretch of text that was written as UTF-8, read as Windows-1252, Windows-1254 or Latin-1, and written as UTF-8 again. */
export interface Repair {
  /** Offset in the repaired text. */
  offset: number;
  repaired: string;
  damaged: string;
  /** True where the second reading dropped a byte, so that the character is the likeliest one, not a certain one. */
  guessed: boolean;
}

export interface RepairedText {
  text: string;
  repairs: Repair[];
}

const upperHalf = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const turkish: [string, number][] = [
  ['Ğ', 0xd0],
  ['İ', 0xdd],
  ['Ş', 0xde],
  ['ğ', 0xf0],
  ['ı', 0xfd],
  ['ş', 0xfe],
];
const byteOfCharacter = new Map<string, number>([
  ...Array.from({ length: 128 }, (_, index): [string, number] => [String.fromCharCode(128 + index), 128 + index]),
  ...[...upperHalf].map((character, index): [string, number] => [character, 128 + index]),
  ...turkish,
]);

/** Code points whose UTF-8 form holds a byte that Windows-1252 or -1254 does not know and some readers drop, likeliest first. */
const oftenCut = [...'”🎉❌🎯⏳⏱⏰❗❓❤⏸⏹⏭🎊🏁📝🐛🎨🏆🔍🐍🌍🌐🏗🐳🏠🎬🍀👍🙏À–Í'];
const dropped = new Set([0x81, 0x8d, 0x8e, 0x8f, 0x90, 0x9d, 0x9e]);
const cutForms = new Map<string, string>();
for (const character of oftenCut) {
  const bytes = [...new TextEncoder().encode(character)];
  const left = bytes.filter((byte) => !dropped.has(byte));
  const key = left.join(' ');
  if (left.length < bytes.length && left.length > 1 && !cutForms.has(key)) cutForms.set(key, character);
}
cutForms.set('239 184', '\uFE0F');

const run =
  /[\u0080-\u00ffĞğİŞış\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2,}/g;
/** Lead bytes of what stands in most documents: Latin letters and signs, punctuation, symbols, emoji. */
const commonLeads = new Set([0xc2, 0xc3, 0xe2, 0xef, 0xf0]);
/** Lead bytes of the letters and signs of Windows-1252 and -1254 that are not in Latin-1: met where text was misread twice. */
const repeatedLeads = new Set([...commonLeads, 0xc4, 0xc5, 0xc6, 0xcb]);
const misreadTwice = /Ã[\u0080-\u00bf]|â€/;

/**
 * Returns the text with doubly encoded stretches read as what they were, and the list of them.
 * A single two-byte hit is left alone: `Ü“` at the end of a German quotation looks the same.
 */
export function repairMojibake(text: string): RepairedText {
  const hits: { start: number; damaged: string; repaired: string; guessed: boolean; strength: number }[] = [];
  for (const match of text.matchAll(run)) {
    const result = repairRun(match[0]);
    if (result.repaired !== match[0]) hits.push({ start: match.index, damaged: match[0], ...result });
  }
  const strength = hits.reduce((sum, hit) => sum + hit.strength, 0);
  if (strength < 2) return { text, repairs: [] };
  const parts: string[] = [];
  const repairs: Repair[] = [];
  let length = 0;
  let end = 0;
  for (const hit of hits) {
    parts.push(text.slice(end, hit.start), hit.repaired);
    repairs.push({
      offset: length + hit.start - end,
      repaired: hit.repaired,
      damaged: hit.damaged,
      guessed: hit.guessed,
    });
    length += hit.start - end + hit.repaired.length;
    end = hit.start + hit.damaged.length;
  }
  return { text: parts.join('') + text.slice(end), repairs };
}

interface RunRepair {
  repaired: string;
  guessed: boolean;
  /** 2 for a sequence that no honest text holds, 1 for one that it might. */
  strength: number;
}

/** Text may have been misread more than once; four readings are the most ever met. */
function repairRun(damaged: string): RunRepair {
  let current = damaged;
  let guessed = false;
  let strength = 0;
  for (let pass = 0; pass < 4; pass += 1) {
    const next = repairOnce(current);
    if (next.repaired === current) break;
    guessed ||= next.guessed;
    strength += next.strength;
    current = next.repaired;
  }
  return { repaired: current, guessed, strength };
}

function repairOnce(damaged: string): RunRepair {
  const characters = [...damaged];
  const bytes = characters.map((character) => byteOfCharacter.get(character) ?? 0);
  const leads = misreadTwice.test(damaged) ? repeatedLeads : commonLeads;
  const result: RunRepair = { repaired: '', guessed: false, strength: 0 };
  for (let index = 0; index < bytes.length;) {
    const sequence = readSequence(bytes, index, leads);
    result.repaired += sequence?.character ?? characters[index] ?? '';
    result.guessed ||= sequence?.guessed ?? false;
    result.strength += sequence === null ? 0 : sequence.length === 2 && !sequence.guessed ? 1 : 2;
    index += sequence?.length ?? 1;
  }
  return result;
}

function readSequence(
  bytes: number[],
  start: number,
  leads: ReadonlySet<number>,
): { character: string; length: number; guessed: boolean } | null {
  const lead = bytes[start] ?? 0;
  if (!leads.has(lead)) return null;
  const wanted = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let length = 1;
  while (length < wanted && ((bytes[start + length] ?? 0) & 0xc0) === 0x80) length += 1;
  if (length === wanted) {
    const character = decodeSequence(bytes.slice(start, start + wanted));
    if (character !== null) return { character, length, guessed: false };
  }
  for (let size = Math.min(length, wanted - 1); size > 1; size -= 1) {
    const character = cutForms.get(bytes.slice(start, start + size).join(' '));
    if (character !== undefined) return { character, length: size, guessed: true };
  }
  return null;
}

function decodeSequence(bytes: number[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
