import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toShareFacts } from './share.ts';
import type { Share } from './share.ts';
import { repeatBroken, toControlReport } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { addBranch, addHits, fileIn, shareOfHits, sumShares } from './coverage-count.ts';
import type { FileCoverage } from './coverage-count.ts';
import { parseCobertura } from './parse-cobertura.ts';
import { parseLcov } from './parse-lcov.ts';

const schema = z.strictObject({
  ...fileKeys,
  format: z
    .enum(['lcov', 'cobertura'])
    .meta({ description: 'Read from the bytes unless given: XML is Cobertura, anything else has to be lcov.' })
    .optional(),
  minFiles: atLeast('source files'),
});

/** Coverage by lines, functions and branches, from lcov or Cobertura. */
export const coverageReader: CheckReader = {
  kind: 'coverage',
  summary:
    'Adds up the lines, functions and branches of lcov and Cobertura reports and compares them with every declared total.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['lines.fraction >= 80%', 'functions.fraction >= 80%', 'branches.fraction >= 80%'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl,
};

/** Source files of which nothing was run. */
function negativeControl(spec: JsonObject): ObservedSource[] {
  if (spec['format'] !== 'cobertura') {
    const text = repeatBroken(spec['minFiles'], toBrokenLcov).join('');
    return toControlReport(spec, { name: 'control.info', mediaType: 'text/plain', text });
  }
  const classes = repeatBroken(spec['minFiles'], toBrokenClass).join('\n');
  const text = `<coverage><packages><package name="control"><classes>${classes}</classes></package></packages></coverage>`;
  return toControlReport(spec, { name: 'control.xml', mediaType: 'application/xml', text });
}

function toBrokenLcov(index: number): string {
  return `SF:control-${index}\nFN:1,control\nFNDA:0,control\nDA:1,0\nBRDA:1,0,0,0\nend_of_record\n`;
}

function toBrokenClass(index: number): string {
  return `<class name="control-${index}" filename="control-${index}"><methods>
<method name="control" signature="()"><lines><line number="1" hits="0"/></lines></method></methods>
<lines><line number="1" hits="0" branch="true" condition-coverage="0% (0/2)"/></lines></class>`;
}

function toFacts(spec: JsonObject, sources: readonly ObservedSource[]): JsonObject {
  const files = new Map<string, FileCoverage>();
  let roots = 0;
  for (const source of sources) {
    const report = readNamed(source, (bytes) => parserOf(spec, bytes)(bytes));
    roots = Math.max(roots, report.roots);
    for (const [path, file] of report.files) merge(fileIn(files, toKey(path, source)), file);
  }
  refuseFewer(spec['minFiles'], files.size, 'source files');
  const all = [...files.values()];
  return {
    files: files.size,
    roots,
    ...measured('lines', sumShares(all.map((file) => shareOfHits(file.lines)))),
    ...measured('functions', sumShares(all.map((file) => shareOfHits(file.functions)))),
    ...measured('branches', sumShares(all.flatMap((file) => [...file.branches.values()]))),
  };
}

/** What was not measured is absent, so that an expectation on it is unknown and not 0 %. */
function measured(name: string, share: Share): JsonObject {
  return share.total === 0 ? {} : { [name]: toShareFacts(share) };
}

function parserOf(spec: JsonObject, bytes: Uint8Array): typeof parseLcov {
  if (spec['format'] !== undefined) return spec['format'] === 'lcov' ? parseLcov : parseCobertura;
  const start = new TextDecoder('latin1')
    .decode(bytes.subarray(0, 64))
    .replace(/^(\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)/, '');
  return /^[\s\0]*</.test(start) ? parseCobertura : parseLcov;
}

/**
 * Two reports that name one absolute path speak of one file. `src/index.ts` in the reports of two packages is two files: to take them
 * for one would let the covered lines of the one hide the open lines of the other.
 */
function toKey(path: string, source: ObservedSource): string {
  return /^(\/|[A-Za-z]:[\\/])/.test(path) ? path : `${source.name}\0${path}`;
}

function merge(into: FileCoverage, from: FileCoverage): void {
  for (const [line, hits] of from.lines) addHits(into.lines, line, hits);
  for (const [name, hits] of from.functions) addHits(into.functions, name, hits);
  for (const [place, share] of from.branches) addBranch(into.branches, place, share);
}
