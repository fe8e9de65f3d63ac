import type { ResourceAttributes } from '../../core/trace/to-otlp.ts';

/** Where traces go. */
export interface TraceSettings {
  url: URL;
  headers: { [name: string]: string };
  timeoutMs: number;
  resource: ResourceAttributes;
}

/** Settings; `off` where nobody asked for traces; `unusable` where somebody did, in a way that is not known here. */
export type TraceWish =
  | { state: 'on'; settings: TraceSettings }
  | { state: 'off' }
  | { state: 'unusable'; reason: string };

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the variables of OpenTelemetry (SDK configuration and OTLP exporter specification 1.x). Never throws: a run does not fail for a trace. */
export function readTraceSettings(env: Env, version: string): TraceWish {
  const of = (name: string): string | null => env[name]?.trim() || null;
  const ofTraces = (name: string): string | null =>
    of(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? of(`OTEL_EXPORTER_OTLP_${name}`);
  const endpoint = toEndpoint(of('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'), of('OTEL_EXPORTER_OTLP_ENDPOINT'));
  const exporter = of('OTEL_TRACES_EXPORTER') ?? 'otlp';
  if (endpoint === null || of('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || exporter === 'none')
    return { state: 'off' };
  if (exporter !== 'otlp') return unusable('OTEL_TRACES_EXPORTER', 'otlp or none', exporter);
  const protocol = ofTraces('PROTOCOL') ?? 'http/json';
  if (!protocol.startsWith('http/')) return unusable('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json', protocol);
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/u.test(url.protocol))
    return unusable('OTEL_EXPORTER_OTLP_ENDPOINT', 'an http or https URL', 'another text');
  const timeoutMs = Number(ofTraces('TIMEOUT') ?? 10_000);
  if (!(timeoutMs >= 1 && timeoutMs <= 60_000))
    return unusable('OTEL_EXPORTER_OTLP_TIMEOUT', 'milliseconds up to 60000', String(timeoutMs));
  const resource = {
    ...readPairs(of('OTEL_RESOURCE_ATTRIBUTES') ?? ''),
    'service.name':
      of('OTEL_SERVICE_NAME') ?? readPairs(of('OTEL_RESOURCE_ATTRIBUTES') ?? '')['service.name'] ?? 'tminus',
    'service.version': version,
  };
  return { state: 'on', settings: { url, headers: readPairs(ofTraces('HEADERS') ?? ''), timeoutMs, resource } };
}

/** The endpoint of traces is taken as it is; that of all signals gets the path of traces behind its own. */
function toEndpoint(ofTraces: string | null, ofAll: string | null): string | null {
  return ofTraces ?? (ofAll === null ? null : `${ofAll.replace(/\/+$/u, '')}/v1/traces`);
}

function unusable(name: string, expected: string, got: string): TraceWish {
  return { state: 'unusable', reason: `${name}: expected ${expected}, got ${got}; no traces are sent` };
}

/** `key=value` pairs with commas between them, values percent-encoded (W3C Baggage, section 3.2.1). */
function readPairs(text: string): { [name: string]: string } {
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const [name = '', value] = pair.split(/=(.*)/su, 2).map((part) => part.trim());
    return name === '' || value === undefined ? [] : [[name, decode(value)]];
  });
  return Object.fromEntries(pairs);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
