import { closest } from 'fastest-levenshtein';

import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';

/** What an option may say. */
export interface OptionRule {
  expected: string;
  pattern: RegExp;
}

/** Returns the faults of a `file:` URL and its options: a path that leads nowhere near the repository, an option that is not known, a value that is none. */
export function findOptionFaults(
  url: string,
  options: { readonly [key: string]: string },
  rules: { readonly [option: string]: OptionRule },
): ReturnType<DatastoreKind['faults']> {
  const isFile = /^file:(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).+$/s.test(url);
  const place = {
    path: 'url',
    expected: 'file: and a path inside the repository',
    got: url,
    hint: 'write file:exports/orders.csv',
  };
  return [...(isFile ? [] : [place]), ...findUnknownOptions(options, rules)];
}

/** Returns the faults of options alone. */
export function findUnknownOptions(
  options: { readonly [key: string]: string },
  rules: { readonly [option: string]: OptionRule },
): ReturnType<DatastoreKind['faults']> {
  return Object.entries(options).flatMap(([path, got]) => {
    const rule = Object.hasOwn(rules, path) ? rules[path] : undefined;
    if (!rule) {
      const known = Object.keys(rules);
      return [
        { path, expected: `one of ${known.join(', ')}`, got: path, hint: `did you mean ${closest(path, known)}?` },
      ];
    }
    return rule.pattern.test(got) ? [] : [{ path, expected: rule.expected, got, hint: 'correct the value' }];
  });
}
