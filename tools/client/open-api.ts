import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
const media = z.record(z.string(), z.object({ schema: schema.optional() }));

const operation = z.object({
  operationId: z.string(),
  summary: z.string().default(''),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header', 'cookie']),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema: schema.default({}),
      }),
    )
    .default([]),
  requestBody: z.object({ content: media }).optional(),
  responses: z.record(z.string(), z.object({ content: media.optional() })),
});

/** The part of an OpenAPI 3.1 description that the client is made from. */
const description = z.object({
  openapi: z.string().startsWith('3.1'),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), schema).default({}) }).default({ schemas: {} }),
});

/** A JSON schema, as OpenAPI 3.1 has it (draft 2020-12). */
export type Schema = z.output<typeof schema>;

/** One operation of the API, with what it takes and gives as schemas. */
export interface Operation {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  summary: string;
  /** Path and query together; null where there is nothing to give. */
  input: Schema | null;
  /** Names of the parameters in the query. */
  query: string[];
  body: Schema | null;
  /** Null for an answer that is not JSON, or empty. */
  answer: Schema | null;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The operations of a description in the order of their names, and the schemas that it names. Throws for what it cannot read. */
export function readOpenApi(document: unknown): { operations: Operation[]; schemas: Record<string, Schema> } {
  const { paths, components } = description.parse(document);
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] === undefined ? [] : [toOperation(method, path, item[method])])),
  );
  return { operations: operations.toSorted((a, b) => (a.id < b.id ? -1 : 1)), schemas: components.schemas };
}

function toOperation(method: (typeof methods)[number], path: string, value: unknown): Operation {
  const read = operation.parse(value);
  const given = read.parameters.filter((each) => each.in === 'path' || each.in === 'query');
  const names = given.map(({ name }) => name);
  if (new Set([...names, 'body']).size !== names.length + 1)
    throw new Error(`${read.operationId}: expected every parameter to have a name of its own, got ${names.join(', ')}`);
  const content = Object.entries(read.responses).find(([status]) => status.startsWith('2'))?.[1].content ?? {};
  return {
    id: read.operationId,
    method: method.toUpperCase() as Operation['method'],
    path,
    summary: read.summary,
    input: given.length === 0 ? null : toInput(given),
    query: given.filter((each) => each.in === 'query').map(({ name }) => name),
    body: read.requestBody?.content['application/json']?.schema ?? null,
    answer: content['application/json']?.schema ?? null,
  };
}

function toInput(parameters: z.output<typeof operation>['parameters']): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: parameters.filter((each) => each.required || each.in === 'path').map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, description: about, schema: of }) => [name, about ? { ...of, description: about } : of]),
    ),
  };
}
