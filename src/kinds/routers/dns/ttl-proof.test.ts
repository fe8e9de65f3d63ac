import { describe, expect, it } from 'vitest';

import { noteTtl, ttlRefusal } from './ttl-proof.ts';

const empty = { name: 'www A', lowSinceMs: null, larger: null };
const at = (seconds: number) => ({ nowMs: seconds * 1000, ttl: 60, oldTtl: 3600 });

describe('proof of a lowered time to live', () => {
  it('C19 nothing seen is no proof', () => {
    expect(ttlRefusal(empty, at(1e6))).toMatch(/got none/);
  });

  it('C19 a flip waits as long as the old time to live was, from the first look that saw the new one', () => {
    const seen = noteTtl(noteTtl(empty, { ttl: 3600, atMs: 0 }, 60), { ttl: 60, atMs: 10_000 }, 60);
    expect(ttlRefusal(seen, at(3609))).toMatch(/try again after 1970-01-01T01:00:10/);
    expect(ttlRefusal(seen, at(3610))).toBeNull();
    expect(ttlRefusal(noteTtl(seen, { ttl: 30, atMs: 20_000 }, 60), at(3610))).toBeNull();
  });

  it('C19 an old time to live that was larger than declared counts, and one that comes back begins it again', () => {
    const larger = noteTtl(noteTtl(empty, { ttl: 86_400, atMs: 0 }, 60), { ttl: 60, atMs: 1000 }, 60);
    expect(ttlRefusal(larger, at(3700))).toMatch(/for 86400 s/);
    const back = noteTtl(larger, { ttl: 3600, atMs: 90_000_000 }, 60);
    expect(ttlRefusal(back, at(100_000))).toMatch(/got 3600 s/);
  });
});
