import type { Risk } from './risk.ts';

type RiskLevel = 'critical' | 'high' | 'medium' | 'low';

/** What the two figures of a risk come to; all null where either is missing or no whole number from 1 to 5. */
export type RiskAssessment =
  | { score: number; level: RiskLevel; escalated: boolean }
  | { score: null; level: null; escalated: null };

/** From this score on, somebody above the team has to know. */
const escalatedFrom = 15;

/** Score = likelihood x impact; critical 20-25, high 12-19, medium 6-11, low 1-5; escalated from 15 (T30). A missing figure is unknown, not low. */
export function assessRisk({ likelihood, impact }: Pick<Risk, 'likelihood' | 'impact'>): RiskAssessment {
  if (!isRating(likelihood) || !isRating(impact)) return { score: null, level: null, escalated: null };
  const score = likelihood * impact;
  return { score, level: levelOf(score), escalated: score >= escalatedFrom };
}

function isRating(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 5;
}

function levelOf(score: number): RiskLevel {
  if (score >= 20) return 'critical';
  if (score >= 12) return 'high';
  return score >= 6 ? 'medium' : 'low';
}
