import type { JsonObject } from '@tminus/verify';

import type { CheckDeclaration, CheckReader, Expectation } from '../../src/core/check/check.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import { judgeControl } from '../../src/core/evidence/seal-evidence.ts';
import { toManualSpec } from '../../src/kinds/checks/manual/to-manual-spec.ts';
import { exampleOf, proseOf, readExample } from './check-examples.ts';
import { findSharedTroubles, findTroubles } from './find-troubles.ts';
import { toKeyRows } from './key-rows.ts';
import { generatedBy, toTable } from './page.ts';
import { generalTroubles, troubleMeanings } from './trouble-meanings.ts';

const introduction = `# Check kinds

${generatedBy}

A check stands in a fence under a criterion: \`\`\`yaml check with \`kind:\`, the keys of the kind and \`expect:\`, or a fence in the kind's own language.
What stands behind \`expect\` is in [Expectations](expectations.md); how to write a good one is in [the guide](../guide/write-a-check.md).
Texts may hold templates: \`{{ candidate.url }}\`, \`{{ candidate.commit }}\`, \`{{ environment.url }}\`, \`{{ launch.id }}\`.

Each kind brings a **negative control**: sources as they would look if the thing were broken. Your expectations are judged on it as well, and a check that
passes there cannot fail, so its evidence never counts.

A **trouble** is why there is nothing to judge. It makes the check unknown, never pass. What each one says stands [at the end](#troubles).
`;

/** The reference page of all check kinds. Throws where an example is not a valid check, or passes on its own negative control. */
export function toChecksPage(readers: readonly CheckReader[]): string {
  const index = toTable(
    ['kind', 'does'],
    readers.map(({ kind, summary }) => [`[\`${kind}\`](#${kind})`, summary]),
  );
  const sections = readers.map((reader) => toSection(reader, readers));
  return `${[introduction.trim(), index, ...sections, toTroubles()].join('\n\n')}\n`;
}

function toSection(reader: CheckReader, readers: readonly CheckReader[]): string {
  const example = exampleOf(reader.kind);
  const check = readExample(example, readers);
  const prose = reader.kind === 'yaml' ? 'As [`json`](#json), with the fact `yaml`.' : demote(proseOf(reader.kind));
  const keys = toTable(['key', 'value', 'default', ''], toKeyRows(reader, check.spec));
  const defaults = reader.defaultExpectations(check.spec).map((text) => `\`${text}\``);
  return [
    `## ${reader.kind}`,
    reader.summary,
    example,
    ...toLanguages(reader, check),
    keys,
    `Expected where the document expects nothing: ${defaults.join(', ')}.`,
    toControl(reader, check.spec),
    prose,
    toTroubleLine(reader.kind),
  ].join('\n\n');
}

function demote(markdown: string): string {
  return markdown.replaceAll(/^(#+ )/gm, '#$1').replaceAll(/\n{3,}/g, '\n\n');
}

function toLanguages(reader: CheckReader, { spec }: CheckDeclaration): string[] {
  if (reader.fenceLanguages.length === 0) return [];
  const languages = reader.fenceLanguages.map((language) => `\`${language}\``).join(' and ');
  const attributes = toAttributes(reader, spec).map((name) => `\`${name}\``);
  return [
    `Fence language ${languages}; behind it on the same line, as \`KEY=VALUE\`, may stand ${attributes.join(', ')}.`,
  ];
}

/** Attributes of the info string: the kind is asked by one that it cannot know, and names those that it does. */
function toAttributes(reader: CheckReader, spec: JsonObject): string[] {
  const unheardOf = 'unheardOf';
  const language = reader.fenceLanguages[0] ?? '';
  const query = typeof spec['query'] === 'string' ? spec['query'] : 'true';
  const read = reader.readFence({ language, attributes: { [unheardOf]: '1' }, text: query });
  const fault = read.ok ? undefined : read.faults.find(({ got }) => got === unheardOf);
  if (!fault) throw new Error(`check kind ${reader.kind}: expected a fault for the attribute ${unheardOf}, got none`);
  const names = fault.expected.replace(/^one of /, '').split(', ');
  return names.filter((name) => name !== 'query');
}

function toControl(reader: CheckReader, spec: JsonObject): string {
  const expectations = reader.defaultExpectations(spec).map((text) => toExpectation(text));
  const control = judgeControl(reader, { spec: toControlSpec(reader, spec), expectations });
  if (control.outcome === 'pass')
    throw new Error(`check kind ${reader.kind}: expected its defaults to fail on the negative control, got pass`);
  const [first] = control.findings;
  if (first === undefined) return 'Its negative control cannot be read, and what cannot be read never passes.';
  if (control.findings.every(({ outcome, got }) => outcome === first.outcome && got === first.got))
    return `On the negative control every one of them ${verbs[first.outcome]} (${toCode(first.got)}).`;
  const findings = control.findings.map(({ rule, outcome, got }) => `\`${rule}\` ${verbs[outcome]} (${toCode(got)})`);
  return `On the negative control ${findings.join(', ')}.`;
}

const verbs = { pass: 'passes', fail: 'fails', unknown: 'is unknown' };

/**
 * The spec as the control is judged by. A wanted minimum is left out: the control is one small report, which would be unreadable then
 * and hide what the defaults say of it. The spec of `manual` is filled in from a launch, as the engine does.
 */
function toControlSpec(reader: CheckReader, spec: JsonObject): JsonObject {
  if (reader.kind !== 'manual')
    return Object.fromEntries(Object.entries(spec).filter(([key]) => !/^min[A-Z]/.test(key)));
  const role = typeof spec['role'] === 'string' ? spec['role'] : null;
  const digest = '0'.repeat(64);
  return toManualSpec({
    launch: { people: [], roles: [] },
    criterion: { id: 'it-holds', role, proof: 'comment', check: null },
    binding: { launch: 'example', planHash: digest, candidateSha256: digest, environment: 'production' },
  });
}

function toCode(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

function toExpectation(text: string): Expectation {
  const read = readExpectation(text);
  if (!read.ok) throw new Error(`${text}: expected ${read.fault.expected}, got ${read.fault.got}`);
  return read.expectation;
}

function toTroubleLine(kind: string): string {
  const { own, groups } = findTroubles(kind);
  const shared = groups.map((group) => `those of ${group === 'network' ? 'the network' : group}`);
  return `Troubles: ${[own.map((code) => `\`${code}\``).join(' '), ...shared].join(', and ')}.`;
}

function toTroubles(): string {
  const meanings = { ...troubleMeanings, ...generalTroubles };
  const rows = Object.entries(meanings)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, meaning]): [string, string] => [`\`${code}\``, meaning]);
  const groups = Object.entries(findSharedTroubles()).map(
    ([group, codes]) =>
      `Troubles of ${group === 'network' ? 'the network' : group}: ${codes.map((code) => `\`${code}\``).join(' ')}.`,
  );
  const general = Object.keys(generalTroubles).map((code) => `\`${code}\``);
  const closing = `Of any kind: ${general.join(' ')}.`;
  return ['## Troubles', ...groups, closing, toTable(['trouble', 'says'], rows)].join('\n\n');
}
