declare module 'autocannon' {
  /** The part of its report that is used here. */
  interface Report {
    requests: { average: number };
    latency: { p50: number; p99: number; max: number };
    non2xx: number;
    errors: number;
    timeouts: number;
  }

  interface Wish {
    url: string;
    headers?: Record<string, string>;
    connections: number;
    duration: number;
    overallRate?: number;
  }

  export default function autocannon(wish: Wish): Promise<Report>;
}
