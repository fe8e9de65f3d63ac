import type { JSONSchema } from 'json-schema-to-typescript';
import { compile } from 'json-schema-to-typescript';

import type { Operation, Schema } from './open-api.ts';

const banner = `/* Made from docs/reference/openapi.json by tools/write-client.ts. Do not edit: change the routes and write both again. */`;

const head = `import { NAMES } from './request.ts';
import type { ApiCall, Versioned } from './request.ts';

/** What any call may be given besides its own input. */
export type CallOptions = Pick<ApiCall, 'ifMatch' | 'idempotencyKey' | 'signal'>;
`;

/** The text of the typed client. The same description gives the same text. */
export async function renderClient(operations: readonly Operation[], schemas: Record<string, Schema>): Promise<string> {
  const types = await renderTypes(operations, schemas);
  const calls = operations.map(renderOperation).join('\n');
  const names = ['request', 'requestVersioned', 'toSearch'].filter((name) => calls.includes(`${name}(`));
  return [banner, head.replace('NAMES', names.join(', ')), types, calls].join('\n');
}

async function renderTypes(operations: readonly Operation[], schemas: Record<string, Schema>): Promise<string> {
  const definitions = pickReachable(operations, schemas);
  for (const operation of operations) {
    const { input, body, answer } = operation;
    for (const [part, schema] of Object.entries({ Input: input, Body: body, Answer: answer }))
      // A part that is a named schema keeps that name.
      if (schema && nameOf(schema) === null) definitions[toTypeName(operation.id) + part] = schema;
  }
  const whole = { type: 'object', additionalProperties: false, definitions: toDraft7(definitions) } as JSONSchema;
  const text = await compile(whole, 'ApiRoot', {
    bannerComment: '',
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    format: false,
  });
  return (
    text
      .replace(/export interface ApiRoot \{\s*\}\n?/, '')
      // Its note of where a definition stood says nothing here.
      .replaceAll(
        / \* This interface was referenced by `ApiRoot`'s JSON-Schema\n \* via the `definition` "[^"]*"\.\n/g,
        '',
      )
      .replaceAll(/\/\*\*\n \*\/\n/g, '')
  );
}

/** The named schemas that some operation takes or gives; the description also has forms that nobody asks for. */
function pickReachable(operations: readonly Operation[], schemas: Record<string, Schema>): Record<string, Schema> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const name = key === '$ref' && typeof inner === 'string' ? inner.slice(inner.lastIndexOf('/') + 1) : null;
      if (name === null) visit(inner);
      else if (!names.has(name)) {
        names.add(name);
        visit(schemas[name]);
      }
    }
  };
  for (const { input, body, answer } of operations) visit({ input, body, answer });
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.has(name)));
}

/** The compiler of types knows `#/definitions/X`, and takes a `title` for a name. */
function toDraft7(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toDraft7);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (key === '$ref' && typeof inner === 'string')
      return [[key, inner.replace('#/components/schemas/', '#/definitions/')]];
    return key === '$schema' || key === '$id' || (key === 'id' && typeof inner === 'string')
      ? []
      : [[key, toDraft7(inner)]];
  });
  return Object.fromEntries(entries);
}

function renderOperation(operation: Operation): string {
  const { id, method, path, summary } = operation;
  const about = `/** ${`${summary}. \`${method} ${path}\``.replaceAll('*/', '* /')} */`;
  // A read without JSON is a stream, which events.ts follows, or bytes, which are linked to.
  if (method === 'GET' && operation.answer === null) return renderAddress(operation, about);
  const takes = [inputType(operation) ?? '', 'options: CallOptions = {}'].filter(Boolean).join(', ');
  const answer = typeOf(operation, 'Answer', operation.answer);
  const call = `{ ...options, method: '${method}', path: ${renderPath(operation)}${renderParts(operation)} }`;
  const plain = `${about}
export function ${id}(${takes}): Promise<${answer}> {
  return request(${call});
}
`;
  if (method !== 'GET') return plain;
  return `${plain}
/** As \`${id}\`, with the version that a change has to name in \`ifMatch\`. */
export function ${id}Versioned(${takes}): Promise<Versioned<${answer}>> {
  return requestVersioned(${call});
}
`;
}

function renderAddress(operation: Operation, about: string): string {
  const takes = operation.input ? `input: ${typeOf(operation, 'Input', operation.input)}` : '';
  const query = operation.query.map((name) => `${JSON.stringify(name)}: input[${JSON.stringify(name)}]`).join(', ');
  const suffix = query === '' ? '' : ` + toSearch({ ${query} })`;
  return `${about}
export function ${operation.id}Address(${takes}): string {
  return ${renderPath(operation)}${suffix};
}
`;
}

function inputType(operation: Operation): string | null {
  const parts = [
    operation.input && typeOf(operation, 'Input', operation.input),
    operation.body && `{ body: ${typeOf(operation, 'Body', operation.body)} }`,
  ].filter(Boolean);
  if (parts.length === 0) return null;
  const isOptional =
    operation.body === null && ((operation.input?.['required'] as string[] | undefined) ?? []).length === 0;
  return `input: ${parts.join(' & ')}${isOptional ? ' = {}' : ''}`;
}

function renderPath({ path }: Operation): string {
  const filled = path.replaceAll(
    /\{([^}]+)\}/g,
    (_, name: string) => `\${encodeURIComponent(input[${JSON.stringify(name)}])}`,
  );
  return filled === path ? `'${path}'` : `\`${filled}\``;
}

function renderParts({ query, body }: Operation): string {
  const fields = query.map((name) => `${JSON.stringify(name)}: input[${JSON.stringify(name)}]`).join(', ');
  return (query.length === 0 ? '' : `, query: { ${fields} }`) + (body === null ? '' : ', body: input.body');
}

function typeOf(operation: Operation, part: string, schema: Schema | null): string {
  if (schema === null) return 'null';
  return nameOf(schema) ?? toTypeName(operation.id) + part;
}

/** Name of the schema that a reference leads to, as the compiler writes it; null for a schema that stands here. */
function nameOf(schema: Schema): string | null {
  const { $ref } = schema;
  return typeof $ref === 'string' ? toTypeName($ref.slice($ref.lastIndexOf('/') + 1)) : null;
}

function toTypeName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
