import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { toHexDifference } from './hex-difference.ts';
import { readSubject } from './read-subject.ts';
import type { SamlSubject } from './read-subject.ts';
import { samlSchema } from './schema.ts';

/** Whether a test user is the same to an application as before a cutover: NameID and what qualifies it, byte for byte. */
export const samlReader: CheckReader = {
  kind: 'saml',
  summary: 'Compares the NameID of a test user with the one from before the cutover, byte for byte.',
  jsonSchema: toJsonSchema(samlSchema),
  readSpec: (written) => readSchema(samlSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['same == true'],
  parse: (_spec, sources) => toReading(() => toFacts(sources)),
  negativeControl: () => [
    toSource('baseline', toAssertion('before', 'tester@example.org')),
    toSource('assertion', toAssertion('now', 'Tester@example.org')),
  ],
};

/** One of the two files, by the part it plays. */
export function toSource(name: 'baseline' | 'assertion', bytes: Uint8Array): ObservedSource {
  return { name, mediaType: 'application/octet-stream', bytes };
}

const parts = ['nameId', 'format', 'nameQualifier', 'spNameQualifier'] as const;

function toFacts(sources: readonly ObservedSource[]): JsonObject {
  const [before, after] = ['baseline', 'assertion'].map((name) => {
    const found = sources.filter((source) => source.name === name);
    if (found.length !== 1 || sources.length !== 2)
      throw new Unreadable('missing', `expected baseline and assertion, got ${sources.length} sources`);
    return readNamed(found[0]!, readSubject);
  }) as [SamlSubject, SamlSubject];
  // Whoever signs in again gets an assertion with another ID: the same one twice says nothing about now.
  if (before.assertionId === after.assertionId)
    throw new Unreadable('same_assertion', 'expected an assertion from after the cutover, got the one from before');
  const differences = Object.fromEntries(
    parts.flatMap((part) => {
      const difference =
        isPresent(before, part) === isPresent(after, part)
          ? toHexDifference(before[part] ?? '', after[part] ?? '')
          : 'absent on one side';
      return difference === null ? [] : [[part, difference]];
    }),
  );
  return {
    same: Object.keys(differences).length === 0,
    nameIdBytes: Buffer.byteLength(after.nameId),
    format: after.format,
    differences,
  };
}

/** An attribute that is absent and one that is empty are two things. */
function isPresent(subject: SamlSubject, part: (typeof parts)[number]): boolean {
  return subject[part] !== null;
}

function toAssertion(id: string, nameId: string): Uint8Array {
  return Buffer.from(
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}"><saml:Subject><saml:NameID>${nameId}</saml:NameID></saml:Subject></saml:Assertion>`,
  );
}
