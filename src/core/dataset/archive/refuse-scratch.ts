/** A place that somebody named for a drill, and what must not be touched. */
export interface ScratchWish {
  host: string;
  port: number;
  database: string;
  /** Hosts of production, `host` or `host:port`. */
  forbidden: readonly string[];
  /** Databases that datastores of production name. */
  productionDatabases: readonly string[];
}

/** How the database of a drill is called: nothing else is ever made or dropped by one. */
const scratchName = /^tminus_drill_[a-z0-9_]{4,40}$/;
const production = /(?:^|[^a-z])(?:prod(?:uction)?|prd|live|master|primary)(?:$|[^a-z])/i;

/** Returns why a drill must not work there, or null: in a host or a database of production, or in one that could be anybody's. */
export function refuseScratch({ host, port, database, forbidden, productionDatabases }: ScratchWish): string | null {
  const place = host.toLowerCase();
  if (forbidden.some((each) => each.toLowerCase() === place || each.toLowerCase() === `${place}:${port}`))
    return `expected a server outside of production, got ${host}:${port}, which an environment of production declares`;
  if (production.test(host)) return `expected a server outside of production, got one that is called ${host}`;
  if (productionDatabases.includes(database)) return `expected a database of its own, got ${database} of production`;
  if (production.test(database.replaceAll('_', '-')))
    return `expected a database of its own, got one that is called ${database}`;
  if (!scratchName.test(database)) return `expected a database called tminus_drill_..., got ${database}`;
  return null;
}
