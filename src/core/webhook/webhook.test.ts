import { describe, expect, it } from 'vitest';

import { coversEvent } from './covers-event.ts';
import { toCloudEvent } from './to-cloud-event.ts';

const place = { launch: 'shop', environment: 'production', mode: 'live' };
const event = {
  cursor: 7,
  subject: 'run-1',
  type: 'step.failed',
  at: '2026-12-05T14:00:00.000Z',
  body: { step: 'a' },
  place,
};

describe('events on their way out', () => {
  it('O15 are CloudEvents whose id is the cursor, however often they are sent', () => {
    expect(toCloudEvent(event)).toEqual({
      specversion: '1.0',
      id: '7',
      source: 'urn:tminus:launch:shop',
      type: 'tminus.step.failed',
      subject: 'run-1',
      time: '2026-12-05T14:00:00.000Z',
      datacontenttype: 'application/json',
      sequence: '0000000000000007',
      ...place,
      data: { step: 'a' },
    });
  });

  it('O15 of the system have no subject and no launch, and attributes are never null', () => {
    const system = toCloudEvent({ ...event, subject: null, place: null });
    expect(system.source).toBe('urn:tminus:installation');
    expect(Object.values(system)).not.toContain(null);
    expect(Object.keys(system)).not.toContain('subject');
    expect(Object.keys(system).filter((name) => !/^[a-z0-9]{1,20}$/u.test(name))).toEqual([]);
  });

  it('O15 go where their launch and family are wanted, and nowhere else', () => {
    const covers = (filter: { launches?: string[]; types?: string[] }, launch: string | null, type: string): boolean =>
      coversEvent({ launches: null, types: null, ...filter }, { launch, type });
    expect(covers({}, null, 'system.notice')).toBe(true);
    expect(covers({ launches: ['shop'] }, 'shop', 'step.failed')).toBe(true);
    expect(covers({ launches: ['shop'] }, 'bank', 'step.failed')).toBe(false);
    expect(covers({ launches: ['shop'] }, null, 'system.notice')).toBe(false);
    expect(covers({ types: ['step'] }, 'shop', 'step.failed')).toBe(true);
    expect(covers({ types: ['step'] }, 'shop', 'steps')).toBe(false);
    expect(covers({ types: [] }, 'shop', 'step.failed')).toBe(false);
  });
});
