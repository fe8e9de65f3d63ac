import type { ImportedField } from '../../rollout/import/field-ledger.ts';

/** An objective as the front matter writes it. What the other document does not say is missing here, too, and reading it says so. */
export interface DraftObjective {
  id: string;
  title: string;
  total?: string;
  bad?: string;
  good?: string;
  goal?: string;
  window?: string;
}

/** A criterion with a check, as a gate holds it: an alert that must not fire. */
export interface DraftAlertCheck {
  id: string;
  title: string;
  query: string;
  expect: string[];
}

/** What one document of another tool says of how good a service has to be, as drafts of ours, with the fate of every field. */
export interface ImportedObjectives {
  /** `openslo`, `sloth`, `prometheus-rules`. */
  format: string;
  /** What the document is about. */
  id: string;
  objectives: DraftObjective[];
  checks: DraftAlertCheck[];
  fields: ImportedField[];
  /** What a person has to write or to decide before it can be used, one sentence each. */
  open: string[];
}

/** Why a field is left behind that no importer speaks of. */
export const nothingLikeIt = 'an objective has nothing like it';
