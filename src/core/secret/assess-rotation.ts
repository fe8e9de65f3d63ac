import { clockSkewMs, toInstantMs } from '../gate/instant.ts';

/** How often a secret has to change: days for those that machines hold, calendar months for those that are changed by hand (C26). */
export type Cadence = { days: number } | { months: number };

/** A secret as far as its age goes. */
export interface RotationRecord {
  secret: string;
  /** RFC 3339; when the value in use was made. Null where nobody knows. */
  rotatedAt: string | null;
  /** Null for the standard of 90 days. */
  cadence: Cadence | null;
}

/** Where a secret stands. What cannot be told is `unknown`, and unknown is never current. */
export interface RotationAssessment {
  secret: string;
  state: 'current' | 'due-soon' | 'overdue' | 'unknown';
  /** Whole days since it was made; null where unknown. */
  ageDays: number | null;
  warnAt: string | null;
  dueAt: string | null;
}

export const standardCadence: Cadence = { days: 90 };
const dayMs = 86_400_000;
/** The warning comes after eight ninths of the time: 80 of 90 days (T23). */
const warnShare = 8 / 9;

/** Judges the age of a secret: due soon from eight ninths of its cadence on, overdue from the moment the cadence is over. */
export function assessRotation({ secret, rotatedAt, cadence }: RotationRecord, nowMs: number): RotationAssessment {
  const madeMs = rotatedAt === null ? null : toInstantMs(rotatedAt);
  const dueMs = madeMs === null ? null : dueAfter(madeMs, cadence ?? standardCadence);
  if (madeMs === null || dueMs === null || madeMs > nowMs + clockSkewMs) {
    return { secret, state: 'unknown', ageDays: null, warnAt: null, dueAt: null };
  }
  const warnMs = madeMs + Math.round((dueMs - madeMs) * warnShare);
  return {
    secret,
    state: nowMs >= dueMs ? 'overdue' : nowMs >= warnMs ? 'due-soon' : 'current',
    ageDays: Math.max(0, Math.floor((nowMs - madeMs) / dayMs)),
    warnAt: new Date(warnMs).toISOString(),
    dueAt: new Date(dueMs).toISOString(),
  };
}

/** Null for a cadence that is none: zero, a fraction, or longer than ten years. */
function dueAfter(madeMs: number, cadence: Cadence): number | null {
  const amount = 'days' in cadence ? cadence.days : cadence.months;
  const max = 'days' in cadence ? 3660 : 120;
  if (!Number.isInteger(amount) || amount < 1 || amount > max) return null;
  return 'days' in cadence ? madeMs + amount * dayMs : afterMonths(madeMs, amount);
}

/** The same day of a later month, in UTC; the last day where that month is shorter. */
function afterMonths(ms: number, months: number): number {
  const date = new Date(ms);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** An entry of the inventory of secrets (C26). */
export interface InventoryEntry extends RotationRecord {
  /** How a new value is made. */
  generate: string;
  /** What stops working when it is wrong or leaked. */
  impact: string;
  /** How old and new value hold side by side while it is changed; null where that cannot be. */
  dualKey: string | null;
}

/** What is to be said about an inventory: a secret that is overdue, soon due or of unknown age, not described, or listed twice. */
export interface InventoryFinding {
  secret: string;
  rule:
    | 'secret-overdue'
    | 'secret-due-soon'
    | 'secret-age-unknown'
    | 'secret-not-described'
    | 'secret-twice'
    | 'secret-not-listed';
  message: string;
}

/** Everything wrong with the inventory of these declared secrets, in the order of their names. */
export function assessInventory(
  entries: readonly InventoryEntry[],
  declared: readonly string[],
  nowMs: number,
): InventoryFinding[] {
  const missing = declared
    .filter((id) => !entries.some(({ secret }) => secret === id))
    .map((secret) => finding(secret, 'secret-not-listed', 'is declared and not in the inventory'));
  const found = entries.flatMap((entry, index) => [
    ...ageFindings(assessRotation(entry, nowMs)),
    ...(entry.generate.trim() === '' || entry.impact.trim() === ''
      ? [finding(entry.secret, 'secret-not-described', 'does not say how it is made and what it affects')]
      : []),
    ...(entries.findIndex(({ secret }) => secret === entry.secret) < index
      ? [finding(entry.secret, 'secret-twice', 'stands in the inventory twice')]
      : []),
  ]);
  return [...missing, ...found].toSorted((a, b) => (a.secret < b.secret ? -1 : a.secret > b.secret ? 1 : 0));
}

function ageFindings({ secret, state, ageDays, dueAt }: RotationAssessment): InventoryFinding[] {
  if (state === 'current') return [];
  if (state === 'unknown') return [finding(secret, 'secret-age-unknown', 'was made nobody knows when')];
  const rule = state === 'overdue' ? 'secret-overdue' : 'secret-due-soon';
  return [finding(secret, rule, `is ${ageDays} days old and due at ${dueAt}`)];
}

function finding(secret: string, rule: InventoryFinding['rule'], says: string): InventoryFinding {
  return { secret, rule, message: `secret ${secret} ${says}` };
}
