import type { MetricFamily } from '../../core/metric/render-exposition.ts';

/** How many answers a server of the API gave, and how long each took, since it began. */
export interface AnswerTimes {
  count(status: number, seconds: number): void;
  families(): MetricFamily[];
}

/** Upper bounds, seconds: what a person takes for at once, waits for, and gives up on. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The times of one process. Both families count up only, so that rates of them can be asked for. */
export function openAnswerTimes(): AnswerTimes {
  const codes = new Map<string, number>(['2xx', '3xx', '4xx', '5xx'].map((code) => [code, 0]));
  const buckets = bounds.map(() => 0);
  let [sum, all] = [0, 0];
  return {
    count(status, seconds) {
      const code = `${Math.floor(status / 100)}xx`;
      codes.set(code, (codes.get(code) ?? 0) + 1);
      bounds.forEach((bound, place) => {
        if (seconds <= bound) buckets[place] = (buckets[place] ?? 0) + 1;
      });
      sum += seconds;
      all += 1;
    },
    families: () => [
      {
        name: 'tminus_api_answers',
        type: 'counter',
        help: 'Answers of the API of this server, by class of their status.',
        samples: [...codes].map(([code, value]) => ({ suffix: '', labels: { code }, value })),
      },
      {
        name: 'tminus_api_answer_seconds',
        type: 'histogram',
        help: 'How long this server took to answer a request to its API.',
        samples: [
          ...bounds.map((bound, place) => toBucket(String(bound), buckets[place] ?? 0)),
          toBucket('+Inf', all),
          { suffix: '_sum', labels: {}, value: sum },
          { suffix: '_count', labels: {}, value: all },
        ],
      },
    ],
  };
}

function toBucket(le: string, value: number): MetricFamily['samples'][number] {
  return { suffix: '_bucket', labels: { le }, value };
}
