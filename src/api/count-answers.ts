import type { FastifyInstance } from 'fastify';

import type { AnswerMeter } from '../engine/monitor/answer-meter.ts';
import type { AnswerTimes } from '../engine/monitor/answer-times.ts';

/** Asked by machines every few seconds: they would hide what people were answered. */
const probes = new Set(['/api/livez', '/api/readyz', '/api/metrics']);

/** Counts every answer of the API to a meter. What was refused because the server had too much to do, or was ending, is no good answer either. */
export function countAnswers(app: FastifyInstance, answers: AnswerMeter, times: AnswerTimes): void {
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!path.startsWith('/api/') || probes.has(path)) return;
    answers.count(reply.statusCode < 500);
    times.count(reply.statusCode, reply.elapsedTime / 1_000);
  });
}
