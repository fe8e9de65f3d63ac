import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { toMomentSource } from '../moment.ts';
import { backupAgeReader } from './reader.ts';

const nowMs = Date.parse('2026-12-01T12:00:00Z');

function read(answers: { [name: string]: string }): JsonObject {
  const [backup, drill] = [
    ['./last.sh', 'backup'],
    ['./last.sh', 'drill'],
  ];
  const asked = backupAgeReader.readSpec({
    stores: {
      orders: { backup, backupEvery: '24h', drill, drillEvery: '90d' },
      clickhouse: { backup, backupEvery: '6h', drill, drillEvery: '30d' },
    },
  });
  if (!asked.ok) throw new Error(JSON.stringify(asked.faults));
  const files = Object.entries(answers).map(([name, text]) => ({
    name,
    mediaType: 'text/plain',
    bytes: new TextEncoder().encode(text),
  }));
  const reading = backupAgeReader.parse(asked.spec, [...files, toMomentSource(nowMs)]);
  return reading.state === 'readable' ? reading.facts : { trouble: reading.trouble.code };
}

const met = {
  'orders.backup': '2026-11-30T12:00:00Z\n',
  'orders.drill': '2026-10-01T12:00:00Z',
  'clickhouse.backup': '2026-12-01T07:00:00+01:00',
  'clickhouse.drill': '2026-11-10T12:00:00Z',
};

describe('backup-age check', () => {
  it('T05 every store is held against its own cadence, for backups and for drills', () => {
    expect(read(met)).toMatchObject({ late: 0, count: 2 });
    expect(read({ ...met, 'orders.backup': '2026-11-30T11:59:59Z' })).toMatchObject({ late: 1 });
    expect(read({ ...met, 'clickhouse.backup': '2026-12-01T05:59:00Z' })['stores']).toMatchObject([
      { store: 'orders', backupLate: false },
      { store: 'clickhouse', backupLate: true, drillLate: false },
    ]);
    expect(read({ ...met, 'clickhouse.drill': '2026-10-10T12:00:00Z' })).toMatchObject({ late: 1 });
  });

  it.each<[string, { [name: string]: string }, string]>([
    [
      'no answer of one store',
      { 'orders.backup': met['orders.backup'], 'orders.drill': met['orders.drill'] },
      'missing',
    ],
    ['an empty answer', { ...met, 'orders.drill': '' }, 'malformed'],
    ['never', { ...met, 'orders.drill': 'never' }, 'malformed'],
    ['a day that there is not', { ...met, 'orders.drill': '2026-11-31T12:00:00Z' }, 'malformed'],
    ['two answers', { ...met, 'orders.drill': `${met['orders.drill']}\n${met['orders.drill']}` }, 'malformed'],
    ['a time without a zone', { ...met, 'orders.drill': '2026-11-10T12:00:00' }, 'malformed'],
    ['an instant ahead of the clock', { ...met, 'orders.backup': '2027-12-01T12:00:00Z' }, 'stale'],
  ])('T05 %s is unknown, and unknown is not met', (_, answers, code) => {
    expect(read(answers)).toEqual({ trouble: code });
  });

  it('T05 the program that tells of the backup cannot tell of the drill, too', () => {
    const argv = ['./last.sh', 'orders'];
    expect(backupAgeReader.readSpec({ stores: { orders: { backup: argv, drill: argv } } }).ok).toBe(false);
    expect(backupAgeReader.readSpec({ stores: { orders: { backup: argv, drill: [...argv, 'drill'] } } }).ok).toBe(true);
  });

  it('law 3: two answers to one question are none', () => {
    const asked = backupAgeReader.readSpec({ stores: { orders: { backup: ['a'], drill: ['b'] } } });
    const [first, ...rest] = backupAgeReader.negativeControl(asked.ok ? asked.spec : {});
    const reading = backupAgeReader.parse(asked.ok ? asked.spec : {}, [first!, first!, ...rest]);
    expect(reading).toMatchObject({ state: 'unreadable', trouble: { code: 'contradiction' } });
  });
});
