import { once } from 'node:events';
import { createServer } from 'node:http';

import { z } from 'zod';

import type { MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import { listenAddress } from '../listen-address.ts';
import { findSelectorFaults } from '../measure-selectors.ts';
import { findFaults, samplingOptions } from '../read-source-options.ts';
import { readStore } from '../read-store.ts';
import { createSeriesStore } from '../series-store.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';
import { receive } from './receive.ts';

const schema = z.strictObject({ listen: listenAddress, scrape: samplingOptions.scrape });

/** A receiver of OTLP/HTTP in JSON. */
export const otlpSource: MetricSourceKind = {
  kind: 'otlp',
  summary: 'Receives counters and histograms of OpenTelemetry over HTTP in JSON, for as long as it is open.',
  faults: (options) => findFaults(schema, options),
  measureFaults: (measure) => findSelectorFaults(measure, true),
  async open(written, context) {
    const { listen, scrape } = schema.parse(written);
    const store = createSeriesStore();
    const meter = createMeasureMeter({ everyMs: scrape });
    const now = (): number => context.now();
    const server = createServer(
      (request, response) => void receive(request, response, { store, now }).catch(() => response.destroy()),
    );
    server.requestTimeout = 10_000;
    server.listen(listen.port, listen.host);
    await once(server, 'listening');
    const close = async (): Promise<void> => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    };
    return { read: readStore({ store, meter, now, isSilentWhenIdle: false }), close };
  },
};
