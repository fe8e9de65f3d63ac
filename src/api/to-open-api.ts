import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';

import { standardLimits } from './api-parts.ts';
import type { ApiParts } from './api-parts.ts';
import { describeApi } from './describe-api.ts';
import { registerRoute } from './register-route.ts';
import { routes } from './routes.ts';

/** The description of the API (OpenAPI 3.1) as text, without anything behind it; the same code gives the same text. */
export async function toOpenApi(): Promise<string> {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const version = 'as-installed';
  await describeApi(app, { version });
  // Handlers are registered and never called.
  const parts = { limits: standardLimits, version } as unknown as ApiParts;
  for (const route of routes) registerRoute(app, parts, route);
  await app.ready();
  const text = `${JSON.stringify(app.swagger(), null, 1)}\n`;
  await app.close();
  return text;
}
