import type { Finding } from '../../src/spec/lint/finding.ts';
import type { LintedDocument } from '../../src/spec/lint/lint-documents.ts';
import { printOffset } from '../../src/spec/lint/understand/offsets.ts';
import type { Noted } from '../../src/spec/lint/understand/understanding.ts';

/** What the golden of a seed holds: counts, codes, places and our own words, none of the seed's. */
export interface Golden {
  understood: { [what: string]: unknown };
  findings: string[];
}

/** Returns what was understood and found, without the words of the document. */
export function summarize({ understanding, findings }: LintedDocument): Golden {
  const { phases, criteria, metrics, decisions, options, scenarios, ...rest } = understanding;
  const lines = (noted: readonly Noted[]): number[] => noted.map((entry) => entry.line);
  const lists = Object.entries(rest).flatMap(([name, value]) => (Array.isArray(value) ? [[name, lines(value)]] : []));
  return {
    understood: {
      kind: understanding.kind,
      template: understanding.template,
      status: understanding.status === null ? null : understanding.status.line,
      links: understanding.links,
      images: understanding.images,
      phases: phases.map(
        (phase) => `${phase.line} ${phase.offsetMs === null ? 'no offset' : printOffset(phase.offsetMs)}`,
      ),
      criteria: criteria.map((criterion) => `${criterion.line} ${criterion.box}${criterion.human ? ' human' : ''}`),
      metrics: metrics.map((metric) => `${metric.line} ${metric.alert === null ? 'target' : 'target and alert'}`),
      decisions: decisions.map((decision) => `${decision.line} ${decision.decision}`),
      options: options.map((option) => `${option.line}${option.recommended ? ' recommended' : ''}`),
      scenarios: scenarios.map(
        (scenario) =>
          `${scenario.line} ${[scenario.given, scenario.when, scenario.outcome].every(Boolean) ? 'complete' : 'incomplete'}`,
      ),
      ...Object.fromEntries(lists),
    },
    findings: findings.map(printPlace),
  };
}

function printPlace({ severity, code, line, column, related }: Finding): string {
  const more = related.length === 0 ? '' : ` also ${related.map((place) => place.line).join(' ')}`;
  return `${severity} ${code} ${line}:${column}${more}`;
}
