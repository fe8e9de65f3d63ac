import { describe, expect, it } from 'vitest';

import { toClient } from './write-client.ts';

/** A description with one operation of every form. */
const sample = {
  openapi: '3.1.0',
  info: { title: 'sample', version: '1' },
  paths: {
    '/api/launches/{launch}/gates': {
      get: {
        operationId: 'listGates',
        summary: 'Gates of a launch',
        parameters: [
          { name: 'launch', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 }, description: 'at most' },
        ],
        responses: {
          '200': {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items', 'next'],
                  properties: {
                    items: { type: 'array', items: { $ref: '#/components/schemas/Gate' } },
                    next: { anyOf: [{ type: 'string' }, { type: 'null' }] },
                  },
                },
              },
            },
          },
          default: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
        },
      },
    },
    '/api/votes': {
      post: {
        operationId: 'castVote',
        summary: 'Casts a vote',
        requestBody: {
          content: {
            'application/json': {
              schema: { type: 'object', required: ['gate'], properties: { gate: { type: 'string' } } },
            },
          },
        },
        responses: { '201': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Gate' } } } } },
      },
    },
    '/api/session': {
      delete: { operationId: 'signOut', summary: 'Signs out', responses: { '204': { description: 'done' } } },
    },
    '/api/evidence/{id}/bytes': {
      get: {
        operationId: 'readBytes',
        summary: 'The bytes',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { '200': { content: { 'application/octet-stream': {} } } },
      },
    },
  },
  components: {
    schemas: {
      Gate: {
        type: 'object',
        required: ['id', 'verdict'],
        properties: { id: { type: 'string' }, verdict: { enum: ['go', 'noGo'] } },
      },
      Problem: { type: 'object', properties: { code: { type: 'string' } } },
    },
  },
};

const text = await toClient(JSON.stringify(sample));

describe('client of the API', () => {
  it('types what a call takes and gives by the schemas of the description', () => {
    expect(text).toContain('export interface Gate {\nid: string\nverdict: ("go" | "noGo")\n}');
    expect(text).toContain('items: Gate[]\nnext: (string | null)');
    expect(text).toContain(
      'export function listGates(input: ListGatesInput, options: CallOptions = {}): Promise<ListGatesAnswer>',
    );
    expect(text).toMatch(
      /export interface ListGatesInput \{\nlaunch: string\n\/\*\*\n \* at most\n \*\/\nlimit\?: number\n\}/,
    );
  });

  it('fills in the path so that no name can leave its place, and sends the rest as query', () => {
    expect(text).toContain(
      'path: `/api/launches/${encodeURIComponent(input["launch"])}/gates`, query: { "limit": input["limit"] }',
    );
  });

  it('gives a change its body and a read its version', () => {
    expect(text).toContain(
      'export function castVote(input: { body: CastVoteBody }, options: CallOptions = {}): Promise<Gate>',
    );
    expect(text).toContain('export function listGatesVersioned(');
    expect(text).not.toContain('castVoteVersioned');
    expect(text).toContain('export function signOut(options: CallOptions = {}): Promise<null>');
  });

  it('gives the address of what is not JSON', () => {
    expect(text).toContain('export function readBytesAddress(input: ReadBytesInput): string');
  });

  it('leaves out what no call takes or gives', () => {
    expect(text).not.toContain('interface Problem');
  });

  it('imports what it uses and nothing else', () => {
    expect(text).toContain("import { request, requestVersioned } from './request.ts';");
  });

  it('comes out the same twice', async () => {
    expect(await toClient(JSON.stringify(sample))).toBe(text);
  });

  it('refuses parameters that share a name, and another version of OpenAPI (negative control)', async () => {
    const twice = structuredClone(sample);
    twice.paths['/api/launches/{launch}/gates'].get.parameters[1] = {
      name: 'launch',
      in: 'query',
      schema: { type: 'integer', minimum: 1 },
      description: '',
    };
    await expect(toClient(JSON.stringify(twice))).rejects.toThrow(
      'listGates: expected every parameter to have a name of its own',
    );
    await expect(toClient(JSON.stringify({ ...sample, openapi: '3.0.3' }))).rejects.toThrow('3.1');
  });
});
