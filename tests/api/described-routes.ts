import type { TestApi } from './open-api.ts';

/** A JSON schema as the description has it, as far as samples need it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: { [name: string]: Schema };
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  prefixItems?: Schema[];
  minItems?: number;
  minLength?: number;
  minimum?: number;
  format?: string;
  pattern?: string;
  default?: unknown;
}

/** One operation of the description that the server serves. */
export interface DescribedRoute {
  /** `GET /api/runs/{run}`. */
  name: string;
  method: string;
  path: string;
  access: string;
  parameters: { name: string; in: 'path' | 'query'; schema: Schema }[];
  /** With every reference taken in; null where it takes none. */
  body: Schema | null;
}

interface Operation {
  'x-tminus-access': string;
  parameters?: DescribedRoute['parameters'];
  requestBody?: { content?: { 'application/json'?: { schema: Schema } } };
}

/** Every route as the server describes itself at this moment. */
export async function readRoutes(api: TestApi): Promise<DescribedRoute[]> {
  const { body } = await api.send(null, 'GET', '/api/openapi.json');
  const { paths, components } = body as {
    paths: { [path: string]: { [method: string]: Operation } };
    components: { schemas: { [name: string]: Schema } };
  };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const schema = operation.requestBody?.content?.['application/json']?.schema;
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        access: operation['x-tminus-access'],
        parameters: operation.parameters ?? [],
        body: schema ? resolve(schema, components.schemas) : null,
      };
    }),
  );
}

/** The same schema without references; one that names itself is left open where it does. */
function resolve(schema: Schema, known: { [name: string]: Schema }, seen: readonly string[] = []): Schema {
  const { $ref } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return seen.includes(name) ? {} : resolve(known[name] ?? {}, known, [...seen, name]);
  }
  const into = (each: Schema): Schema => resolve(each, known, seen);
  const { properties, items, anyOf, oneOf, allOf, prefixItems } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, into(each)])),
    }),
    ...(items && { items: into(items) }),
    ...(anyOf && { anyOf: anyOf.map(into) }),
    ...(oneOf && { oneOf: oneOf.map(into) }),
    ...(allOf && { allOf: allOf.map(into) }),
    ...(prefixItems && { prefixItems: prefixItems.map(into) }),
  };
}

/** The least value that a schema takes; strings with a pattern of their own need a sample by hand. */
export function sampleOf(schema: Schema): unknown {
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (choice) return sampleOf(choice);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object')
    return Object.fromEntries((schema.required ?? []).map((name) => [name, sampleOf(schema.properties?.[name] ?? {})]));
  if (type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}));
  if (type === 'string') return textOf(schema);
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
  if (type === 'boolean') return false;
  return type === 'null' ? null : {};
}

function textOf({ format, minLength = 1, pattern }: Schema): string {
  if (format === 'uuid') return '00000000-0000-4000-8000-000000000000';
  if (format === 'date-time') return '2099-01-01T00:00:00Z';
  if (pattern?.includes('[0-9a-f]{64}')) return '0'.repeat(64);
  return 'matrix'.padEnd(minLength, 'x');
}
