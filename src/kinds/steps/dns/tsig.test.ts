import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeQuestion, encodeUpdate } from './message.ts';
import { readTsigKey } from './tsig-key.ts';
import type { TsigKey } from './tsig-key.ts';
import { signMessage, verifyAnswer } from './tsig.ts';

const seconds = 1_800_000_000;
const read = readTsigKey(`hmac-sha256:cutover-key:${Buffer.alloc(32, 7).toString('base64')}`);
const key: TsigKey = read.ok ? read.key : ({} as TsigKey);
const change = {
  zone: 'shop.test',
  name: 'www.shop.test',
  type: 'A',
  from: ['192.0.2.1'],
  to: ['192.0.2.2'],
  ttl: 60,
} as const;

describe('signatures of messages', () => {
  it('writes an update octet by octet as RFC 2136 says, and signs it as RFC 8945 says', () => {
    const zone = '0473686f7004746573740000060001';
    const name = '037777770473686f70047465737400';
    const wanted = `${name}00010001000000000004c0000201`;
    const away = `${name}000100ff000000000000`;
    const added = `${name}000100010000003c0004c0000202`;
    const message = encodeUpdate(0x1234, change);
    expect(message.toString('hex')).toBe(`123428000001000100020000${zone}${wanted}${away}${added}`);
    const { bytes, mac } = signMessage(message, key, seconds);
    expect(mac).toHaveLength(32);
    const data = `0b686d61632d7368613235360000006b49d200012c0020${mac.toString('hex')}123400000000`;
    const record = `0b6375746f7665722d6b65790000fa00ff00000000${(data.length / 2).toString(16).padStart(4, '0')}${data}`;
    expect(bytes.subarray(message.length).toString('hex')).toBe(record);
    expect(bytes.readUInt16BE(10)).toBe(1);
  });

  it('believes no answer of random bytes, nor its own request sent back', () => {
    const request = signMessage(encodeQuestion(7, change), key, seconds);
    expect(verifyAnswer(request.bytes, request, { key, seconds })).toMatchObject({ state: 'unbelieved' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(verifyAnswer(Buffer.from(noise), request, { key, seconds }).state).toBe('unbelieved');
        expect(verifyAnswer(Buffer.concat([request.bytes, noise]), request, { key, seconds }).state).toBe('unbelieved');
      }),
    );
  });
});
