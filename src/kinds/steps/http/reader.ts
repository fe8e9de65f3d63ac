import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Fence, ReadSpec, SpecFault } from '../../../core/check/check.ts';
import type { Effect, ReadStepFence, StepReader } from '../../../core/step/step-kind.ts';
import { readHttpFence } from '../../checks/http/read-http-fence.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { expectationFaults } from '../expectations.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { readStepAttributes, toFenceFaults } from '../step-fence.ts';
import { httpSchema } from './schema.ts';
import type { HttpSpec } from './schema.ts';

/** The pure half of the step kind `http`. */
export const httpStepReader: StepReader = {
  kind: 'http',
  summary: 'Sends one HTTP request with an idempotency key and judges its answer.',
  jsonSchema: toJsonSchema(httpSchema),
  readSpec,
  fenceLanguages: ['http'],
  readFence,
  actionClass: (spec) => (isWrite(specOf(spec).method) ? 'medium_modify' : 'medium_read'),
  listEffects,
  undoSpec: (spec) => {
    const { undo, timeout, limit, ca } = specOf(spec);
    const read = undo === undefined ? null : readSpec({ ...undo, timeout, limit, ca } as JsonObject);
    return read?.ok ? read.spec : null;
  },
};

/** Whether a method changes something (RFC 9110 section 9.2.1). */
export function isWrite(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

function specOf(spec: JsonObject): HttpSpec {
  return spec as unknown as HttpSpec;
}

function readSpec(written: JsonValue): ReadSpec {
  return readStepSchema(httpSchema, written, ({ undo, probe, ...own }) => [
    ...requestFaults(own, []),
    ...(undo === undefined ? [] : requestFaults(undo, ['undo'])),
    ...(probe === undefined ? [] : requestFaults({ ...probe, body: null }, ['probe'])),
  ]);
}

function requestFaults(
  { url, body, json, expect }: { url: string; body: string | null; json?: unknown; expect: string[] },
  path: string[],
): SpecFault[] {
  const faults = expectationFaults(expect, [...path, 'expect']);
  if (body !== null && json !== undefined)
    faults.push({ path: [...path, 'json'], expected: 'body or json', got: 'both', hint: 'remove one of them' });
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(url))
    faults.push({
      path: [...path, 'url'],
      expected: 'a url without credentials',
      got: 'credentials',
      hint: 'write them as a header: Authorization: Bearer {{ secret "name" }}',
    });
  return faults;
}

function readFence(fence: Fence): ReadStepFence {
  const own = readStepAttributes(fence, ['timeout', 'limit', 'ca']);
  if (!own.ok) return own;
  const attributes = Object.fromEntries(
    Object.entries(own.spec).map(([name, value]) => [name, `${value as string | number}`]),
  );
  const fenced = readHttpFence({ ...fence, attributes });
  if (!fenced.ok) return fenced;
  const { follow: _, ...written } = fenced.spec;
  const expect = fenced.expectations.map(({ text }) => text);
  const read = readSpec({ ...written, ...(expect.length === 0 ? {} : { expect }) });
  if (read.ok) return read;
  return toFenceFaults(read.faults, ['method', 'url', 'headers', 'body', 'expect']);
}

function listEffects(spec: JsonObject): Effect[] {
  const { method, url, undo } = specOf(spec);
  const does = method === 'DELETE' ? 'delete' : isWrite(method) ? 'write' : 'read';
  const back = undo === undefined ? '' : `, and can be taken back by ${undo.method} ${undo.url}`;
  return [{ does, target: `${method} ${url}`, text: `sends ${method} to ${url}${back}` }];
}
