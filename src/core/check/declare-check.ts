import type { JsonValue } from '@tminus/verify';

import type { Place } from '../launch/place.ts';
import type { CheckDeclaration, CheckReader, Expectation, Fence, SpecFault } from './check.ts';
import { checkSha256 } from './check-sha256.ts';
import { readExpectation } from './read-expectation.ts';

/** A check as it stands in a document: the mapping of a `yaml check` (without `kind` and `expect`), or a fence of the kind's own language. */
export type WrittenCheck =
  | { form: 'mapping'; spec: JsonValue; expectations: readonly string[] }
  | { form: 'fence'; fence: Fence };

/** Where inside the written check a fault stands. Lines count from 0 inside the fence, columns from 1. */
export type DeclarationPlace =
  | { in: 'spec'; path: (string | number)[] }
  | { in: 'expectation'; index: number; column: number }
  | { in: 'fence'; line: number; column: number };

export interface DeclarationFault {
  place: DeclarationPlace;
  expected: string;
  got: string;
  hint: string;
}

export type DeclaredCheck = { ok: true; check: CheckDeclaration } | { ok: false; faults: DeclarationFault[] };

/** The declaration of a check with the kind's defaults filled in, or every fault of what was written at once. */
export function declareCheck(reader: CheckReader, written: WrittenCheck, at: Place): DeclaredCheck {
  return written.form === 'fence' ? declareFence(reader, written.fence, at) : declareMapping(reader, written, at);
}

function declareMapping(
  reader: CheckReader,
  written: Extract<WrittenCheck, { form: 'mapping' }>,
  at: Place,
): DeclaredCheck {
  const read = reader.readSpec(written.spec);
  const lines = written.expectations.map((text, index) => ({
    text,
    toPlace: (column: number): DeclarationPlace => ({ in: 'expectation', index, column }),
  }));
  const faults = read.ok
    ? []
    : read.faults.map(({ path, ...rest }: SpecFault) => ({ place: { in: 'spec' as const, path }, ...rest }));
  return declare(reader, { spec: read.ok ? read.spec : null, lines, faults, at });
}

function declareFence(reader: CheckReader, fence: Fence, at: Place): DeclaredCheck {
  const read = reader.readFence(fence);
  if (!read.ok)
    return {
      ok: false,
      faults: read.faults.map(({ line, column, ...rest }) => ({ place: { in: 'fence', line, column }, ...rest })),
    };
  const lines = read.expectations.map(({ text, line }) => ({
    text,
    toPlace: (column: number): DeclarationPlace => ({
      in: 'fence',
      line,
      column: column + columnOf(fence, line, text),
    }),
  }));
  return declare(reader, { spec: read.spec, lines, faults: [], at });
}

/** Characters before the expectation in its line (`expect `, `# expect `). */
function columnOf(fence: Fence, line: number, text: string): number {
  return Math.max(0, (fence.text.split('\n')[line] ?? '').lastIndexOf(text));
}

interface Draft {
  spec: CheckDeclaration['spec'] | null;
  lines: readonly { text: string; toPlace: (column: number) => DeclarationPlace }[];
  faults: DeclarationFault[];
  at: Place;
}

function declare(reader: CheckReader, { spec, lines, faults, at }: Draft): DeclaredCheck {
  const expectations: Expectation[] = [];
  for (const { text, toPlace } of lines) {
    const read = readExpectation(text);
    if (read.ok) expectations.push(read.expectation);
    else
      faults.push({
        place: toPlace(read.fault.column),
        expected: read.fault.expected,
        got: read.fault.got,
        hint: read.fault.hint,
      });
  }
  if (spec === null || faults.length > 0) return { ok: false, faults };
  if (expectations.length === 0) expectations.push(...defaultsOf(reader, spec));
  return {
    ok: true,
    check: {
      kind: reader.kind,
      spec,
      expectations,
      sha256: checkSha256({ kind: reader.kind, spec, expectations }),
      at,
    },
  };
}

/** A default that cannot be read is a fault of the kind, which its contract suite catches; it must not leave a check without expectations. */
function defaultsOf(reader: CheckReader, spec: CheckDeclaration['spec']): Expectation[] {
  return reader.defaultExpectations(spec).map((text) => {
    const read = readExpectation(text);
    if (!read.ok)
      throw new Error(
        `kind ${reader.kind}: default expectation ${text} - expected ${read.fault.expected}, got ${read.fault.got}`,
      );
    return read.expectation;
  });
}
