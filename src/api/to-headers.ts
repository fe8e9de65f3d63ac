import type { FastifyRequest } from 'fastify';

/** The headers as the Fetch standard has them. */
export function toHeaders({ headers }: Pick<FastifyRequest, 'headers'>): Headers {
  const made = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') made.set(name, value);
    else for (const each of value ?? []) made.append(name, each);
  }
  return made;
}
