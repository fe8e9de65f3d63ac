import { ownJob } from './own-metrics.ts';

/** Where an installation is scraped. */
export interface ScrapeTarget {
  /** `host:port` of the cockpit. */
  address: string;
  scheme: 'http' | 'https';
  /** File with the API token; null where Prometheus runs beside a server that only this machine reaches. */
  tokenFile: string | null;
}

/** Returns the part of a configuration of Prometheus that scrapes an installation once a minute. */
export function toScrapeConfig({ address, scheme, tokenFile }: ScrapeTarget): object {
  return {
    job_name: ownJob,
    scrape_interval: '1m',
    scheme,
    ...(tokenFile !== null && { authorization: { type: 'Bearer', credentials_file: tokenFile } }),
    static_configs: [{ targets: [address] }],
  };
}
