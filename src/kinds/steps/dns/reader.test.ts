import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { dnsStepReader } from './reader.ts';

const written = {
  server: 'ns1.example.org:5353',
  zone: 'example.org',
  name: 'www.example.org',
  from: { values: ['192.0.2.1'], ttl: 3600 },
  to: ['192.0.2.2'],
  ttl: 60,
  key: '{{ secret "dns/key" }}',
};

function read(more: { [key: string]: JsonValue }): ReturnType<typeof dnsStepReader.readSpec> {
  return dnsStepReader.readSpec({ ...written, ...more });
}

function specOf(more: { [key: string]: JsonValue } = {}): JsonObject {
  const result = read(more);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.spec;
}

describe('a dns step as it is written', () => {
  it.each<[{ [key: string]: JsonValue }, string, string]>([
    [{ server: 'http://ns1' }, 'server', 'host or host:port'],
    [{ server: 'ns1:99999' }, 'server', 'host or host:port'],
    [{ name: 'www.example.com' }, 'name', 'a name in example.org'],
    [{ name: 'wwwexample.org' }, 'name', 'a name in example.org'],
    [{ name: 'a..example.org' }, 'name', 'a domain name'],
    [{ to: '2001:db8::1' }, 'to', 'an IPv4 address'],
    [{ from: 'old-server' }, 'from', 'an IPv4 address'],
    [{ type: 'CNAME', from: [], to: ['a.example.org', 'b.example.org'] }, 'to', 'one value'],
    [{ type: 'MX', from: [], to: 'mail.example.org' }, 'to', 'a preference'],
    [{ type: 'MX', from: [], to: '70000 mail.example.org' }, 'to', 'a preference'],
    [{ type: 'TXT', from: [], to: `"${'x'.repeat(256)}"` }, 'to', '255 bytes'],
    [{ type: 'TXT', from: [], to: '{{ secret "token" }}' }, 'to', 'a template of a value'],
    [{ type: 'TXT', from: [], to: '{{ candidate.token' }, 'to', 'a template of a value'],
    [{ server: '{{ secret "host" }}' }, 'server', 'host or host:port'],
    [{ type: 'NS' }, 'type', 'one of'],
    [{ ttl: -1 }, 'ttl', 'at least 0'],
    [{ key: 'hmac-sha256:key:c2VjcmV0' }, 'key', 'never the key itself'],
    [{ key: 'x{{ secret "dns/key" }}' }, 'key', 'never the key itself'],
    [{ to: '192.0.2.1', ttl: 3600 }, 'to', 'a change'],
    [{ from: [], to: [] }, 'to', 'a change'],
    [{ timeout: '2h' }, 'timeout', 'a duration'],
  ])('refuses %j', (more, key, expected) => {
    const result = read(more);
    const fault = result.ok ? null : result.faults.find(({ path }) => path[0] === key);
    expect(fault?.expected ?? 'no fault').toContain(expected);
  });

  it('takes templates of values wherever a text stands, and a wildcard as a name', () => {
    const templated = {
      server: '{{ candidate.nameserver }}',
      name: '{{ candidate.host }}',
      to: '{{ candidate.address }}',
    };
    expect(read(templated)).toMatchObject({ ok: true, spec: { to: ['{{ candidate.address }}'] } });
    expect(read({ name: '*.example.org' })).toMatchObject({ ok: true });
  });

  it('O34 C17 is taken back by the change backwards, which is taken back by the change', () => {
    const spec = specOf();
    const undo = dnsStepReader.undoSpec(spec)!;
    expect(undo).toMatchObject({ from: { values: ['192.0.2.2'], ttl: 60 }, to: ['192.0.2.1'], ttl: 3600 });
    expect(dnsStepReader.undoSpec(undo)).toEqual(spec);
  });

  it('cannot be taken back by itself where only the time to live changes and the old one is nowhere', () => {
    expect(dnsStepReader.undoSpec(specOf({ from: '192.0.2.1', to: '192.0.2.1' }))).toBeNull();
  });

  it('O34 names what it deletes as a deletion', () => {
    expect(dnsStepReader.listEffects(specOf({ to: [] }))).toEqual([
      {
        does: 'delete',
        target: 'dns www.example.org A',
        text: 'from 192.0.2.1 (ttl 3600) to nothing on ns1.example.org:5353, where the old records still stand',
      },
    ]);
  });
});
