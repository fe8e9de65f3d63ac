import { markerKey } from '../../../core/dataset/redirects/redirect.ts';
import type { IdentityMarker } from '../../../core/dataset/redirects/redirect.ts';

/** What an answer brought that markers are looked for in. */
export interface SeenPage {
  headers: { readonly [name: string]: string | string[] | undefined };
  body: string;
}

const entities: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
};

/** Returns what stands where each marker is looked for, by `markerKey`; null where nothing does. */
export function readMarkers(markers: readonly IdentityMarker[], page: SeenPage): { [marker: string]: string | null } {
  return Object.fromEntries(markers.map((marker) => [markerKey(marker), readMarker(marker, page)]));
}

function readMarker({ by, at, equals }: IdentityMarker, { headers, body }: SeenPage): string | null {
  if (by === 'header') return [headers[at.toLowerCase()]].flat()[0] ?? null;
  if (by === 'json') return readField(body, at);
  if (by === 'text') return body.includes(equals) || decode(body).includes(equals) ? equals : null;
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  return title === undefined ? null : decode(title).replaceAll(/\s+/g, ' ').trim();
}

function readField(body: string, path: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as { [name: string]: unknown })[name];
  }
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null;
}

function decode(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|#39|#x27);/g, (_, name: string) => entities[name]!);
}
