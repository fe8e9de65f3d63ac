import type { ExpositionFormat } from './render-exposition.ts';

/**
 * Returns the format that a scraper likes better, by its `Accept` header (RFC 9110 section 12.5.1): OpenMetrics only for whoever asks for it in a version that we write, the
 * older text for everybody else.
 */
export function chooseFormat(accept: string): ExpositionFormat {
  const ranges = accept.split(',').map(readRange);
  const best = (isWanted: (range: Range) => boolean): number =>
    Math.max(0, ...ranges.filter(isWanted).map(({ quality }) => quality));
  const open = best(({ type, version }) => type === 'application/openmetrics-text' && isOurs(version));
  const text = best(({ type }) => type === 'text/plain');
  return open > 0 && open >= text ? 'openmetrics' : 'prometheus';
}

interface Range {
  type: string;
  version: string | null;
  quality: number;
}

/** 0.0.1 is the draft of 1.0.0, and reads it. */
function isOurs(version: string | null): boolean {
  return version === null || version === '1.0.0' || version === '0.0.1';
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const of = (name: string): string | null =>
    parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  const quality = Number(of('q') ?? 1);
  return { type, version: of('version')?.replaceAll('"', '') ?? null, quality: Number.isFinite(quality) ? quality : 0 };
}
