import type { DatastoreKindName } from './dataset.ts';

/** Every kind of datastore; each has a folder in src/kinds/datastores. */
export const datastoreKindNames: readonly DatastoreKindName[] = [
  'postgres',
  'mysql',
  'sqlite',
  'csv',
  'json',
  'parquet',
  'http',
  'mysqldump',
  'trello',
];

const schemes: { readonly [scheme: string]: DatastoreKindName } = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
  http: 'http',
  https: 'http',
};

const endings: { readonly [ending: string]: DatastoreKindName } = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  parquet: 'parquet',
  sql: 'mysqldump',
  db: 'sqlite',
  sqlite: 'sqlite',
};

/** Returns the kind that the scheme of a url, or the ending of a `file:` url, stands for; null where it leaves that open. */
export function kindOfUrl(url: string): DatastoreKindName | null {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (scheme !== 'file') return schemes[scheme] ?? null;
  const ending = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return endings[ending] ?? null;
}

/** Whether a url, with or without templates, carries a password, which documents, reports and evidence would keep for ever. */
export function holdsPassword(url: string): boolean {
  return (
    /^[a-z+]+:\/\/[^/?#]*:[^/?#]*@/i.test(url) ||
    /[?&](?:password|pass|pwd|sslpassword|token|access_token|api_key|key)=/i.test(url)
  );
}
