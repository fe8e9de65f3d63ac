import { describe, expect, it } from 'vitest';

import { traceIdOf } from '../../core/trace/trace-ids.ts';
import { createLineLimit } from './limit-lines.ts';
import { openLog, toLogError } from './open-log.ts';
import type { LogLine } from './open-log.ts';
import { renderLine } from './render-line.ts';

const now = (): Date => new Date('2026-12-05T14:00:00Z');

function linesOf(write: (log: ReturnType<typeof openLog>) => void): LogLine[] {
  const lines: LogLine[] = [];
  const log = openLog({
    sinks: [(line) => lines.push(line)],
    maskText: (text) => text.replaceAll('hunter2', '[masked:db]'),
    now,
  });
  write(log);
  return lines;
}

describe('lines of a log', () => {
  it('T04 name the trace of what they are about, and hold no secret', () => {
    const [line] = linesOf((log) =>
      log.write('warn', 'login as hunter2 failed', { run: 'r-1', step: 'move', attempt: 2, request: 'q-hunter2' }),
    );
    expect(line).toMatchObject({
      time: '2026-12-05T14:00:00.000Z',
      level: 'warn',
      message: 'login as [masked:db] failed',
      fields: { run: 'r-1', step: 'move', attempt: 2, request: 'q-[masked:db]', trace_id: traceIdOf('r-1') },
    });
    expect(line?.fields['span_id']).toMatch(/^[0-9a-f]{16}$/u);
    expect(JSON.parse(renderLine(line!, 'json'))).toMatchObject({ level: 'warn', run: 'r-1', attempt: 2 });
  });

  it('T04 are one line each, whatever is said in them', () => {
    const [line] = linesOf((log) => log.write('info', 'a\nlevel=error b', { run: 'x\ny z' }));
    for (const format of ['json', 'text'] as const) expect(renderLine(line!, format).split('\n')).toHaveLength(1);
    expect(renderLine(line!, 'text')).toMatch(
      /^2026-12-05T14:00:00\.000Z info  a level=error b run="x\\ny z" trace_id=/u,
    );
  });

  it('T04 that cannot be written stop nothing, and are counted', () => {
    const log = openLog({
      sinks: [
        () => {
          throw new Error('full');
        },
      ],
      maskText: (text) => text,
      now,
    });
    log.write('error', 'x');
    log.write('info', 'y');
    expect(log.counts()).toEqual({ info: 1, warn: 0, error: 1 });
    expect(toLogError(Object.assign(new Error('a\n  b'), { code: 'store_unavailable' }))).toEqual({
      message: 'a; b',
      fields: { code: 'store_unavailable' },
    });
    expect(toLogError('gone')).toEqual({ message: 'gone', fields: {} });
  });
});

describe('one line a minute for each key', () => {
  const line = (message: string, fields = {}): LogLine => ({ time: '', level: 'warn', message, fields });

  it('C21 lets the first through, counts the others, and tells the count when the minute is over', () => {
    const limit = createLineLimit(60_000);
    expect(limit.take(line('lost 1'), 0)).toMatchObject({ suppressed: 0 });
    expect([limit.take(line('lost 2'), 10), limit.take(line('lost 30'), 59_999)]).toEqual([null, null]);
    expect(limit.take(line('found'), 20)).toMatchObject({ suppressed: 0 });
    expect(limit.take(line('lost 4', { code: 'x' }), 20)).toMatchObject({ suppressed: 0 });
    expect(limit.due(59_999)).toEqual([]);
    expect(limit.due(60_000)).toEqual([{ line: line('lost 30'), suppressed: 1 }]);
    expect(limit.take(line('lost 5'), 60_001)).toBeNull();
    expect(limit.take(line('lost 6'), 120_000)).toMatchObject({ suppressed: 1 });
    expect(limit.due(400_000)).toEqual([]);
    expect(limit.take(line('lost 7'), 400_001)).toMatchObject({ suppressed: 0 });
  });

  it('C21 keeps no more keys than a thousand', () => {
    const limit = createLineLimit(60_000);
    const words = (place: number): string =>
      `w${'abcdefghij'[place % 10]}${'klmnopqrst'[Math.floor(place / 10) % 10]}${'uvwxyzABCD'[Math.floor(place / 100) % 10]}${place >= 1_000 ? 'X' : ''}`;
    for (let place = 0; place < 1_200; place += 1) limit.take(line(words(place)), 0);
    expect(limit.overflow).toBe(200);
  });
});
