import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { Bucketing, OpenDatastore } from '../../../core/dataset/datastore-kind.ts';
import { chooseStrategy } from '../../../core/dataset/reconcile/choose-strategy.ts';
import type { Strategy, StrategyChoice } from '../../../core/dataset/reconcile/choose-strategy.ts';
import { describePartial } from '../../../core/dataset/reconcile/describe-partial.ts';
import type { RowDifference } from '../../../core/dataset/reconcile/difference.ts';
import { planBuckets } from '../../../core/dataset/reconcile/plan-buckets.ts';
import { describeSystematic, keptRows } from '../../../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../../core/dataset/reconcile/reconcile-report.ts';
import { bucketsBefore } from './buckets-before.ts';
import { calibrate, isUnhashable } from './calibrate.ts';
import type { Calibration } from './calibrate.ts';
import { compareByBuckets } from './compare-by-buckets.ts';
import type { BucketOutcome, Hashing } from './compare-by-buckets.ts';
import { compareByStream } from './compare-by-stream.ts';
import type { ComparedCounts, Comparison, ComparisonSink } from './comparison.ts';
import { emptyReport } from './empty-report.ts';
import { isSameColumns, isSameServer } from './is-same-side.ts';
import { isUnique } from './is-unique.ts';
import { lookAgain } from './look-again.ts';
import { measureSpeed } from './measure-speed.ts';
import { openComparison } from './open-comparison.ts';
import { openComparisonTally } from './open-comparison-tally.ts';
import { toBucketDigests } from './to-bucket-digests.ts';

/** How a comparison is to go. */
export interface CompareOptions {
  strategy: Strategy | 'auto';
  /** Goes on where a systematic difference was named from the sample. */
  full: boolean;
  sampleSize: number;
  seed: number;
  /** Differences of each cause that are shown. */
  samples: number;
  /** Pauses before each further look at what differs, milliseconds; empty for none. */
  rechecks: readonly number[];
  /** The report of the run before, for what changed since; null for none. */
  previous: ReconcileReport | null;
}

/** A report, with the rows that differ as far as they are kept: never shown, only repaired. */
export interface DatasetComparison {
  report: ReconcileReport;
  rows: RowDifference[];
  /** True where more rows differ than are kept. */
  cut: boolean;
}

export interface CompareScene {
  open: OpenDatastore;
  now(): number;
  signal: AbortSignal;
  progress(rows: number, total: number | null, text: string): void;
}

/** Compares a dataset on both sides as its documents declare it. Trouble of a datastore is thrown; doubt about the comparison stands in the report. */
export async function compareDataset(
  dataset: Dataset,
  options: CompareOptions,
  scene: CompareScene,
): Promise<DatasetComparison> {
  const startedAt = new Date(scene.now()).toISOString();
  const comparison = await openComparison(dataset, scene.open, { seed: options.seed, signal: scene.signal });
  try {
    const work = new Work(comparison, options, scene);
    await work.run();
    return work.toResult(startedAt);
  } finally {
    await Promise.all([comparison.source.session.close(), comparison.target.session.close()]);
  }
}

/** The state of one comparison, from the sample to the report. */
class Work {
  readonly #comparison: Comparison;
  readonly #options: CompareOptions;
  readonly #scene: CompareScene;
  #sink: ComparisonSink;
  readonly #report: ReconcileReport;
  #rows: RowDifference[] = [];
  #cut = false;

  constructor(comparison: Comparison, options: CompareOptions, scene: CompareScene) {
    this.#comparison = comparison;
    this.#options = options;
    this.#scene = scene;
    this.#report = emptyReport(comparison);
    this.#sink = this.#openSink();
  }

  async run(): Promise<void> {
    if (this.#report.notes.some(({ blocks }) => blocks)) return;
    // Before anything is counted, which reads both sides to their end: one cause of everything is named at once.
    const calibration = await this.#calibrate();
    await this.#count();
    if (calibration.systematic.length > 0 && !this.#options.full) {
      this.#report.strategy = 'sample';
      return this.#note('stopped', 'a column differs systematically; a full comparison was not asked for');
    }
    await this.#compare(calibration);
    await this.#lookAgain();
  }

  toResult(startedAt: string): DatasetComparison {
    const report = this.#report;
    const { skipped, tolerated } = this.#comparison;
    report.startedAt = startedAt;
    report.endedAt = new Date(this.#scene.now()).toISOString();
    report.counts.skipped = Object.fromEntries(skipped);
    report.tolerated = Object.fromEntries(tolerated);
    return { report, rows: this.#rows, cut: this.#cut };
  }

  #openSink(): ComparisonSink {
    const progress = (rows: number): void => this.#scene.progress(rows, this.#report.counts.target, 'rows compared');
    return { ...openComparisonTally(this.#comparison, this.#options.samples), progress };
  }

  async #count(): Promise<void> {
    const { source, target } = this.#comparison;
    const [sourceRows, targetRows] = await Promise.all(
      [source, target].map(({ session, query }) => session.count(query)),
    );
    this.#report.counts = { ...this.#report.counts, source: sourceRows ?? 0, target: targetRows ?? 0 };
    this.#note('counted both sides', `${sourceRows} records, ${targetRows} rows`);
  }

  async #calibrate(): Promise<Calibration> {
    const { sampleSize: size, full } = this.#options;
    const calibration = await calibrate(this.#comparison, { size, form: this.#formToTry(), full });
    this.#report.systematic = calibration.systematic;
    const { sampled, paired, systematic, hashesAgree } = calibration;
    this.#note('compared a sample', `${sampled} records, ${paired} of them on both sides`);
    for (const one of systematic) this.#scene.progress(0, null, describeSystematic(one));
    if (hashesAgree !== null)
      this.#note('tried the hashes of the engines on it', hashesAgree ? 'they agree' : 'they disagree');
    return calibration;
  }

  #formToTry(): 'native' | 'portable' | null {
    const { source, target } = this.#comparison;
    if (isSameServer(this.#comparison) && isSameColumns(this.#comparison)) return 'native';
    const able = [source, target].every(({ session }) => session.abilities.hashes.includes('portable'));
    return able ? 'portable' : null;
  }

  async #choose({ hashesAgree, unhashable }: Calibration): Promise<StrategyChoice> {
    const { source, target, mapRow, keyLength } = this.#comparison;
    const facts = {
      source: source.session.abilities,
      target: target.session.abilities,
      sameServer: isSameServer(this.#comparison),
      sameColumns: isSameColumns(this.#comparison),
      transforms: mapRow !== null,
      disagreeing: hashesAgree === false ? ['rows of the sample'] : [],
      unhashable,
      hasKey: keyLength > 0,
      hasUniqueKey: [source, target].every((side) => isUnique(side)),
      megabitsPerSecond: null,
      rows: this.#report.counts.target,
    };
    const first = chooseStrategy(facts, this.#options.strategy);
    if (first.strategy !== 'bucket' || this.#options.strategy !== 'auto') return first;
    return chooseStrategy({ ...facts, megabitsPerSecond: await measureSpeed(this.#comparison) }, 'auto');
  }

  async #compare(calibration: Calibration): Promise<void> {
    const { strategy, reason } = await this.#choose(calibration);
    this.#note(`chose ${strategy}`, reason);
    if (strategy === 'stream') return this.#stream();
    const { columns, keyLength } = this.#comparison;
    this.#report.strategy = strategy;
    const before = bucketsBefore(this.#options.previous, this.#report);
    const bucketing = planBuckets(this.#report.counts.target, columns.slice(0, keyLength), {
      sample: calibration.keys,
      anchors: before?.bounds.map(BigInt) ?? [],
    });
    const form = strategy === 'native' ? 'native' : 'portable';
    const outcome = await this.#hash({ form, bucketing, proven: calibration.hashesAgree === true });
    if (outcome === null) return this.#stream();
    if (outcome.abandoned !== null) {
      this.#note('changed to stream', outcome.abandoned);
      return this.#stream();
    }
    if (outcome.falseAlarms > 0)
      this.#note('looked at rows whose hashes differ', `${outcome.falseAlarms} were the same after all`);
    this.#take(strategy, outcome.counts);
    this.#report.buckets = toBucketDigests(bucketing, outcome.sides, before);
    this.#note('looked into what differs', `${countBuckets(bucketing)} buckets a side`);
  }

  /** Null where a side cannot after all: what the sample could not try shows here. */
  async #hash(hashing: Hashing): Promise<BucketOutcome | null> {
    try {
      return await compareByBuckets(this.#comparison, this.#sink, hashing);
    } catch (error) {
      if (!isUnhashable(error)) throw error;
      this.#note('changed to stream', error.message);
      return null;
    }
  }

  async #stream(): Promise<void> {
    // What hashes led to before they were given up would stand there twice.
    this.#sink = this.#openSink();
    this.#comparison.tolerated.clear();
    this.#take('stream', await compareByStream(this.#comparison, this.#sink));
  }

  #take(strategy: Strategy, { source, target, compared, sourceBytes, targetBytes }: ComparedCounts): void {
    const { counts } = this.#report;
    this.#report.inconclusive = describePartial(counts, { source, target });
    this.#report.strategy = strategy;
    this.#report.bytes = { source: sourceBytes, target: targetBytes };
    this.#report.counts = { ...counts, source, target, compared };
    const { missing, extra, changed, groups, rows, cut } = this.#sink.read();
    this.#report.differences = { missing, extra, changed, groups };
    [this.#rows, this.#cut] = [rows, cut];
  }

  /** Looks again where anything differs and every row that does is known. */
  async #lookAgain(): Promise<void> {
    const { rechecks } = this.#options;
    if (this.#rows.length === 0 || rechecks.length === 0 || this.#comparison.keyLength === 0) return;
    if (this.#cut) return this.#note('did not look again', `more than ${keptRows} rows differ`);
    const { dataset, seed, signal } = this.#comparison;
    const again = await lookAgain(this.#rows, rechecks, { dataset, open: this.#scene.open, signal, seed });
    const tally = openComparisonTally(this.#comparison, this.#options.samples);
    for (const difference of again.persisting) tally.add(difference);
    const { missing, extra, changed, groups, rows } = tally.read();
    this.#report.inFlight = this.#rows.length - rows.length - again.unseen;
    if (again.unseen > 0)
      this.#report.inconclusive ??= `${again.unseen} rows that differed were found on neither side when they were looked at again`;
    this.#report.rechecks = again.rechecks;
    this.#report.differences = { missing, extra, changed, groups };
    this.#rows = rows;
  }

  #note(did: string, saw: string): void {
    this.#report.plan.push({ did, saw });
    this.#scene.progress(0, null, did);
  }
}

function countBuckets(bucketing: Bucketing): number {
  return bucketing.by === 'hash' ? bucketing.buckets : bucketing.bounds.length + 1;
}
