import { sha256Hex } from '@tminus/verify';
import type { EvidenceRecord, JsonObject, Judgement, Trouble } from '@tminus/verify';

import type { CheckReader, Expectation, ObservedSource, Reading } from '../check/check.ts';
import { judge } from '../check/judge.ts';
import { readExpectation } from '../check/read-expectation.ts';
import { readSources } from '../check/read-sources.ts';
import { judgeControl } from './seal-evidence.ts';

/** What a record says about its sources, worked out again. */
export interface Rejudged {
  facts: JsonObject | null;
  judgement: Judgement;
  control: Judgement;
  trouble: Trouble | null;
}

/**
 * Parses the stored bytes and judges them again, as a stranger can. For an honest record the result equals the record's own
 * facts, judgement, control and trouble in canonical JSON; anything else (a byte, a fact, a verdict was changed) differs.
 * Trouble of the observation itself cannot be repeated; it is taken as recorded, and nothing passes with it.
 */
export function rejudge(
  reader: CheckReader,
  record: EvidenceRecord,
  blobs: (sha256: string) => Uint8Array | null,
): Rejudged {
  const expectations = readAll(record.expectations);
  if ('trouble' in expectations) return unknown(expectations.trouble);
  const reading = record.trouble ? unreadable(record.trouble) : readAgain(reader, record, blobs);
  return {
    facts: reading.state === 'readable' ? reading.facts : null,
    judgement: judge(expectations.all, reading),
    control: judgeControl(reader, { spec: record.spec, expectations: expectations.all }),
    trouble: reading.state === 'unreadable' ? reading.trouble : null,
  };
}

function readAgain(reader: CheckReader, record: EvidenceRecord, blobs: (sha256: string) => Uint8Array | null): Reading {
  const sources: ObservedSource[] = [];
  for (const { name, mediaType, sha256, size } of record.sources) {
    const bytes = blobs(sha256);
    if (!bytes)
      return unreadable({
        code: 'source_missing',
        message: `source ${name}: expected the bytes of ${sha256}, got none`,
      });
    const got = sha256Hex(bytes);
    if (got !== sha256 || bytes.byteLength !== size) {
      return unreadable({
        code: 'source_changed',
        message: `source ${name}: expected ${size} bytes of ${sha256}, got ${bytes.byteLength} of ${got}`,
      });
    }
    sources.push({ name, mediaType, bytes });
  }
  return readSources(reader, record.spec, sources);
}

function readAll(texts: readonly string[]): { all: Expectation[] } | { trouble: Trouble } {
  const all: Expectation[] = [];
  for (const text of texts) {
    const read = readExpectation(text);
    if (!read.ok)
      return {
        trouble: {
          code: 'expectation_unreadable',
          message: `expectation ${text}: expected ${read.fault.expected}, got ${read.fault.got}`,
        },
      };
    all.push(read.expectation);
  }
  return { all };
}

function unreadable(trouble: Trouble): Reading {
  return { state: 'unreadable', trouble };
}

function unknown(trouble: Trouble): Rejudged {
  const judgement: Judgement = { outcome: 'unknown', findings: [] };
  return { facts: null, judgement, control: judgement, trouble };
}
