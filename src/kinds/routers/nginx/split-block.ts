import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import { assertWeight } from '../weight-parts.ts';
import type { NginxOptions } from './schema.ts';

/** What a block says. */
export interface SplitBlock {
  weight: number;
  /** What requests are sorted by, as written. */
  key: string;
  start: number;
  end: number;
  /** Lines of comments, which stay. */
  comments: readonly string[];
}

type Names = Pick<NginxOptions, 'variable' | 'stable' | 'canary'>;

/** Returns what the block of a variable says. Throws `RouterTrouble` where it is not there, stands twice, or has other values than both arms. */
export function readSplitBlock(text: string, names: Names): SplitBlock {
  const blocks = [...text.matchAll(/split_clients\s+("[^"]*"|'[^']*'|\S+)\s+\$(\w+)\s*\{([^{}]*)\}/g)];
  const own = blocks.filter(([, , variable]) => variable === names.variable);
  const [only] = own;
  if (only === undefined || own.length > 1)
    throw new RouterTrouble(
      'block_missing',
      `split_clients for $${names.variable}: expected one block, got ${own.length}`,
    );
  const [whole, key = '', , body = ''] = only;
  const end = only.index + whole.length - 1;
  const lines = body.split('\n').map((line) => line.trim());
  const comments = lines.filter((line) => line.startsWith('#'));
  const entries = lines.filter((line) => !line.startsWith('#')).join(' ');
  return { weight: weightOf(entries, names), key, start: end - body.length, end, comments };
}

/** Returns the text with the weight in its block, and with every byte elsewhere as it was. nginx knows percent with two decimals. */
export function writeSplitBlock(text: string, weight: number, names: Names): string {
  assertWeight(weight);
  if (Math.abs(weight * 100 - Math.round(weight * 100)) > 1e-6)
    throw new RouterTrouble('weight', `weight ${weight}: expected at most two decimals; choose a rounder one`);
  const { start, end, comments } = readSplitBlock(text, names);
  // A part of 0 % is an error of configuration, and so would be one of 100 % before the rest.
  const entries =
    weight === 0
      ? [`* ${names.stable};`]
      : weight === 100
        ? [`* ${names.canary};`]
        : [`${Number(weight.toFixed(2))}% ${names.canary};`, `* ${names.stable};`];
  return `${text.slice(0, start)}\n${[...comments, ...entries].map((line) => `  ${line}\n`).join('')}${text.slice(end)}`;
}

function weightOf(body: string, { variable, stable, canary }: Names): number {
  const entries = body
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const parts = entries.map((entry) => /^(\*|\d+(?:\.\d{1,2})?%)\s+(\S+)$/.exec(entry));
  const said = parts.map((part) => `${part?.[1] === '*' ? '*' : '%'} ${part?.[2]}`).join(', ');
  const percent = Number.parseFloat(parts[0]?.[1] ?? '');
  if (said === `* ${stable}`) return 0;
  if (said === `* ${canary}`) return 100;
  if (said === `% ${canary}, * ${stable}`) return percent;
  if (said === `% ${stable}, * ${canary}`) return 100 - percent;
  throw new RouterTrouble(
    'split_unclear',
    `split_clients for $${variable}: expected ${canary} and ${stable} only, got ${body.trim().slice(0, 200)}`,
  );
}
