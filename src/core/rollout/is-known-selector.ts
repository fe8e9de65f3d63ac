import type { Labels, Selector } from './selector.ts';

/**
 * Returns whether what a selector picks is known to be counted, though it may have found nothing yet: its name was met, and every label that it is picked
 * by exists there. A mistyped name or label finds nothing either, and would look like no errors.
 */
export function isKnownSelector(selector: Selector, met: readonly { name: string; labels: Labels }[]): boolean {
  const known = met.filter(({ name }) => name === selector.name);
  return (
    known.length > 0 && selector.matchers.every(({ label }) => known.some(({ labels }) => Object.hasOwn(labels, label)))
  );
}
