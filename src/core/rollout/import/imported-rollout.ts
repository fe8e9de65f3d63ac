import type { ImportedField } from './field-ledger.ts';

/** A phase as the fence of a rollout writes it. */
export interface DraftPhase {
  weight: number;
  minTime?: string;
  maxTime?: string;
  bake?: string;
  note?: string;
}

/** A measure as the fence writes it; what could not be taken over is named among `open`. */
export interface DraftMeasure {
  source: string;
  title?: string;
  total?: string;
  bad?: string;
  buckets?: string;
  quantile?: number;
  gating?: boolean;
  cap?: string;
}

/** A rollout of another tool, as a draft of ours: nothing is made up, so that what is missing stays missing and reading it says so. */
export interface ImportedRollout {
  /** `argo-rollout`, `flagger-canary` ... */
  format: string;
  id: string;
  title: string;
  phases: DraftPhase[];
  interval: string | null;
  measures: { [id: string]: DraftMeasure };
  fields: ImportedField[];
  /** What a person has to write or to decide before it can be used, one sentence each. */
  open: string[];
}

/** Returns an id for a measure from what others call it. */
export function toMeasureId(name: string): string {
  return name.replaceAll(/[^\w.+-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'measure';
}

/** Returns measures by their ids. One that bears the name of another keeps its own place and is asked about: none is lost. */
export function toMeasures(
  measures: readonly (readonly [string, DraftMeasure])[],
  open: string[],
): { [id: string]: DraftMeasure } {
  const named = new Map<string, DraftMeasure>();
  for (const [id, measure] of measures) {
    let at = 1;
    while (named.has(at === 1 ? id : `${id}-${at}`)) at += 1;
    if (at > 1) open.push(`${id}-${at}: two are called ${id}; say which is meant`);
    named.set(at === 1 ? id : `${id}-${at}`, measure);
  }
  return Object.fromEntries(named);
}
