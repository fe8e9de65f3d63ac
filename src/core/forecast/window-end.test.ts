import { describe, expect, it } from 'vitest';

import { weekdays } from '../launch/window.ts';
import type { ChangeWindow } from '../launch/window.ts';
import { windowEnd } from './window-end.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const window = (over: Partial<ChangeWindow>): { windows: ChangeWindow[] } => ({
  windows: [{ days: [...weekdays], fromMinute: 9 * 60, toMinute: 15 * 60, zone: 'UTC', except: [], at, ...over }],
});
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const end = (launch: { windows: ChangeWindow[] }, now: string): string | null =>
  iso(windowEnd(launch, Date.parse(now)));

describe('the end of a change window', () => {
  it('T29 is when the open one closes, to the minute', () => {
    expect(end(window({}), '2026-12-01T14:26:30Z')).toBe('2026-12-01T15:00:00.000Z');
    expect(end(window({}), '2026-12-01T14:59:59Z')).toBe('2026-12-01T15:00:00.000Z');
  });

  it('T29 is the end of the next one where none is open', () => {
    expect(end(window({}), '2026-12-01T15:00:00Z')).toBe('2026-12-02T15:00:00.000Z');
    expect(end(window({ days: ['mon'] }), '2026-12-01T10:00:00Z')).toBe('2026-12-07T15:00:00.000Z');
  });

  it('T29 goes over midnight, and by the clock of its zone', () => {
    expect(end(window({ fromMinute: 22 * 60, toMinute: 120 }), '2026-12-01T23:00:00Z')).toBe(
      '2026-12-02T02:00:00.000Z',
    );
    expect(end(window({ zone: 'America/New_York' }), '2026-12-01T15:00:00Z')).toBe('2026-12-01T20:00:00.000Z');
  });

  it('T29 is none without windows', () => {
    expect(end({ windows: [] }, '2026-12-01T15:00:00Z')).toBeNull();
  });
});
