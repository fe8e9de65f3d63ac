import type { Finding, Severity } from '../finding.ts';
import { identifyFindings } from '../identify-findings.ts';
import type { IdentifiedFinding } from '../identify-findings.ts';
import type { LintResult } from '../lint-documents.ts';
import { launchRules } from '../launch-gaps.ts';
import { readingRules } from '../reading-rules.ts';
import { rules } from '../rules/rules.ts';

interface SarifLocation {
  physicalLocation: {
    artifactLocation: { uri: string; uriBaseId: 'SRCROOT' };
    region: { startLine: number; startColumn: number };
  };
  message?: { text: string };
}

interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: 'error' | 'warning' | 'note';
  message: { text: string };
  locations: SarifLocation[];
  partialFingerprints: { 'tminus/v1': string };
  relatedLocations?: (SarifLocation & { id: number })[];
}

interface SarifRule {
  id: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  defaultConfiguration: { level: SarifResult['level'] };
}

/** A log of one run. */
export interface SarifLog {
  $schema: string;
  version: '2.1.0';
  runs: {
    tool: { driver: { name: string; rules: SarifRule[] } };
    columnKind: 'utf16CodeUnits';
    results: SarifResult[];
  }[];
}

const levels: { [severity in Severity]: SarifResult['level'] } = {
  blocking: 'error',
  warning: 'warning',
  info: 'note',
};

/** Returns the findings as SARIF 2.1.0 (OASIS, section 3), so that code hosts show them beside the line. */
export function toSarif(result: LintResult): SarifLog {
  const findings = identifyFindings(result.documents.flatMap((document) => document.findings));
  const described = describeRules(findings);
  const index = new Map(described.map((rule, position) => [rule.id, position]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'tminus', rules: described } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => toResult(finding, index.get(finding.code) ?? -1)),
      },
    ],
  };
}

/** Codes that are no lint rule are problems of a launch declaration. */
function describeRules(findings: readonly Finding[]): SarifRule[] {
  const known = [...rules, ...readingRules, ...launchRules].map((rule): SarifRule => ({
    id: rule.code,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    defaultConfiguration: { level: levels[rule.severity] },
  }));
  const ids = new Set(known.map((rule) => rule.id));
  const others = [...new Set(findings.map((finding) => finding.code))].filter((code) => !ids.has(code)).toSorted();
  const text = 'A launch declaration cannot be read.';
  return [
    ...known,
    ...others.map((id): SarifRule => ({
      id,
      shortDescription: { text },
      fullDescription: { text },
      defaultConfiguration: { level: 'error' },
    })),
  ];
}

function toResult(finding: IdentifiedFinding, ruleIndex: number): SarifResult {
  const related = finding.related.map((place, id) => ({
    id,
    ...locate(place.file, place.line, place.column),
    message: { text: place.note === '' ? 'see here' : place.note },
  }));
  return {
    ruleId: finding.code,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: `${finding.message} - expected ${finding.expected}, got ${finding.got}; ${finding.hint}` },
    locations: [locate(finding.file, finding.line, finding.column)],
    partialFingerprints: { 'tminus/v1': finding.id },
    ...(related.length === 0 ? {} : { relatedLocations: related }),
  };
}

function locate(file: string, line: number, column: number): SarifLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: 'SRCROOT' },
      region: { startLine: line, startColumn: column },
    },
  };
}
