import { z } from 'zod';

import { callPoll, endPoll } from '../../engine/launches/read-gate-page.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { pollView } from '../views/gate-view.ts';

const ofGate = z.object({ launch: z.string(), gate: z.string() });
const inEnvironment = z.object({ environment: z.string().optional() });

/** Go/no-go polls: somebody who leads calls the roll until a time. Votes themselves are signed statements, in a poll or outside of one. */
export const pollRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/gates/:gate/poll',
    id: 'callPoll',
    summary: 'Calls a go/no-go poll about the decision that the caller has read, until a time',
    tag: 'gates',
    access: may('poll.call'),
    params: ofGate,
    query: inEnvironment,
    body: z.strictObject({
      seen: z.string().describe('subjectSha256 of the decision that the caller has read'),
      seconds: z.int().min(30).max(86_400),
    }),
    response: pollView,
    status: 201,
    handle: async ({ parts, params, query, body: { seen, seconds }, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const { decision } = await parts.gates.decide(scene, params.gate);
      requireVersion(`gate ${params.gate}`, seen, decision.subjectSha256);
      return callPoll(parts, scene, { gate: params.gate, person: person(), subjectSha256: seen, seconds });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/launches/:launch/gates/:gate/poll',
    id: 'endPoll',
    summary: 'Ends the poll that is open; what was voted stays',
    tag: 'gates',
    access: may('poll.call'),
    params: ofGate,
    query: inEnvironment,
    response: pollView,
    handle: async ({ parts, params, query, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      return endPoll(parts, scene, { gate: params.gate, person: person() });
    },
  }),
];
