import { z } from 'zod';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterReading, RouterSession } from '../../../core/rollout/router-kind.ts';
import { createJsonClient } from '../request-json.ts';
import { createRouterCalls } from '../router-calls.ts';
import { refuseDrain } from '../refuse-drain.ts';
import { assertWeight } from '../weight-parts.ts';
import type { NginxOptions } from './schema.ts';

const count = z.int().nonnegative();
const answerSchema = z.strictObject({
  weight: z.number().min(0).max(100),
  sticky: z.boolean(),
  requests: z.strictObject({ stable: count, canary: count }),
});

type Answer = z.output<typeof answerSchema>;

/** Opens a session with the location that `split.lua` answers. */
export async function openLuaSession(options: NginxOptions, context: RouterContext): Promise<RouterSession> {
  const url = new URL(options.admin ?? '');
  const client = createJsonClient(context, createRouterCalls(context, options.timeout));
  const ask = async (weight: number | null): Promise<Answer> => {
    const body = weight === null ? null : String(weight);
    const { status, value } = await client({ method: body === null ? 'GET' : 'PUT', url, headers: {}, body });
    if (status !== 200) throw new RouterTrouble('refused', `${url.host}: expected status 200, got ${status}`);
    const answer = answerSchema.safeParse(value);
    if (answer.success) return answer.data;
    throw new RouterTrouble(
      'unreadable',
      `${url.host}: expected weight and requests as split.lua says them, got another answer`,
    );
  };
  const set = async (weight: number): Promise<void> => {
    assertWeight(weight);
    if (Math.abs(weight * 100 - Math.round(weight * 100)) > 1e-6)
      throw new RouterTrouble('weight', `weight ${weight}: expected at most two decimals; choose a rounder one`);
    const taken = await ask(weight);
    if (Math.abs(taken.weight - weight) > 1e-6)
      throw new RouterTrouble(
        'not_taken',
        `${url.host}: expected weight ${weight}, got ${taken.weight} after it was set`,
      );
  };
  const first = await ask(null);
  return {
    abilities: { sticky: first.sticky, loss: null, flips: false, drains: false, counts: true },
    read: async () => ({ atMs: context.now(), ...toReading(url.host, await ask(null)) }),
    set,
    drain: refuseDrain('nginx does not know what is under way'),
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

function toReading(host: string, { weight, requests }: Answer): Omit<RouterReading, 'atMs'> {
  const total = requests.canary + requests.stable;
  return {
    weight,
    requests,
    healthy: { stable: null, canary: null },
    detail: `${host}: canary ${weight} %, ${requests.canary} of ${total} requests so far`,
  };
}
