import { canonicalize, digestOf, sha256Hex } from '@tminus/verify';
import type { EvidenceRecord, JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { CheckKind, Expectation, Observation, ObserveContext, SealedPhases } from '../../src/core/check/check.ts';
import { judge } from '../../src/core/check/judge.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import { readSources } from '../../src/core/check/read-sources.ts';
import type { DataAccess } from '../../src/core/dataset/data-access.ts';
import { rejudge } from '../../src/core/evidence/rejudge.ts';
import { sealEvidence } from '../../src/core/evidence/seal-evidence.ts';
import { ownTime, refuseAfterOwnTime } from './own-time.ts';

/** One written check, as under `yaml check` without `kind` and `expect`, and the surroundings that it needs. */
export interface ContractCase {
  written: JsonValue;
  workspace?: string;
  allow?: string[];
  now?: () => number;
  /** For kinds that look at the data of a launch. */
  data?: DataAccess;
  /** For kinds that look at sealed phases of rollouts. */
  phases?: SealedPhases;
}

/** What a kind brings to its contract. Cases are functions, so that servers started in `beforeAll` are up when they are called. */
export interface CheckKindContract {
  kind: CheckKind;
  /** The default expectations pass. */
  success(): ContractCase;
  /** The target says no, or is not there: any outcome but pass. */
  refusal(): ContractCase;
  /** Takes longer than two seconds unless aborted; null, with the reason, for kinds that only read a local file. */
  slow: (() => ContractCase) | { none: string };
  /** Answers something that the kind cannot make sense of; null, with the reason, where every answer makes sense. */
  garbage: (() => ContractCase) | { none: string };
  /** Answers more than the limit. */
  huge: (() => ContractCase) | { none: string };
  /** A written check with one key misspelt, and the key that was meant. */
  misspelt: { written: JsonValue; wrong: string; meant: string };
  /** Keys written beside those of `success` that ask more of the sources; every `min*` and `maxAge` of the schema is tried without being named here. */
  stricter?: JsonObject[];
}

/** Every promise that `core` relies on, run against the kind's double. */
export function checkKindContract(contract: CheckKindContract): void {
  const { kind } = contract;
  describe(`check kind ${kind.kind} keeps the contract`, () => {
    it('has a name, a summary, a JSON Schema and default expectations that can be read', () => {
      expect(kind.kind).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(kind.summary).toMatch(/^[A-Z].{10,}\.$/s);
      expect(kind.jsonSchema).toHaveProperty('type', 'object');
      expect(defaultsOf(kind, readSpec(kind, contract.success())).length).toBeGreaterThan(0);
    });
    schemaPromises(contract);
    observationPromises(contract);
    controlPromises(contract);
  });
}

function schemaPromises(contract: CheckKindContract): void {
  const { kind, misspelt } = contract;
  it('refuses an unknown key and names the nearest known one', () => {
    const read = kind.readSpec(misspelt.written);
    const fault = read.ok ? undefined : read.faults.find(({ path }) => path.at(-1) === misspelt.wrong);
    expect(fault, `a fault at ${misspelt.wrong}`).toBeDefined();
    expect(fault!.hint).toContain(misspelt.meant);
    expect(fault!.got).toBe(misspelt.wrong);
  });

  it.each([null, true, 7, 'text', [], ['x'], { unheardOf: 1 }])(
    'refuses %j as a whole spec and says why',
    (written) => {
      const read = kind.readSpec(written);
      const faults = read.ok ? [] : read.faults;
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.filter(({ expected, got, hint }) => expected === '' || got === '' || hint === '')).toEqual([]);
    },
  );

  it('reads its own spec again without a change, so that a stored spec stays valid', () => {
    const spec = readSpec(kind, contract.success());
    expect(kind.readSpec(spec)).toEqual({ ok: true, spec });
  });
}

function observationPromises(contract: CheckKindContract): void {
  const { kind } = contract;
  it('passes its default expectations on a healthy target', async () => {
    const { record } = await run(kind, contract.success());
    expect(record.trouble).toBeNull();
    expect(record.judgement.findings.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(record.judgement.outcome).toBe('pass');
  });

  it('does not pass when the target refuses or is not there', async () => {
    expect((await run(kind, contract.refusal())).record.judgement.outcome).not.toBe('pass');
  });

  optional('answers an abort within a second and passes nothing', contract.slow, async (slow) => {
    const abort = new AbortController();
    const running = run(kind, slow, abort.signal);
    running.catch(() => undefined);
    await ownTime(300);
    abort.abort();
    const { record } = await Promise.race([running, refuseAfterOwnTime(1_000, 'an end of the check')]);
    expect(record.trouble?.code).toBe('aborted');
    expect(record.judgement.outcome).toBe('unknown');
  });

  optional('does not pass on garbage', contract.garbage, async (garbage) => {
    expect((await run(kind, garbage)).record.judgement.outcome).not.toBe('pass');
  });

  optional('cuts what is too large and does not pass', contract.huge, async (huge) => {
    const { record } = await run(kind, huge);
    expect(record.judgement.outcome).not.toBe('pass');
    expect(record.sources.reduce((sum, source) => sum + source.size, 0)).toBeLessThan(64 * 1024 * 1024);
  });

  it('T24 gives the same facts and verdict to a stranger who has only the record and the bytes', async () => {
    const { record, blobs } = await run(kind, contract.success());
    const again = rejudge(
      kind,
      JSON.parse(canonicalize(record)) as EvidenceRecord,
      (sha256) => blobs.get(sha256) ?? null,
    );
    const { facts, judgement, control, trouble } = record;
    expect(canonicalize(again)).toBe(canonicalize({ facts, judgement, control, trouble }));
  });

  it('does not pass once a stored byte is changed or taken away', async () => {
    const { record, blobs } = await run(kind, contract.success());
    expect(record.sources.length).toBeGreaterThan(0);
    for (const { sha256 } of record.sources) {
      const flipped = (wanted: string): Uint8Array | null =>
        wanted === sha256 ? flip(blobs.get(wanted)!) : (blobs.get(wanted) ?? null);
      expect(rejudge(kind, record, flipped).trouble?.code).toBe('source_changed');
      expect(
        rejudge(kind, record, (wanted) => (wanted === sha256 ? null : (blobs.get(wanted) ?? null))).judgement.outcome,
      ).toBe('unknown');
    }
  });
}

function controlPromises(contract: CheckKindContract): void {
  const { kind } = contract;
  it.each([{}, ...minimaOf(kind), ...(contract.stricter ?? [])])(
    'fails its default expectations on a negative control that can be read under %j',
    (stricter) => {
      const { written } = contract.success();
      const spec = readSpec(kind, { written: { ...(written as JsonObject), ...stricter } });
      const reading = readSources(kind, spec, kind.negativeControl(spec));
      expect(reading, 'the negative control is readable: broken, not absent').toMatchObject({ state: 'readable' });
      expect(judge(defaultsOf(kind, spec), reading).outcome).toBe('fail');
    },
  );

  it('parses purely: the same bytes give the same facts, and the bytes are left alone', () => {
    const spec = readSpec(kind, contract.success());
    const sources = kind.negativeControl(spec);
    const before = sources.map(({ bytes }) => sha256Hex(bytes));
    const specBefore = digestOf(spec);
    const copies = sources.map((source) => ({ ...source, bytes: Uint8Array.from(source.bytes) }));
    expect(canonicalize(readSources(kind, spec, sources))).toBe(canonicalize(readSources(kind, spec, copies)));
    expect(sources.map(({ bytes }) => sha256Hex(bytes))).toEqual(before);
    expect(digestOf(spec)).toBe(specBefore);
  });

  it.each(hostileSources())('passes nothing on $title instead of its sources, and does not throw', ({ bytes }) => {
    const spec = readSpec(kind, contract.success());
    const control = kind.negativeControl(spec);
    const shapes = [
      [],
      control.map((source) => ({ ...source, bytes })),
      // An account of the files that can be read leads on to their own bytes.
      control.map((source) => (source.name === 'stat.json' ? source : { ...source, bytes })),
      [{ name: 'other', mediaType: 'text/plain', bytes }],
    ];
    for (const sources of shapes) {
      expect(() => kind.parse(spec, sources)).not.toThrow();
      expect(judge(defaultsOf(kind, spec), readSources(kind, spec, sources)).outcome).not.toBe('pass');
    }
  });
}

/** Specs with every minimum of the kind's schema set, to a few and to as many as may be asked, on files that have to be fresh. */
function minimaOf(kind: CheckKind): JsonObject[] {
  const properties = Object.entries(kind.jsonSchema['properties'] as { [key: string]: JsonObject });
  const minima = properties.filter(([key]) => /^min[A-Z]/.test(key));
  const age = properties.some(([key]) => key === 'maxAge') ? { maxAge: '15m' } : {};
  const withMinima = (toCount: (schema: JsonObject) => JsonValue): JsonObject => ({
    ...age,
    ...Object.fromEntries(minima.map(([key, schema]) => [key, toCount(schema)])),
  });
  if (minima.length > 0) return [withMinima(() => 3), withMinima((schema) => schema['maximum']!)];
  return Object.keys(age).length > 0 ? [age] : [];
}

function hostileSources(): { title: string; bytes: Uint8Array }[] {
  return [
    { title: 'no bytes', bytes: new Uint8Array() },
    { title: 'NUL bytes', bytes: new Uint8Array(64) },
    { title: 'invalid UTF-8', bytes: Uint8Array.from([0xff, 0xfe, 0xc0, 0x80]) },
    { title: 'the JSON null', bytes: new TextEncoder().encode('null') },
    { title: 'an empty object', bytes: new TextEncoder().encode('{}') },
    { title: 'an empty list', bytes: new TextEncoder().encode('[]') },
    { title: 'deep nesting', bytes: new TextEncoder().encode('['.repeat(50_000)) },
  ];
}

/** Reads, observes, judges and seals one case the way the engine does. No failure of the target may escape as an exception. */
export async function run(
  kind: CheckKind,
  given: ContractCase,
  signal: AbortSignal = AbortSignal.timeout(100_000),
): Promise<{ record: EvidenceRecord; observation: Observation; blobs: Map<string, Uint8Array> }> {
  const spec = readSpec(kind, given);
  const context: ObserveContext = {
    signal,
    workspace: given.workspace ?? process.cwd(),
    allow: given.allow ?? [],
    now: given.now ?? Date.now,
    ...(given.data === undefined ? {} : { data: given.data }),
    ...(given.phases === undefined ? {} : { phases: given.phases }),
  };
  const observation = await kind.observe(spec, context);
  const record = sealEvidence({
    reader: kind,
    binding: {
      launch: 'contract',
      planHash: digestOf('plan'),
      candidateSha256: digestOf('candidate'),
      environment: 'test',
    },
    criterion: 'criterion',
    checkSha256: digestOf(spec),
    asked: { spec, expectations: defaultsOf(kind, spec) },
    observation,
    mode: 'real',
    observedAt: '2026-12-05T14:00:00.000Z',
    durationMs: 1,
    producer: { kind: 'check', tool: `tminus/${kind.kind}` },
    supersedes: null,
  });
  return { record, observation, blobs: new Map(observation.sources.map(({ bytes }) => [sha256Hex(bytes), bytes])) };
}

function readSpec(kind: CheckKind, given: ContractCase): JsonObject {
  const read = kind.readSpec(given.written);
  if (!read.ok) throw new Error(`the contract's own case is refused: ${JSON.stringify(read.faults)}`);
  return read.spec;
}

function defaultsOf(kind: CheckKind, spec: JsonObject): Expectation[] {
  return kind.defaultExpectations(spec).map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(`default expectation ${text}: ${JSON.stringify(read.fault)}`);
    return read.expectation;
  });
}

function optional(
  title: string,
  given: (() => ContractCase) | { none: string },
  body: (given: ContractCase) => Promise<void>,
): void {
  const absent = typeof given === 'function' ? null : given.none;
  const why = absent ? ` (not for this kind: ${absent})` : '';
  it.skipIf(absent)(`${title}${why}`, () => body((given as () => ContractCase)()));
}

function flip(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (copy.length === 0) return Uint8Array.from([1]);
  copy[copy.length >> 1]! ^= 1;
  return copy;
}
