import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import { RouterTrouble } from '../../core/rollout/router-kind.ts';
import type { RouterKind } from '../../core/rollout/router-kind.ts';
import { durationSchema } from '../checks/quantity.ts';
import { readSchema, toJsonSchema } from '../checks/read-schema.ts';

/** How a kind reads its options: what may be written, what is wrong with what was, and what was meant. */
export interface RouterOptions<Options> {
  jsonSchema: JsonObject;
  faults: RouterKind['faults'];
  /** Throws `RouterTrouble` where there are faults. */
  read(options: { readonly [key: string]: string }): Options;
}

/** Returns how options are read by their schema. A text with a template in it is judged once it is filled in. */
export function readOptionsBy<Schema extends z.ZodType>(schema: Schema): RouterOptions<z.output<Schema>> {
  const faults: RouterKind['faults'] = (options) => {
    const read = readSchema(schema, { ...options });
    return read.ok ? [] : read.faults.map(({ path, ...fault }) => ({ path: path.join('.'), ...fault }));
  };
  return {
    jsonSchema: toJsonSchema(schema),
    faults,
    read(options) {
      const [first] = faults(options);
      if (first !== undefined)
        throw new RouterTrouble(
          'configuration',
          `option ${first.path}: expected ${first.expected}, got ${first.got}; ${first.hint}`,
        );
      return schema.parse(options);
    },
  };
}

/** How long one question to a router may take. Short, because the answer may be that the canary is still on. */
export const timeoutOption = durationSchema({ min: 50, max: 60_000, standard: 2000 }).describe(
  'Limit for each question to the router.',
);

/** Returns an option whose text has to hold a condition; `expected` is what a fault says. */
export function textOption(expected: string, holds: (text: string) => boolean) {
  return z
    .string()
    .min(1)
    .max(4096)
    .refine((text) => text.includes('{{') || holds(text), { error: expected });
}

/** A word without blanks, quotes or signs that commands are parted by: it can stand in a command as it is. */
export const wordOption = textOption('a name of letters, digits and . _ - : / @', (text) => /^[\w.:/@-]+$/.test(text));

/** A file of the launch repository, that need not be there yet. */
export const pathOption = textOption(
  'a path relative to the launch repository',
  (text) => !/^(?:\/|[A-Za-z]:)|[\0\n]/.test(text) && !text.split('/').includes('..'),
);

/** Words that stand for yes and no in options, which are texts. */
export const switchOption = (standard: 'yes' | 'no') =>
  z
    .enum(['yes', 'no', 'true', 'false'])
    .default(standard)
    .transform((text) => text === 'yes' || text === 'true');
