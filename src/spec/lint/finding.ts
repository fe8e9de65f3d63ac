export type Severity = 'blocking' | 'warning' | 'info';

/** Another place that a finding rests on, with what stands there. */
export interface RelatedPlace {
  file: string;
  line: number;
  column: number;
  note: string;
}

/** One thing that lint saw in a document. Lines and columns count from 1 in the file as it stands on disk. */
export interface Finding {
  code: string;
  severity: Severity;
  message: string;
  file: string;
  line: number;
  column: number;
  expected: string;
  got: string;
  hint: string;
  related: RelatedPlace[];
}
