import { identifyFindings } from '../identify-findings.ts';
import type { IdentifiedFinding } from '../identify-findings.ts';
import type { LintResult, LintTotals } from '../lint-documents.ts';
import type { Understanding } from '../understand/understanding.ts';

/** The result in the form that `--json` prints. */
export interface LintReport {
  format: 'tminus/lint/1';
  totals: LintTotals;
  documents: { path: string; understanding: Understanding; findings: IdentifiedFinding[] }[];
}

/** Returns the result as a report with a format name, so that whoever reads it knows what it is. */
export function toLintReport({ documents, totals }: LintResult): LintReport {
  return {
    format: 'tminus/lint/1',
    totals,
    documents: documents.map((document) => ({ ...document, findings: identifyFindings(document.findings) })),
  };
}
