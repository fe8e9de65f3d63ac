import { z } from 'zod';

import { pathOption, readOptionsBy, textOption } from '../router-options.ts';

const variant = textOption('the name of a variant', (text) => text.trim() === text);

function isFirst(text: string): boolean {
  const share = /^(\d{1,2}(?:\.\d{1,2})?)%$/.exec(text)?.[1];
  return share !== undefined && Number(share) > 0;
}

const flagFileSchema = z
  .strictObject({
    file: pathOption.describe('File of flags in the format of flagd (OpenFeature), JSON.'),
    flag: variant.describe('Flag that says which arm a user goes to.'),
    stable: variant.default('off').describe('Variant of the stable arm.'),
    canary: variant.default('on').describe('Variant of the canary arm.'),
    first: textOption('a share such as 30%, more than 0% and less than 100%', isFirst)
      .transform((text) => Number(text.slice(0, -1)))
      .nullable()
      .default(null)
      .describe(
        'Share of all users that the first of two `fractional` is about: they go first, and the others only when all of them have gone.',
      ),
  })
  .refine(({ stable, canary }) => stable !== canary, { path: ['canary'], error: 'another variant than stable' });

/** Options of a flag in a file. */
export type FlagFileOptions = z.output<typeof flagFileSchema>;

export const flagFileOptions = readOptionsBy(flagFileSchema);
