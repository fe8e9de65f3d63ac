import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';

const looks: { readonly [outcome: string]: StatusName } = {
  refused: 'error',
  allowed: 'met',
  exception: 'warning',
  pass: 'pass',
  fail: 'fail',
  failed: 'failed',
  unknown: 'unknown',
  go: 'go',
  'go-with-conditions': 'goWithConditions',
  'no-go': 'noGo',
};

/** Words of answers about rights, which the states of the kit have no word for. */
const answers = new Set(['refused', 'allowed', 'exception']);

/** How it came out; the words of runs, which are moves of theirs, are shown as words. */
export function AuditOutcome({ outcome }: { outcome: string | null }) {
  if (outcome === null) return null;
  const look = looks[outcome];
  if (look === undefined) return <span>{outcome.replaceAll('_', ' ')}</span>;
  return answers.has(outcome) ? <Status of={look}>{outcome}</Status> : <Status of={look} />;
}
