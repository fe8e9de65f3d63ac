import { ProductError } from '../core/error/product-error.ts';

/** Returns the options, unless something stands beside one of them that it would silently leave out: who names it means it. */
export function refuseBesides<Options>(
  option: string,
  besides: { readonly [name: string]: string | undefined },
  options: Options,
): Options {
  const named = Object.entries(besides).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  if (named.length === 0) return options;
  throw new ProductError('usage', `${option}: expected it alone, got ${named.join(' and ')} beside it`, {
    hint: 'leave out one of them',
  });
}
