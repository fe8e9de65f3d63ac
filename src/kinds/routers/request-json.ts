import type { JsonValue } from '@tminus/verify';

import { RouterTrouble } from '../../core/rollout/router-kind.ts';
import type { RouterContext } from '../../core/rollout/router-kind.ts';
import { parseJson } from '../checks/parse-json.ts';
import { portOf, sendRequest } from '../checks/send-request.ts';
import { createStepGuard } from '../steps/guard-hosts.ts';
import type { AskRouter } from './router-calls.ts';

/** One request to the interface of a router. Each sets what it says, so that one sent twice is once. */
export interface JsonRequest {
  method: 'GET' | 'PUT' | 'PATCH';
  url: URL;
  headers: { readonly [name: string]: string };
  body: string | null;
}

/** An answer whose body is JSON; null where it is none. */
export interface JsonReply {
  status: number;
  value: JsonValue | null;
}

const largestAnswer = 4 * 1024 ** 2;

/** Returns how JSON is asked for over HTTP, with the secret as a bearer token, never over plain HTTP to a host that the environment does not name. */
export function createJsonClient(
  context: RouterContext,
  ask: AskRouter,
  ca: string | null = null,
): (request: JsonRequest) => Promise<JsonReply> {
  const guard = createStepGuard(context);
  return ({ method, url, headers, body }) => {
    refuseTokenInClear(url, context);
    const token = context.secret?.exposeText();
    return ask({
      host: url.host,
      repeatable: true,
      async send(signal) {
        guard.assertLiteral(url.hostname, portOf(url));
        const sent = await sendRequest({
          method,
          url,
          headers: {
            accept: 'application/json',
            ...headers,
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          body,
          ca,
          limit: largestAnswer,
          guard,
          signal,
        });
        if (sent.ok) return { status: sent.response.status, value: toValue(sent.response.body) };
        const code = sent.trouble.code === 'egress_blocked' ? 'host_forbidden' : 'unreachable';
        throw new RouterTrouble(code, sent.trouble.message);
      },
    });
  };
}

function refuseTokenInClear(url: URL, { allow, secret }: RouterContext): void {
  const isAllowed = [url.hostname, url.host].some((name) => allow.includes(name));
  if (secret !== null && url.protocol !== 'https:' && !isAllowed)
    throw new RouterTrouble('token_in_clear', `${url.host}: expected https where a token is sent, got http`);
}

function toValue(body: Uint8Array): JsonValue | null {
  try {
    return parseJson(body);
  } catch {
    return null;
  }
}
