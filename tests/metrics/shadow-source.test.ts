import { shadowSource } from '../../src/kinds/metric-sources/shadow/kind.ts';
import { openReportServer } from '../../src/kinds/shadow/open-report-server.ts';
import { eventsOf, metricSourceContract } from '../contract/metric-source-contract.ts';

const arms = { stable: { total: 0, bad: 0 }, canary: { total: 0, bad: 0 } };
const none = { compared: 0, differed: 0, noise: 0, dropped: 0, failed: 0, uncompared: 0, fields: [] };
const server = await openReportServer({ host: '127.0.0.1', port: 0 }, async () => ({
  process: 'one',
  routes: [{ route: 'GET /cart', ...none, arms }],
}));
const counted = ['shadow_answers_total{arm="$arm"}', 'shadow_differences_total{arm="$arm"}'] as const;

metricSourceContract(
  () => ({
    kind: shadowSource,
    missing: null,
    options: { url: server.url, scrape: '1s' },
    measure: eventsOf(...counted, { by: 'route' }),
    mistyped: {
      'name of the total': eventsOf(counted[0].replace('answers', 'answer'), counted[1]),
      'label of the differences': eventsOf(counted[0], counted[1].replace('arm=', 'side=')),
    },
    happen: async (arm, { good, bad }) => {
      arms[arm].total += good + bad;
      arms[arm].bad += bad;
      await Promise.resolve();
    },
    beginAgain: async (arm) => {
      arms[arm] = { total: 0, bad: 0 };
      await Promise.resolve();
    },
    die: async () => await server.close(),
    network: true,
  }),
  'shadow',
  null,
);
