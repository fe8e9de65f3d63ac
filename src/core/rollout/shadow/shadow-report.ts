import type { ShadowRoute } from './shadow-tally.ts';

/** What a shadow says of itself. `process` is another one whenever its counts begin again. */
export interface ShadowReport {
  process: string;
  routes: readonly ShadowRoute[];
}

const mostRoutes = 20;
const mostFields = 8;

/** Returns the routes that have most to say, with the fields that count first: what a page shows, and what is kept. */
export function toShortReport(routes: readonly ShadowRoute[]): ShadowRoute[] {
  return routes.slice(0, mostRoutes).map((one) => ({ ...one, fields: one.fields.slice(0, mostFields) }));
}
