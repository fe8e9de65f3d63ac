import { type MaskRule, toRule } from './mask-rule.ts';

/**
 * The shape of a token: literal text, and `{CN}` or `{CN,M}` for N (to M) characters of a class.
 * Classes: `a` letters and digits, `h` hex, `u` upper case and digits, `l` lower case and digits, `d` digits, `2` base32, `b` base64, `w` base64 url-safe, `x` `w` with `.`, `~` and `=`.
 */
export type TokenShape = string;

/** One piece of a shape: `class` is empty for literal text. */
export interface ShapePiece {
  class: string;
  text: string;
  least: number;
  most: number;
}

/** The characters of each class, as the inside of a bracket expression. */
export const shapeClasses: Readonly<Record<string, string>> = {
  a: 'A-Za-z0-9',
  h: '0-9a-fA-F',
  u: 'A-Z0-9',
  l: 'a-z0-9',
  d: '0-9',
  2: 'A-Z2-7',
  b: 'A-Za-z0-9+/',
  w: 'A-Za-z0-9_-',
  x: 'A-Za-z0-9_.~=-',
};

/** The bytes that a bracket expression holds. */
export function membersOf(expression: string): Uint8Array {
  const pattern = new RegExp(expression);
  return Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0));
}

const classMembers: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  Object.entries(shapeClasses).map(([name, inside]) => [name, membersOf(`[${inside}]`)]),
);

/** The pieces of a shape in order. */
export function readShape(shape: TokenShape): ShapePiece[] {
  const pieces: ShapePiece[] = [];
  for (const [, classed, least, comma, most, literal] of shape.matchAll(/\{([a-z2])(\d+)(,?)(\d*)\}|([^{]+)/g)) {
    if (literal !== undefined) pieces.push({ class: '', text: literal, least: literal.length, most: literal.length });
    else pieces.push({ class: classed!, text: '', least: Number(least), most: mostOf(Number(least), comma!, most!) });
  }
  return pieces;
}

function mostOf(least: number, comma: string, most: string): number {
  if (most !== '') return Number(most);
  return comma === '' ? least : least + 512;
}

function toSource({ class: name, text, least, most }: ShapePiece): string {
  return name === '' ? escapeLiteral(text) : `[${shapeClasses[name]}]{${least},${most}}`;
}

/** A rule for tokens that show what they are: the keyword is the longest literal piece, what stands before it has a fixed length. */
export function toTokenRule(id: string, shape: TokenShape): MaskRule {
  const pieces = readShape(shape);
  const keyword = pieces.reduce((longest, piece) => (piece.text.length > longest.text.length ? piece : longest));
  const before = pieces.slice(0, pieces.indexOf(keyword)).reduce((sum, piece) => sum + piece.least, 0);
  const pattern = new RegExp(`(?<![A-Za-z0-9])${pieces.map(toSource).join('')}(?![A-Za-z0-9])`, 'y');
  const next = pieces[pieces.indexOf(keyword) + 1];
  const members = classMembers[next?.class ?? ''];
  const run =
    next === undefined || members === undefined
      ? null
      : {
          members,
          distance: keyword.text.length,
          least: next.least,
          isLast: next === pieces.at(-1) && next.least === next.most,
        };
  return {
    ...toRule(id, [keyword.text], pattern),
    before,
    reach: pieces.reduce((sum, { most }) => sum + most, 2),
    needs: { boundary: classMembers['a']!, assignmentWithin: 0, value: null, run },
  };
}

/** A rule for values that only their context gives away: the vendor's name, then an assignment, then a value of this shape. */
export function toContextRule(vendor: string, shape: TokenShape): MaskRule {
  const value = readShape(shape).map(toSource).join('');
  const pattern = new RegExp(
    String.raw`${escapeLiteral(vendor).replaceAll(/[_-]/g, '[_.-]?')}[\w.-]{0,32}(?:\\?["'])?[ \t]{0,4}(?::=|=>|[:=])[ \t]{0,4}(?:\\?["'])?(${value})(?![A-Za-z0-9+/_-])`,
    'iy',
  );
  const rule = toRule(`${vendor.replaceAll('_', '-')}-key`, [vendor], pattern);
  const first = readShape(shape)[0];
  const members = classMembers[first?.class ?? ''];
  const isCertain = first !== undefined && members !== undefined && first.class !== 'x';
  return {
    ...rule,
    needs: {
      ...rule.needs,
      assignmentWithin: vendor.length + 40,
      value: isCertain ? { members, least: first.least } : null,
    },
  };
}

function escapeLiteral(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
