import { tokenShapes } from '../src/mask/rules/built-in-rules.ts';
import { readShape, shapeClasses, type ShapePiece } from '../src/mask/rules/token-shape.ts';
import { seeded } from '../src/mask/secret-forms.fixture.ts';

/** A line with something that has, or only nearly has, the shape of a token. */
export interface LookAlike {
  line: string;
  token: string;
  isSecret: boolean;
}

const frames: readonly ((token: string) => string)[] = [
  (token) => `2026-03-01T12:00:00Z INFO using ${token} for this step`,
  (token) => `{"level":30,"value":"${token}"}`,
  (token) => `+ curl -H 'X-Value: ${token}' https://host/api`,
  (token) => `value: ${token}`,
];

/**
 * Made-up tokens: of each documented shape `count` of any length it allows, and as many that are none, in turns one character too short, one character in
 * the middle that the shape does not know, and one glued to a word. They tell whether the rules do what their shapes say, not whether the shapes are all there are.
 */
export function generateLookAlikes(count: number): LookAlike[] {
  const random = seeded(31);
  const pick = (below: number): number => Math.floor(random() * below);
  const write = (piece: ShapePiece, length: number): string => {
    const characters = charactersOf(piece.class);
    return piece.class === ''
      ? piece.text
      : Array.from({ length }, () => characters[pick(characters.length)]!).join('');
  };
  return tokenShapes.flatMap(([, shape]) =>
    Array.from({ length: count }, (_, at) => {
      const pieces = readShape(shape);
      const frame = frames[at % frames.length]!;
      const token = pieces.map((piece) => write(piece, piece.least + pick(piece.most - piece.least + 1))).join('');
      const least = pieces.map((piece) => write(piece, piece.least));
      const none = spoil(least, pieces, at);
      return [
        { line: frame(token), token, isSecret: true },
        { line: frame(none), token: none, isSecret: false },
      ];
    }).flat(),
  );
}

function charactersOf(name: string): string {
  const member = new RegExp(`[${shapeClasses[name] ?? 'a'}]`);
  return Array.from({ length: 75 }, (_, at) => String.fromCharCode(48 + at))
    .filter((character) => /[A-Za-z0-9]/.test(character) && member.test(character))
    .join('');
}

function spoil(written: readonly string[], pieces: readonly ShapePiece[], at: number): string {
  const last = pieces.findLastIndex(({ class: name }) => name !== '');
  const piece = written[last]!;
  const middle = Math.floor(piece.length / 2);
  const broken = [piece.slice(1), `${piece.slice(0, middle)}!${piece.slice(middle + 1)}`, piece][at % 3]!;
  return `${at % 3 === 2 ? 'x7' : ''}${written.with(last, broken).join('')}`;
}
