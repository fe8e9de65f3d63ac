/** One line of a list of options: its letter, its text without mark-up, and whether it is the recommended one. */
export interface OptionText {
  letter: string;
  title: string;
  recommended: boolean;
}

const heading =
  /^(?:options?(?: considered)?|(?:possible )?solutions?(?: considered)?|alternatives?(?: considered)?)$/i;
const lettered = /^(?:\*\*|__)?(?:[Oo]ption\s+)?([A-H])(?:\*\*|__)?\s*[—–:.)-](?:\*\*|__)?\s+(?<rest>\S.*)$/s;
const leading = /^\(?recommended\)?\s*[:—–-]\s*/i;
const trailing = /(?:^|[\s—–:,-]+|(?=\())\(?recommended\)?[.:!]?$/i;

/** Whether a heading opens a list of options (F07). */
export function isOptionsHeading(title: string): boolean {
  return heading.test(title.trim());
}

/**
 * Reads `A - Move at night` and its like; null for any other line. Recommended is what begins with the word, or carries it in bold:
 * in plain text it may be part of "not recommended".
 */
export function readOptionText(written: string): OptionText | null {
  const folded = written.replace(/\s+/g, ' ').trim();
  const match = lettered.exec(folded);
  if (match === null) return null;
  const rest = match.groups?.['rest'] ?? '';
  const plain = rest.replaceAll(/\*\*|__|`/g, '').trim();
  const recommended = leading.test(plain) || isBoldRecommended(folded);
  const title = recommended ? plain.replace(leading, '').replace(trailing, '').trim() : plain;
  return { letter: match[1] ?? '', title: title || plain, recommended };
}

function isBoldRecommended(text: string): boolean {
  return [...text.matchAll(/(\*\*|__)(.+?)\1/g)].some(
    ([, , inner = '']) => /(?:^|[\s(])recommended\)?[.:!]?$/i.test(inner.trim()) && !/\bnot\s+recommended/i.test(inner),
  );
}
