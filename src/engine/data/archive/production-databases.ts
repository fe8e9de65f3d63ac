import type { Launch } from '../../../core/launch/launch.ts';

/** Returns the names of the databases that datastores have in environments of production: nothing is ever restored into one of that name. */
export function productionDatabases({ environments, datastores }: Launch): string[] {
  const production = new Set(environments.filter((each) => each.production).map(({ id }) => id));
  return datastores.flatMap(({ url }) =>
    Object.entries(url).flatMap(([environment, address]) => {
      if (environment !== '*' && !production.has(environment)) return [];
      const name = URL.parse(address)?.pathname.slice(1) ?? '';
      return name === '' ? [] : [name];
    }),
  );
}
