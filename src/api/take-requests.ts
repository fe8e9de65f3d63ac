import type { FastifyInstance } from 'fastify';

import { ProductError } from '../core/error/product-error.ts';
import { readJson } from './read-json.ts';

/** What is read of a request at all: JSON in one meaning, and addresses that the store can be asked for. */
export function takeRequests(app: FastifyInstance): void {
  takeJson(app);
  refuseNul(app);
}

/**
 * JSON is all that is read, and only where it says that it is: what a form of another page can send is refused (A22). Browsers name their reports in types of their own
 * (Reporting API section 2.5, CSP level 3 section 5.3); JSON they are all the same.
 */
function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const types = ['application/json', 'application/csp-report', 'application/reports+json'];
  app.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readJson(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** The store keeps no NUL, and no address of ours has one. */
function refuseNul(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(request.url.includes('%00') ? nulInAddress() : undefined);
  });
}

function nulInAddress(): ProductError {
  return new ProductError('request_invalid', 'address: expected one without NUL, got one with %00', {
    hint: 'mend the address; /api/openapi.json has its form',
  });
}
