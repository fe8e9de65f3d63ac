import { permute } from './permute.ts';
import type { Mac } from './permute.ts';

/** Where a whole number may not become one that its column cannot hold: 16, 32 and 64 bits. */
const widths = [2n ** 15n, 2n ** 31n, 2n ** 63n];

/** Longer texts have more shapes than half a digest tells apart. */
const longest = 96;

/**
 * Returns another text of the same shape: digits for digits, letters for letters in their case, everything else as it is. The same for the same text; two ASCII
 * texts never meet in one. A whole number keeps its count of digits and the width of integer that holds it. Null for a text that is too long.
 */
export function keepShape(text: string, mac: Mac): string | null {
  if (text.length > longest) return null;
  return /^[1-9]\d*$/.test(text) ? keepWidth(BigInt(text), text.length, mac).toString() : keepPlaces(text, mac);
}

function keepWidth(value: bigint, digits: number, mac: Mac): bigint {
  let low = 10n ** BigInt(digits - 1);
  let high = 10n ** BigInt(digits);
  for (const width of widths) {
    if (width <= value && width > low) low = width;
    if (width > value && width < high) high = width;
  }
  return low + permute(value - low, high - low, (part) => mac(`${low}:${part}`));
}

interface PlaceAlphabet {
  from: string;
  at: number;
}

const alphabets = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

function keepPlaces(text: string, mac: Mac): string {
  const characters = [...text];
  const places = characters.map(toPlace);
  const shape = places.map((place, index) => (place === null ? characters[index] : place.from.length)).join(',');
  let value = 0n;
  let size = 1n;
  for (const place of places) {
    if (place === null) continue;
    value = value * BigInt(place.from.length) + BigInt(place.at);
    size *= BigInt(place.from.length);
  }
  let rest = permute(value, size, (part) => mac(`${shape}:${part}`));
  const kept = characters.toReversed().map((character, index) => {
    const place = places[places.length - 1 - index] ?? null;
    if (place === null) return character;
    const radix = BigInt(place.from.length);
    const digit = Number(rest % radix);
    rest /= radix;
    return place.from[digit];
  });
  return kept.toReversed().join('');
}

/** A letter of another script or with an accent becomes a plain one: it would give away a name. */
function toPlace(character: string): PlaceAlphabet | null {
  for (const from of alphabets) {
    const at = from.indexOf(character);
    if (at !== -1) return { from, at };
  }
  const isLetter = /^\p{L}$/u.test(character);
  return isLetter ? { from: alphabets[1]!, at: (character.codePointAt(0) ?? 0) % 26 } : null;
}
