import type { CheckKind } from '../../../core/check/check.ts';
import { redirectsReader } from './reader.ts';

/** The `redirects` check: old URLs, asked for where they are served. */
export const redirectsKind: CheckKind = {
  ...redirectsReader, // What asks is large, and most launches move no URL.
  observe: async (spec, context) => (await import('./observe.ts')).observeRedirects(spec, context),
};
