import { describe, expect, it } from 'vitest';

import { createMaskDesk, type MaskDesk } from './mask-desk.ts';
import type { Refusal } from './known-secret.ts';
import type { SinkProfile } from './rules/personal-rules.ts';
import { generateSecrets, secretForms } from './secret-forms.fixture.ts';

const start = Date.parse('2026-03-01T12:00:00Z');
const hour = 3600 * 1000;
const sinks = ['log', 'event', 'evidence', 'error', 'export', 'message', 'audit'] as const satisfies SinkProfile[];

interface Setting {
  desk: MaskDesk;
  refused: Refusal[];
  pass: (ms: number) => void;
}

function open(): Setting {
  let now = start;
  const refused: Refusal[] = [];
  const desk = createMaskDesk({
    rules: [],
    clock: () => new Date(now),
    onRefused: (refusal) => void refused.push(refusal),
  });
  return { desk, refused, pass: (ms) => (now += ms) };
}

describe('the desk of a process', () => {
  it('A6 a secret is masked in every sink from the moment it is handed out, in text, values and streams', () => {
    const { desk } = open();
    expect(desk.maskText('log', 'say pL9x.Qz47-Vb2n')).toBe('say pL9x.Qz47-Vb2n');
    const streams = sinks.map((sink) => desk.createStream(sink));
    for (const stream of streams) stream.write(Buffer.from('before\n'));
    desk.add('db', 'pL9x.Qz47-Vb2n');
    for (const sink of sinks) {
      expect(desk.maskText(sink, 'say pL9x.Qz47-Vb2n')).toBe('say [masked:db]');
      expect(desk.maskJson(sink, { a: ['pL9x.Qz47-Vb2n'] })).toEqual({ a: ['[masked:db]'] });
    }
    for (const stream of streams) {
      const out = Buffer.concat([stream.write(Buffer.from('x pL9x.Qz47')), stream.write(Buffer.from('-Vb2n y\n'))]);
      expect(Buffer.concat([out, stream.flush()]).toString()).toBe('x [masked:db] y\n');
    }
  });

  it('A4 a rotated and a retired secret stay masked for 24 hours, others for ever', () => {
    const { desk, pass } = open();
    desk.add('db', 'firstV4lue-123456');
    desk.add('api', 'otherV4lue-123456');
    desk.add('db', 'secondV4lue-7890');
    const all = 'firstV4lue-123456 secondV4lue-7890 otherV4lue-123456';
    expect(desk.maskText('log', all)).toBe('[masked:db] [masked:db] [masked:api]');
    pass(23 * hour);
    desk.retire('api');
    expect(desk.maskText('log', all)).toBe('[masked:db] [masked:db] [masked:api]');
    pass(hour);
    expect(desk.maskText('log', all)).toBe('firstV4lue-123456 [masked:db] [masked:api]');
    pass(23 * hour);
    expect(desk.maskText('log', all)).toBe('firstV4lue-123456 [masked:db] otherV4lue-123456');
    pass(1000 * hour);
    expect(desk.maskText('log', all)).toBe('firstV4lue-123456 [masked:db] otherV4lue-123456');
  });

  it('A4 a retired value that is handed out again is in use again', () => {
    const { desk, pass } = open();
    desk.add('db', 'firstV4lue-123456');
    desk.retire('db');
    pass(12 * hour);
    desk.add('db', Buffer.from('firstV4lue-123456'));
    pass(100 * hour);
    expect(desk.maskText('log', 'firstV4lue-123456')).toBe('[masked:db]');
  });

  it('S4 whoever hands in what cannot be masked is told, each time, and may insist', () => {
    const { desk, refused } = open();
    desk.add('pin', 'abc12');
    desk.add('pin', 'abc12');
    expect(refused.map(({ name }) => name)).toEqual(['pin', 'pin']);
    expect(desk.maskText('log', 'is abc12')).toBe('is abc12');
    desk.add('pin', 'abc12', true);
    expect(refused.length).toBe(2);
    expect(desk.maskText('log', 'is abc12')).toBe('is [masked:pin]');
  });

  it('A7 rules that cannot be held to a time limit are refused, and whoever wrote them is told', () => {
    const refused: string[] = [];
    const rules = [
      { id: 'ticket', keywords: ['ACME'], pattern: 'ACME-[0-9]{6}' },
      { id: 'bomb', keywords: ['ACME'], pattern: '(ACME{1,50}){1,50}' },
    ];
    const desk = createMaskDesk({
      rules,
      clock: () => new Date(start),
      onRefused: ({ name }) => void refused.push(name),
    });
    expect(refused).toEqual(['bomb']);
    expect(desk.maskText('log', 'see ACME-123456')).toBe('see [masked:ticket]');
  });

  it('S2 secrets that are added one by one are masked in all forms like those of one set', () => {
    const { desk } = open();
    const values = generateSecrets(60, 3);
    values.forEach((value, at) => desk.add(`s${at}`, value));
    const missed = values.flatMap((value) =>
      Object.entries(secretForms).flatMap(([form, write]) =>
        desk.maskText('log', `at <${write(value)}> end`).includes('[masked:') ? [] : [[form, value]],
      ),
    );
    expect(missed).toEqual([]);
  });

  it('A1 a secret of bytes that are no text is masked as bytes, in base64 and in hex', () => {
    const { desk } = open();
    const key = Buffer.from('f1e2d3c4b5a6978812345678deadbeefcafe', 'hex');
    desk.add('key', key);
    for (const text of [key.toString('base64'), key.toString('hex')])
      expect(desk.maskText('log', `<${text}>`)).toMatch(/^<\[masked:key\]=*>$/);
    const stream = desk.createStream('log');
    expect(Buffer.concat([stream.write(key), stream.flush()]).toString('latin1')).toBe('[masked:key]');
  });

  it('S3 what was written is swept for all that was handed out, retired or not', async () => {
    const { desk } = open();
    desk.add('db', 'firstV4lue-123456');
    desk.retire('db');
    const twice = Buffer.from(Buffer.from('firstV4lue-123456').toString('hex')).toString('base64');
    const { hits } = await desk.sweep(Buffer.from(`wrote ${twice} there`));
    expect(hits).toEqual([{ class: 'known', name: 'db', at: 6, path: ['base64'] }]);
    expect((await desk.sweep(Buffer.from('wrote nothing'))).hits).toEqual([]);
  });
});
