import { readSelectors, renderSelector } from '../../rollout/selector.ts';
import type { LabelMatcher, Selector } from '../../rollout/selector.ts';

/** Each condition on a label, and the one that holds where it does not. */
const opposite = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;

/** Returns the one counter that a text names, with the operator of its name; null where it names none, or several. */
export function readCounter(text: string | null): Selector | null {
  const read = text === null ? null : readSelectors(text);
  return read?.ok === true && read.selectors.length === 1 ? read.selectors[0]! : null;
}

/**
 * Returns the counter of what is not good: that of all events with the one condition turned round by which good ones are picked. Null where good events are
 * counted under another name, or picked by several conditions: what is left then is a difference, and no counter.
 */
export function toBad(total: Selector, good: Selector): string | null {
  if (total.name !== good.name) return null;
  const keys = new Set(total.matchers.map(keyOf));
  const more = good.matchers.filter((matcher) => !keys.has(keyOf(matcher)));
  const [picked] = more;
  if (picked === undefined || more.length > 1 || good.matchers.length !== total.matchers.length + 1) return null;
  return renderSelector({
    name: total.name,
    matchers: [...total.matchers, { ...picked, operator: opposite[picked.operator] }],
  });
}

function keyOf({ label, operator, value }: LabelMatcher): string {
  return JSON.stringify([label, operator, value]);
}
