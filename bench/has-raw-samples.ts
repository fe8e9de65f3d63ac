/** Whether a list of raw samples stands anywhere in a report, under a key that says so: figures without them cannot be worked out again. */
export function hasRawSamples(value: unknown, name = ''): boolean {
  if (Array.isArray(value)) return isSamples(name) && value.length > 0;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => hasRawSamples(inner, isSamples(name) ? name : key));
}

function isSamples(name: string): boolean {
  return name.toLowerCase().includes('samples');
}
