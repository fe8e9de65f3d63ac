import { z } from 'zod';

import { readOptionsBy, switchOption, textOption } from '../router-options.ts';
import { durationSchema } from '../../checks/quantity.ts';

const program = textOption(
  'a program and its arguments with blanks between, or as a JSON list of texts where one holds blanks or quotes',
  (text) => toArgv(text) !== null,
);

const commandSchema = z.strictObject({
  read: program.describe(
    'Program that prints what the router has, as one JSON object: `weight`, and if known `requests`, `healthy`, `detail`.',
  ),
  set: program.describe('Program that sets a weight; `$weight` in an argument is the percentage of the canary.'),
  drain: program
    .nullable()
    .default(null)
    .describe('Program that ends when an arm has no request any more; `$arm` is `stable` or `canary`.'),
  sticky: switchOption('no').describe('Whether a user stays on an arm.'),
  flips: switchOption('no').describe('Whether only 0 and 100 can be set.'),
  loss: textOption('a text', () => true)
    .nullable()
    .default(null)
    .describe('How many requests a change of weight may lose, in words.'),
  timeout: durationSchema({ min: 50, max: 600_000, standard: 10_000 }).describe(
    'Time after which a program is killed with all that it started; `drain` has ten times as long.',
  ),
});

/** Options of a router that programs read and set. */
export type CommandOptions = z.output<typeof commandSchema>;

export const commandOptions = readOptionsBy(commandSchema);

/** Returns program and arguments of a text; null where it needs a shell to be read. */
export function toArgv(text: string): string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('['))
    return trimmed === '' || /["'`\\|&;<>()*?\0\n]/.test(trimmed) ? null : trimmed.split(/\s+/);
  try {
    const list = z.array(z.string().max(4096)).min(1).parse(JSON.parse(trimmed));
    return list[0] === '' || list.some((each) => each.includes('\0')) ? null : list;
  } catch {
    return null;
  }
}
