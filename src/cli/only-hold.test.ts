import { describe, expect, it } from 'vitest';

import { onlyHold } from './only-hold.ts';
import { refuseBesides } from './refuse-besides.ts';

const at = (...ids: string[]): { id: string }[] => ids.map((id) => ({ id }));

describe('onlyHold', () => {
  it('O06 is the one that is on, whether it stops the count or not', () => {
    expect(onlyHold({ holds: at('hold-1'), clock: null })).toBe('hold-1');
    expect(onlyHold({ holds: at('hold-1'), clock: { stops: at('hold-1') } })).toBe('hold-1');
    expect(onlyHold({ holds: [], clock: { stops: at('t-20m') } })).toBe('t-20m');
    expect(onlyHold({ holds: [], clock: null })).toBe('(none)');
  });

  it('O06 of several it takes none by itself', () => {
    const both = 'expected the hold that is meant, got 2: hold-1, stop:stop-1';
    expect(() => onlyHold({ holds: at('hold-1', 'stop:stop-1'), clock: null })).toThrow(both);
    expect(() => onlyHold({ holds: at('hold-1'), clock: { stops: at('t-20m') } })).toThrow('got 2: hold-1, t-20m');
  });
});

describe('refuseBesides', () => {
  it('refuses what would be left out, and hands on what stands alone', () => {
    const options = { reason: 'smoke' };
    expect(refuseBesides('--all', { run: undefined }, options)).toBe(options);
    expect(() => refuseBesides('--scope launch', { run: 'run-1', '--step': 'copy' }, options)).toThrow(
      '--scope launch: expected it alone, got run run-1 and --step copy beside it',
    );
  });
});
