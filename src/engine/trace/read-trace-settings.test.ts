import { describe, expect, it } from 'vitest';

import { readTraceSettings } from './read-trace-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
const read = (env: Record<string, string>) => readTraceSettings(env, '1.0.0');

describe('where traces go', () => {
  it('T04 nowhere until somebody says so, and nowhere where they are switched off', () => {
    expect(read({})).toEqual({ state: 'off' });
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' })).toEqual({ state: 'off' });
    expect(read({ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' })).toEqual({ state: 'off' });
    expect(read({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toEqual({ state: 'off' });
  });

  it('T04 by the standard names: the endpoint of all signals gets a path, that of traces is taken as it is and wins', () => {
    const all = read({
      ...endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a%3Db, x-tenant = shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment=staging',
      OTEL_SERVICE_NAME: 'launch',
    });
    expect(all).toMatchObject({
      state: 'on',
      settings: {
        headers: { authorization: 'Bearer a=b', 'x-tenant': 'shop' },
        timeoutMs: 10_000,
        resource: { 'service.name': 'launch', 'service.version': '1.0.0', 'deployment.environment': 'staging' },
      },
    });
    expect(all.state === 'on' && all.settings.url.href).toBe('http://collector:4318/v1/traces');
    const own = read({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in' });
    expect(own.state === 'on' && own.settings.url.href).toBe('https://traces.example/in');
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
  ])('T04 %s=%s is told, by name', (name, value) => {
    expect(read({ ...endpoint, [name]: value })).toMatchObject({
      state: 'unusable',
      reason: expect.stringContaining(name),
    });
  });
});
