import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';

import { z } from 'zod';

import type { MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import { findSelectorFaults } from '../measure-selectors.ts';
import { listenAddress } from '../listen-address.ts';
import { findFaults, samplingOptions } from '../read-source-options.ts';
import { readStore } from '../read-store.ts';
import { createSeriesStore } from '../series-store.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';
import { parsePacket } from './parse-packet.ts';

const schema = z.strictObject({ listen: listenAddress, scrape: samplingOptions.scrape });

/** A receiver of StatsD over UDP. Packets that a network lost are missing on both arms alike, and nobody can tell. */
export const statsdSource: MetricSourceKind = {
  kind: 'statsd',
  summary:
    'Receives counters of StatsD with tags over UDP, for as long as it is open; lost packets are nowhere counted.',
  faults: (options) => findFaults(schema, options),
  measureFaults: (measure) =>
    measure.counts.kind === 'events'
      ? findSelectorFaults(measure, true)
      : [
          {
            path: 'buckets',
            expected: 'counts of events',
            got: 'a histogram',
            hint: 'count slow requests in the application',
          },
        ],
  async open(written, context) {
    const { listen, scrape } = schema.parse(written);
    const store = createSeriesStore();
    const meter = createMeasureMeter({ everyMs: scrape });
    const socket = await bind(listen);
    socket.on('message', (bytes) => {
      const { counts, unreadable } = parsePacket(bytes.toString('utf8'));
      for (const count of counts) store.receive(count, context.now());
      store.lost.count += unreadable.length;
      store.lost.last = unreadable.at(-1) ?? store.lost.last;
    });
    return {
      read: readStore({ store, meter, now: () => context.now(), isSilentWhenIdle: true }),
      close: () => close(socket),
    };
  },
};

async function bind({ host, port }: { host: string; port: number }): Promise<Socket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(port, host);
  await once(socket, 'listening');
  return socket;
}

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
