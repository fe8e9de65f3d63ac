import type { Outcome } from '@tminus/verify';

import type { ScopeItem } from './scope.ts';

/** How one item stands towards GO, apart from its undo, and what would put it right. */
export interface ScopeAssessment {
  outcome: Outcome;
  standing: 'met' | 'missing' | 'open';
  expected: string;
  got: string;
  remedy: { verb: 'classify' | 'close-or-defer' | 'complete-deferral'; text: string } | null;
  /** A launch-critical item that was put off: somebody has to approve the decision that shows it (F06). */
  needsApproval: boolean;
}

/** Judges one item: classified (F02), no critical one open, deferrals complete (F06), unsupported cases owned and told (F04). */
export function assessScopeItem(item: ScopeItem): ScopeAssessment {
  if (item.class === null) return block('missing', 'a class', 'none', ['classify', `classify "${item.title}"`]);
  const untold = missingOfUnsupported(item);
  if (untold.length > 0) {
    const text = `complete the unsupported case "${item.title}": ${untold.join(', ')}`;
    const expected = 'an owner and what users see of the unsupported case';
    return block('missing', expected, `no ${untold.join(', no ')}`, ['classify', text]);
  }
  if (item.state === 'deferred') return assessDeferral(item);
  if (item.class === 'critical' && item.state === 'open') {
    return block('open', 'closed, or deferred with an approval', 'open', [
      'close-or-defer',
      `close or defer "${item.title}"`,
    ]);
  }
  const told = item.class === 'unsupported' ? `, ${item.owner} owns it, users see: ${item.userSees}` : '';
  return met(`${item.class}, ${item.state}${told}`, false);
}

/** What users and operators are not told of an unsupported case; empty for every other item. */
function missingOfUnsupported(item: ScopeItem): ('owner' | 'text for users')[] {
  if (item.class !== 'unsupported') return [];
  const parts = [
    ['owner', item.owner],
    ['text for users', item.userSees],
  ] as const;
  return parts.filter(([, value]) => isBlank(value)).map(([name]) => name);
}

function assessDeferral(item: ScopeItem): ScopeAssessment {
  const { title, class: scopeClass, followUp, deferral } = item;
  const missing = missingOfDeferral(item);
  if (missing.length > 0) {
    const text = `complete the deferral of "${title}": ${missing.join(', ')}`;
    return block('missing', 'follow-up, owner and risk note', `no ${missing.join(', no ')}`, [
      'complete-deferral',
      text,
    ]);
  }
  const got = `${scopeClass}, deferred to ${followUp} by ${deferral?.owner}: ${deferral?.riskNote}`;
  return met(got, scopeClass === 'critical');
}

/** What a deferral lacks, in the order in which people fill it in; empty where it is complete. */
function missingOfDeferral({ followUp, deferral }: ScopeItem): ('follow-up' | 'owner' | 'risk note')[] {
  const parts = [
    ['follow-up', followUp],
    ['owner', deferral?.owner ?? null],
    ['risk note', deferral?.riskNote ?? null],
  ] as const;
  return parts.filter(([, value]) => isBlank(value)).map(([name]) => name);
}

function met(got: string, needsApproval: boolean): ScopeAssessment {
  return { outcome: 'pass', standing: 'met', expected: 'nothing that blocks', got, remedy: null, needsApproval };
}

function block(
  standing: 'missing' | 'open',
  expected: string,
  got: string,
  [verb, text]: [NonNullable<ScopeAssessment['remedy']>['verb'], string],
): ScopeAssessment {
  const outcome = standing === 'open' ? 'fail' : 'unknown';
  return { outcome, standing, expected, got, remedy: { verb, text }, needsApproval: false };
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === '';
}
