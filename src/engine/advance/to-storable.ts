/** A value whose texts can stand in JSON of the database: without NUL and lone surrogates, both of which Postgres refuses. */
export function toStorable<Value>(value: Value): Value {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\uFFFD') as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => toStorable(item)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toStorable(inner as unknown)])) as Value;
}
