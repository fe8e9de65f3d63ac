import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import { SecretValue } from './secret-value.ts';

const canary = 'canary-9f81c02e77ab';
const secret = (): SecretValue => new SecretValue('dns/key', Buffer.from(canary));

describe('a secret value', () => {
  it.each<[string, (value: SecretValue) => string]>([
    ['as text', (value) => String(value)],
    ['joined with text', (value) => 'key=' + (value as unknown as string)],
    ['in JSON', (value) => JSON.stringify({ nested: [value] })],
    [
      'inspected to any depth, with hidden properties and getters',
      (value) => inspect({ value }, { depth: 20, showHidden: true, getters: true, showProxy: true }),
    ],
    ['in an error', (value) => inspect(new Error('failed', { cause: value }), { showHidden: true })],
    ['spread', (value) => inspect({ ...value }) + JSON.stringify(Object.entries(value))],
    ['cloned', (value) => inspect(structuredClone(value), { showHidden: true })],
    ['in a list', (value) => [value].join()],
    ['by its prototype', (value) => JSON.stringify(Object.getOwnPropertyNames(Object.getPrototypeOf(value)))],
  ])('law 12: does not show %s', (_, show) => {
    const value = secret();
    const shown = show(value);
    for (const form of [
      canary,
      Buffer.from(canary).toString('base64'),
      Buffer.from(canary).toString('hex'),
      '99, 97, 110',
      '63 61 6e',
    ])
      expect(shown).not.toContain(form);
    expect(value.exposeText()).toBe(canary);
  });

  it('law 12: (negative control) a plain object with the same bytes is found out by the same search', () => {
    expect(inspect({ bytes: canary })).toContain(canary);
    expect(inspect({ bytes: Buffer.from(canary) })).toContain('63 61 6e');
  });

  it('gives its bytes to whoever asks for them, as a copy, until it is wiped', () => {
    const value = secret();
    const copy = value.exposeBytes();
    copy.fill(1);
    expect(value.exposeText()).toBe(canary);
    value.wipe();
    expect(value.exposeText()).not.toContain('canary');
  });
});
