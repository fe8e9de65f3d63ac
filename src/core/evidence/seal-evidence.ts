import { sha256Hex } from '@tminus/verify';
import type { Binding, EvidenceRecord, JsonObject, Producer } from '@tminus/verify';

import type { CheckReader, Expectation, Observation, ObservedSource, Reading } from '../check/check.ts';
import { judge } from '../check/judge.ts';
import { readSources } from '../check/read-sources.ts';

/** Everything that one observation is sealed with. */
export interface SealInput {
  reader: CheckReader;
  binding: Binding;
  criterion: string;
  /** Digest of the check as declared. */
  checkSha256: string;
  /** Spec and expectations with templates filled in, as the kind was really asked. */
  asked: { spec: JsonObject; expectations: readonly Expectation[] };
  observation: Observation;
  mode: 'real' | 'simulated';
  /** RFC 3339, UTC, milliseconds. */
  observedAt: string;
  durationMs: number;
  producer: Producer;
  /** Id of the newest earlier evidence for the criterion, see `newestEvidence`. */
  supersedes: string | null;
}

/**
 * The record of one observation: digests of the bytes, what they say, and how that was judged, beside the judgement of the same
 * expectations on the kind's negative control. Trouble leaves facts null and every finding unknown, even where some bytes came.
 */
export function sealEvidence(input: SealInput): EvidenceRecord {
  const { reader, asked, observation } = input;
  const reading: Reading = observation.trouble
    ? { state: 'unreadable', trouble: observation.trouble }
    : readSources(reader, asked.spec, observation.sources);
  return {
    format: 'tminus/evidence/1',
    ...input.binding,
    criterion: input.criterion,
    check: { kind: reader.kind, sha256: input.checkSha256 },
    spec: asked.spec,
    expectations: asked.expectations.map((expectation) => expectation.text),
    mode: input.mode,
    observedAt: input.observedAt,
    durationMs: input.durationMs,
    producer: input.producer,
    sources: observation.sources.map((source) => toSource(source)),
    trouble: reading.state === 'unreadable' ? reading.trouble : null,
    facts: reading.state === 'readable' ? reading.facts : null,
    judgement: judge(asked.expectations, reading),
    control: judgeControl(reader, asked),
    supersedes: input.supersedes,
  };
}

/**
 * How the expectations come out on the negative control of the kind: `pass` means that the check cannot fail. A control that cannot be
 * read judges nothing and has no findings: it is no proof that the check can fail.
 */
export function judgeControl(
  reader: CheckReader,
  asked: { spec: JsonObject; expectations: readonly Expectation[] },
): EvidenceRecord['control'] {
  const reading = readSources(reader, asked.spec, reader.negativeControl(asked.spec));
  return judge(reading.state === 'readable' ? asked.expectations : [], reading);
}

function toSource({ name, mediaType, bytes }: ObservedSource): EvidenceRecord['sources'][number] {
  return { name, mediaType, sha256: sha256Hex(bytes), size: bytes.byteLength };
}
