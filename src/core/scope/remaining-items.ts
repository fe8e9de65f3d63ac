import type { Launch } from '../launch/launch.ts';
import type { ScopeItem } from './scope.ts';

/** What an item that is not closed means for the launch (D07). */
type Remainder = 'blocker' | 'follow-up' | 'deferred' | 'unclassified';

export interface RemainingItem {
  id: string;
  title: string;
  remainder: Remainder;
  /** Where it is tracked; null where the document does not say. */
  link: string | null;
  owner: string | null;
  at: ScopeItem['at'];
}

/** Every item that is not closed: a blocker, a follow-up for after the launch, or put off on purpose, with its link. */
export function remainingItems({ scope }: Pick<Launch, 'scope'>): RemainingItem[] {
  return scope
    .filter(({ state }) => state !== 'closed')
    .map((item) => ({
      id: item.id,
      title: item.title,
      remainder: remainderOf(item),
      link: item.followUp?.trim() || null,
      owner: item.owner ?? item.deferral?.owner ?? null,
      at: item.at,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function remainderOf(item: ScopeItem): Remainder {
  if (item.class === null) return 'unclassified';
  if (item.state === 'deferred') return 'deferred';
  return item.class === 'critical' ? 'blocker' : 'follow-up';
}
