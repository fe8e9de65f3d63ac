import autocannon from 'autocannon';

/** How reads of one address went. */
export interface ApiReadSample {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Answers other than 2xx, errors and timeouts. */
  failed: number;
}

export interface ReadWish {
  url: string;
  headers: Record<string, string>;
  /** Requests offered in a second; null sends as many as are answered. */
  rate: number | null;
  seconds: number;
}

const connections = 20;

/** Reads one address from this process over some connections. Latencies count from when a request should have been sent, not from when there was time to. */
export async function measureReads({ url, headers, rate, seconds }: ReadWish): Promise<ApiReadSample> {
  const result = await autocannon({
    url,
    headers,
    connections,
    duration: seconds,
    ...(rate === null ? {} : { overallRate: rate }),
  });
  return {
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    maxMs: result.latency.max,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
