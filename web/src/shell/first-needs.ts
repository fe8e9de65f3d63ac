/** What the page at an address needs before it can be drawn. */
export interface FirstNeeds {
  page: 'home' | 'launch' | 'gate' | 'runbook';
  /** Addresses of the API, as the page asks for them. */
  asks: string[];
  /** The launch whose gates are asked for once it has come: only it tells which there are. */
  gatesOf?: string;
}

/** One part of a path, as the address bar holds it. */
const part = '([^/]+)';
const patterns: readonly [RegExp, (environment: string, ...parts: string[]) => FirstNeeds][] = [
  [/^\/$/u, () => ({ page: 'home', asks: ['/api/home', '/api/launches'] })],
  [
    new RegExp(`^/launches/${part}$`, 'u'),
    (at, launch = '') => {
      const of = `/api/launches/${launch}`;
      return { page: 'launch', asks: [`${of}${at}`, `${of}/outlook${at}`, `${of}/checks${at}`], gatesOf: of };
    },
  ],
  [
    new RegExp(`^/launches/${part}/gates/${part}$`, 'u'),
    (at, launch = '', gate = '') => {
      const of = `/api/launches/${launch}`;
      return { page: 'gate', asks: [`${of}/gates/${gate}${at}`, `${of}${at}`, `${of}/checks${at}`] };
    },
  ],
  [
    new RegExp(`^/launches/${part}/runs/${part}$`, 'u'),
    (_, launch = '', run = '') => {
      const rehearsals = `/api/launches/${launch}/runs?limit=50&mode=rehearsal`;
      return { page: 'runbook', asks: [`/api/runs/${run}`, `/api/runs/${run}/forecast?samples=300`, rehearsals] };
    },
  ],
];

/** What the pages that people open first need, told from their address alone; null for the others, which ask when they are there. */
export function toFirstNeeds({ pathname, search }: { pathname: string; search: string }): FirstNeeds | null {
  const environment = new URLSearchParams(search).get('environment') ?? '';
  const at = environment === '' ? '' : `?${new URLSearchParams({ environment }).toString()}`;
  for (const [pattern, toNeeds] of patterns) {
    const found = pattern.exec(pathname);
    if (found === null) continue;
    const needs = toNeeds(at, ...found.slice(1));
    return { ...needs, asks: ['/api/me', ...needs.asks] };
  }
  return null;
}
