import type { Launch } from '../launch/launch.ts';
import type { ScopeItem } from './scope.ts';

/** Why a launch cannot be accepted yet, for one item of its scope. */
export interface AcceptanceFault {
  id: string;
  title: string;
  /** `end`: a critical item is neither closed nor deferred. */
  lacks: 'class' | 'end' | 'link';
  /** What to do about it. */
  text: string;
  at: ScopeItem['at'];
}

/** What refuses the acceptance of a launch (D07): an unclassified item, an open critical one, or one that is left without a link. Empty: accepted. */
export function acceptanceFaults({ scope }: Pick<Launch, 'scope'>): AcceptanceFault[] {
  return scope
    .flatMap((item) => {
      const fault = faultOf(item);
      return fault === null ? [] : [{ id: item.id, title: item.title, ...fault, at: item.at }];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function faultOf({
  title,
  class: scopeClass,
  state,
  followUp,
}: ScopeItem): Pick<AcceptanceFault, 'lacks' | 'text'> | null {
  if (scopeClass === null) return { lacks: 'class', text: `classify "${title}"` };
  if (state === 'closed') return null;
  if (scopeClass === 'critical' && state === 'open') return { lacks: 'end', text: `close or defer "${title}"` };
  const isLinked = followUp !== null && followUp.trim() !== '';
  return isLinked ? null : { lacks: 'link', text: `link "${title}" to the issue that tracks it` };
}
