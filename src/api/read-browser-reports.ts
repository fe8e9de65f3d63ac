import type { JsonObject } from '@tminus/verify';

import type { NewBrowserReport } from '../store/browser-report.ts';

/** Reports of one request that are read at most, and characters that are kept of a field: anybody may send anything. */
const maxReports = 20;
const maxText = 500;
const kept = [
  'blockedURL',
  'blocked-uri',
  'effectiveDirective',
  'effective-directive',
  'violated-directive',
  'sourceFile',
  'source-file',
  'lineNumber',
  'line-number',
  'sample',
  'script-sample',
  'disposition',
] as const;

/** Reports in either form that browsers send: `report-uri` (CSP level 3 section 5.3) or the Reporting API. What is neither is nothing. */
export function readReports(body: unknown): NewBrowserReport[] {
  const all = Array.isArray(body) ? body.slice(0, maxReports) : [body];
  return all.flatMap((one) => {
    if (typeof one !== 'object' || one === null) return [];
    const { type, body: inner, url, 'csp-report': old } = one as { [key: string]: unknown };
    const detail = (old ?? inner) as { [key: string]: unknown } | undefined;
    if (typeof detail !== 'object' || detail === null) return [];
    const page = [url, detail['documentURL'], detail['document-uri']].find(
      (each): each is string => typeof each === 'string',
    );
    return [
      {
        kind: typeof type === 'string' ? short(type) : 'csp-violation',
        page: toPath(page ?? ''),
        detail: pick(detail),
      },
    ];
  });
}

function pick(detail: { [key: string]: unknown }): JsonObject {
  const picked: JsonObject = {};
  for (const name of kept) {
    const value = detail[name];
    if (typeof value === 'string') picked[name] = short(value);
    if (typeof value === 'number') picked[name] = value;
  }
  return picked;
}

/** Addresses may hold what must not be kept: only the path is. */
function toPath(url: string): string {
  try {
    return short(new URL(url).pathname);
  } catch {
    return '';
  }
}

function short(text: string): string {
  return text.slice(0, maxText);
}
