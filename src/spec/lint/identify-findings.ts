import { sha256Hex } from '@tminus/verify';

import type { Finding } from './finding.ts';

/** A finding that can be told from others, and found again in a later run. */
export interface IdentifiedFinding extends Finding {
  /** 16 hex digits. */
  id: string;
}

/**
 * Returns findings with ids, by code, file, what was expected and got, and which of equal ones each is. Lines do not count, so that a finding keeps its id when text is put before it
 * (SARIF 2.1.0, section 3.27.17).
 */
export function identifyFindings(findings: readonly Finding[]): IdentifiedFinding[] {
  const met = new Map<string, number>();
  return findings.map((finding) => {
    const { code, file, expected, got } = finding;
    const about = JSON.stringify([code, file, expected, got]);
    const nth = (met.get(about) ?? 0) + 1;
    met.set(about, nth);
    return { ...finding, id: sha256Hex(`tminus finding ${nth} ${about}`).slice(0, 16) };
  });
}
