import type { Code } from 'mdast';

import type { CheckDeclaration, CheckReader } from '../../core/check/check.ts';
import { declareCheck } from '../../core/check/declare-check.ts';
import type { DeclarationFault } from '../../core/check/declare-check.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Draft, Scene } from './draft.ts';
import type { Item } from './outline.ts';
import { addProblem, hintFor } from './problem.ts';
import { attributeRecord, isShown, readFence, yamlBlocks } from './read-fence.ts';
import type { WrittenFence } from './read-fence.ts';
import { readKind } from './read-kind.ts';
import type { WrittenMap } from './read-kind.ts';
import { refuseTemplates } from './refuse-templates.ts';
import { useDatastore, useDatastoreOfFence } from './use-datastore.ts';
import { useObjective } from './use-objective.ts';
import { toJson, placeInside } from './written-yaml.ts';
import type { Written } from './written-yaml.ts';

/** Returns the check that the fence under a criterion declares, or null where there is none or where it cannot be read. */
export function readCriterionCheck(scene: Scene, item: Item, criterion: string): CheckDeclaration | null {
  const fences = item.fences.filter((fence) => !isShown(fence) || ownerOf(scene.draft, fence) !== undefined);
  const [first, second] = fences;
  if (first === undefined) return null;
  if (second !== undefined) {
    addProblem(scene.draft.problems, 'check_duplicate', scene.document.place(second), {
      message: `criterion ${criterion} has more than one check`,
      expected: 'one fence',
      got: `${fences.length}`,
      hint: 'make a criterion of its own for each check, nested under this one',
    });
  }
  return readCheck(scene, first, { owner: `criterion ${criterion}` });
}

function ownerOf(draft: Draft, fence: Code): CheckReader | undefined {
  return draft.readers.checks.find(({ fenceLanguages }) => fenceLanguages.includes((fence.lang ?? '').toLowerCase()));
}

/** What a check proves, for messages, and the attributes of its fence that are not for the kind. */
interface Purpose {
  owner: string;
  apart?: readonly string[];
}

/** Returns the check that a fence declares, validated by its kind; null with the problems added. */
export function readCheck(scene: Scene, node: Code, { owner, apart = [] }: Purpose): CheckDeclaration | null {
  const { draft } = scene;
  const whole = readFence(scene.document, node, draft.problems);
  const attributes = new Map([...whole.attributes].filter(([key]) => !apart.includes(key)));
  const fence: WrittenFence = { ...whole, attributes };
  if (fence.block === 'check') return readYamlCheck(draft, fence, owner);
  const reader = fence.block === null ? ownerOf(draft, node) : undefined;
  if (reader === undefined) return reportUnknownFence(draft, fence);
  const used = useDatastoreOfFence(draft, fence.attributes, { owner: `check of ${owner}`, family: 'check', reader });
  const written = {
    form: 'fence',
    fence: { language: fence.language, attributes: attributeRecord(used), text: fence.text },
  } as const;
  const declared = declareCheck(reader, written, fence.at);
  if (declared.ok) return askable(draft, fence, declared.check, owner);
  reportFaults(draft, `check of ${owner}`, declared.faults, (place) =>
    place.in === 'fence' ? fence.place(place.line, place.column) : fence.at,
  );
  return null;
}

function askable(draft: Draft, fence: WrittenFence, check: CheckDeclaration, owner: string): CheckDeclaration {
  refuseTemplates(draft, fence, check, owner);
  return check;
}

function reportUnknownFence(draft: Draft, fence: WrittenFence): null {
  const languages = draft.readers.checks.flatMap(({ fenceLanguages }) => fenceLanguages);
  const got = fence.block === null ? fence.language : `${fence.language} ${fence.block}`;
  const hint =
    fence.block === null
      ? hintFor(fence.language, languages, 'write it as a yaml check, or mark the fence as text if it is an example')
      : hintFor(fence.block, yamlBlocks, 'write yaml check');
  addProblem(draft.problems, 'kind_unknown', fence.at, {
    message: `no check kind reads a ${got} fence`,
    expected: ['yaml check', ...languages].join(', '),
    got,
    hint,
  });
  return null;
}

function readYamlCheck(draft: Draft, fence: WrittenFence, owner: string): CheckDeclaration | null {
  refuseAttributes(draft, fence);
  const named = readKind(draft, fence, { what: 'check', owner, readers: draft.readers.checks });
  if (named === null) return null;
  const { reader, written } = named;
  const expectations = expectationsOf(draft, written);
  if (expectations === null) return null;
  const spec: Written = {
    ...written,
    entries: written.entries.filter(({ key }) => key !== 'kind' && key !== 'expect'),
  };
  const at = written.entries.find(({ key }) => key === 'on' || key === 'objective')?.value.at ?? fence.at;
  const own = { owner: `check of ${owner}`, at };
  const stored = useDatastore(draft, toJson(spec), { ...own, family: 'check', reader });
  const used = useObjective(draft, stored, { ...own, kind: reader.kind });
  const declared = declareCheck(
    reader,
    { form: 'mapping', spec: used, expectations: expectations.map(({ text }) => text) },
    fence.at,
  );
  if (declared.ok) return askable(draft, fence, declared.check, owner);
  reportFaults(draft, `check of ${owner}`, declared.faults, (place) => {
    if (place.in === 'spec') return place.path.length === 0 ? fence.place(0, 1) : placeInside(spec, place.path);
    return place.in === 'expectation'
      ? (expectations[place.index]?.at ?? fence.at)
      : fence.place(place.line, place.column);
  });
  return null;
}

function expectationsOf(draft: Draft, written: WrittenMap): { text: string; at: Place }[] | null {
  const entry = written.entries.find(({ key }) => key === 'expect');
  if (entry === undefined) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const texts = items.map((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? { text: item.value, at: item.at } : null,
  );
  const bad = items.find((_, index) => texts[index] === null);
  if (items.length > 0 && bad === undefined) return texts.filter((text) => text !== null);
  addProblem(draft.problems, 'check_invalid', bad?.at ?? entry.at, {
    message: 'expect holds no expectation',
    expected: 'a list of lines such as status == 200',
    got: bad === undefined ? 'an empty list' : bad.kind === 'scalar' ? bad.text || 'nothing' : `a ${bad.kind}`,
    hint: 'write each expectation as one quoted line, or leave expect out',
  });
  return null;
}

function reportFaults(
  draft: Draft,
  what: string,
  faults: readonly DeclarationFault[],
  toPlace: (place: DeclarationFault['place']) => Place,
): void {
  for (const { place, ...fault } of faults)
    addProblem(draft.problems, 'check_invalid', toPlace(place), { message: `${what} cannot be read`, ...fault });
}

/** Everything about a yaml check stands inside of it. */
function refuseAttributes(draft: Draft, fence: WrittenFence): void {
  for (const [key, { at }] of fence.attributes) {
    addProblem(draft.problems, 'attribute_unknown', at, {
      message: `a yaml check has no attribute ${key}`,
      expected: 'none',
      got: key,
      hint: 'write it in the braces of the criterion, or as a key inside the fence',
    });
  }
}
