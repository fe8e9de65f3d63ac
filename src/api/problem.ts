import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { errorCodes } from '../core/error/error-codes.ts';
import type { ErrorCode } from '../core/error/error-codes.ts';
import { ProductError } from '../core/error/product-error.ts';
import { VersionConflict } from '../core/error/version-conflict.ts';
import { isDatabaseError, toStoreError } from '../store/database-error.ts';
import { problemStatus } from './problem-status.ts';

/** An error as the API sends it (RFC 9457): `type` names our code, `detail` what was expected and what was got, `hint` what to do next. */
export const problemSchema = z
  .object({
    type: z.string().describe('tminus:error/ and the code'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe('id of the request, as in the log of the server'),
    code: z.string(),
    hint: z.string(),
    retry: z.enum(['no', 'later']),
    at: z.object({ file: z.string(), line: z.int(), column: z.int() }).nullable(),
    current: z.string().nullable().describe('the version that holds now, of a version_conflict'),
  })
  .meta({ id: 'Problem' });

/** Sends what went wrong; what is no error of the product is reported and told without its insides. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  report: (error: unknown, about: { request: string }) => void,
): FastifyReply {
  const product = toProductError(error);
  if (product.code === 'internal') report(error, { request: request.id });
  const status = problemStatus[product.code];
  if (errorCodes[product.code].retry === 'later' && !reply.hasHeader('retry-after')) reply.header('retry-after', '5');
  const body: z.input<typeof problemSchema> = {
    type: `tminus:error/${product.code}`,
    title: product.code.replaceAll('_', ' '),
    status,
    detail: product.code === 'internal' ? 'something broke that has no code of its own' : product.message,
    instance: request.id,
    code: product.code,
    hint: product.hint,
    retry: errorCodes[product.code].retry,
    at: product.at,
    current: product instanceof VersionConflict ? product.current : null,
  };
  // As text: the schema of a good answer would be applied to an object.
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer((each) => JSON.stringify(each))
    .send(body);
}

function toProductError(error: unknown): ProductError {
  if (error instanceof ProductError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error);
  if (isDatabaseError(error)) return toStoreError(error, 'database');
  const { statusCode, message } = error as FastifyError;
  const code = statusCode === undefined ? null : (codeOfStatus[statusCode] ?? (statusCode < 500 ? usage : null));
  if (code)
    return new ProductError(code, message, { hint: 'mend the request; /api/openapi.json has its form', cause: error });
  return new ProductError('internal', 'unexpected', { hint: 'report it with the id of the request', cause: error });
}

const usage: ErrorCode = 'request_invalid';
const codeOfStatus: { readonly [status: number]: ErrorCode } = {
  404: 'route_unknown',
  429: 'too_many_requests',
  503: 'overloaded',
};

interface ZodFault {
  instancePath: string;
  message?: string;
}

function invalid(error: { validation: ZodFault[]; validationContext?: string }): ProductError {
  const faults = error.validation.map(({ instancePath, message }) => {
    const field = `${error.validationContext ?? 'request'}${instancePath.replaceAll('/', '.')}`;
    return `${field}: ${message ?? 'not as expected'}`;
  });
  return new ProductError('request_invalid', faults.join('; '), {
    hint: 'mend the fields that are named; /api/openapi.json has their form',
  });
}
