import type { Dataset } from './dataset.ts';

/** Returns a dataset of the table `t` on both sides, by its names of columns, with what a test says otherwise. */
export function datasetOf(over: Partial<Dataset> = {}): Dataset {
  const id = over.id ?? 'people';
  return {
    id,
    title: id,
    source: { on: 'legacy', table: 't' },
    target: { on: 'shop', table: 't' },
    key: ['id'],
    map: [],
    omit: [],
    skip: [],
    targetWhere: [],
    partial: null,
    tolerances: [],
    personal: [],
    redact: [],
    residency: null,
    retentionMs: null,
    rules: [],
    fixes: [],
    fixPolicy: null,
    at: { file: 'launch.md', line: 1, column: 1 },
    ...over,
  };
}
