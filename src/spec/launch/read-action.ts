import type { JsonObject } from '@tminus/verify';

import type { StepAction } from '../../core/launch/launch.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Draft, Scene } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import { attributeRecord } from './read-fence.ts';
import type { WrittenFence } from './read-fence.ts';
import { readKind } from './read-kind.ts';
import type { WrittenAttribute } from './read-title.ts';
import { useDatastore, useDatastoreOfFence } from './use-datastore.ts';
import { placeInside, toJson } from './written-yaml.ts';
import type { Written } from './written-yaml.ts';

/** What a step does, with the kind that read it and what it means to that kind. */
export interface ReadAction {
  action: StepAction;
  reader: StepReader;
  spec: JsonObject;
}

/** Returns what the fence of a step means to its kind; null with the problems added where no kind can read it. `apart` names the attributes that concern the step. */
export function readAction(
  { draft }: Scene,
  fence: WrittenFence,
  { owner, apart }: { owner: string; apart: readonly string[] },
): ReadAction | null {
  const attributes = new Map([...fence.attributes].filter(([key]) => !apart.includes(key)));
  return fence.block === 'step'
    ? readYamlStep(draft, { ...fence, attributes }, owner)
    : readOwnFence(draft, { ...fence, attributes }, { owner, apart });
}

function readYamlStep(draft: Draft, fence: WrittenFence, owner: string): ReadAction | null {
  for (const [key, { at }] of fence.attributes) {
    addProblem(draft.problems, 'attribute_unknown', at, {
      message: `a yaml step has no attribute ${key}`,
      expected: 'what concerns the step, such as timeout',
      got: key,
      hint: 'write it as a key inside the fence',
    });
  }
  const named = readKind(draft, fence, { what: 'step', owner, readers: draft.readers.steps });
  if (named === null) return null;
  const { reader } = named;
  const written: Written = { ...named.written, entries: named.written.entries.filter(({ key }) => key !== 'kind') };
  const place = named.written.entries.find(({ key }) => key === 'on')?.value.at ?? fence.at;
  const read = reader.readSpec(useDatastore(draft, toJson(written), { owner, family: 'step', reader, at: place }));
  if (read.ok) {
    const { text, at } = fence;
    return { action: { kind: reader.kind, attributes: {}, text, spec: read.spec, at }, reader, spec: read.spec };
  }
  for (const { path, ...fault } of read.faults)
    addProblem(draft.problems, 'action_invalid', path.length === 0 ? fence.place(0, 1) : placeInside(written, path), {
      message: `${owner} cannot be read`,
      ...fault,
    });
  return null;
}

function readOwnFence(
  draft: Draft,
  fence: WrittenFence,
  { owner, apart }: { owner: string; apart: readonly string[] },
): ReadAction | null {
  const { language, text, at } = fence;
  const reader = draft.readers.steps.find(({ fenceLanguages }) => fenceLanguages.includes(language));
  if (reader === undefined) return reportUnknownLanguage(draft, fence);
  const attributes = attributeRecord(useDatastoreOfFence(draft, fence.attributes, { owner, family: 'step', reader }));
  const read = reader.readFence({ language, attributes, text });
  if (read.ok) return { action: { kind: language, attributes, text, spec: null, at }, reader, spec: read.spec };
  for (const { line, column, ...fault } of read.faults) {
    const unknown = line < 0 ? fence.attributes.get(fault.got) : undefined;
    const known = [...apart, ...Object.keys(reader.jsonSchema['properties'] ?? {})];
    if (unknown === undefined)
      addProblem(
        draft.problems,
        'action_invalid',
        line < 0 ? placeOfValue(fence, fault.got) : fence.place(line, column),
        {
          message: `${owner} cannot be read`,
          ...fault,
        },
      );
    else
      addProblem(draft.problems, 'attribute_unknown', unknown.at, {
        message: `the fence of ${owner} has no attribute ${fault.got}`,
        expected: `${apart.join(', ')}, and of its kind ${fault.expected}`,
        got: fault.got,
        hint: hintFor(fault.got, known, fault.hint),
      });
  }
  return null;
}

/** Where an attribute of that value stands; the fence where none has it. */
function placeOfValue({ attributes, at }: WrittenFence, got: string): WrittenAttribute['at'] {
  return [...attributes.values()].find(({ value }) => value === got || JSON.stringify(value) === got)?.at ?? at;
}

function reportUnknownLanguage(draft: Draft, { language, at }: WrittenFence): null {
  const languages = draft.readers.steps.flatMap(({ fenceLanguages }) => fenceLanguages);
  addProblem(draft.problems, 'kind_unknown', at, {
    message: `no step kind reads a ${language} fence`,
    expected: ['yaml step', ...languages].join(', '),
    got: language,
    hint: hintFor(language, languages, 'write it as a yaml step, or mark the fence as text if it is an example'),
  });
  return null;
}

/** Languages whose exit status is what a probe says. */
const probeLanguages = ['sh', 'bash'] as const;

/** Whether a fence is the probe of the fence above it. */
export function isProbe(fence: WrittenFence): boolean {
  return fence.attributes.has('probe');
}

/** Returns the probe that a fence declares; null with the problems added. */
export function readProbe(scene: Scene, fence: WrittenFence, owner: string): StepAction | null {
  if ((probeLanguages as readonly string[]).includes(fence.language))
    return readAction(scene, fence, { owner: `probe of ${owner}`, apart: ['probe'] })?.action ?? null;
  addProblem(scene.draft.problems, 'action_invalid', fence.at, {
    message: `probe of ${owner} cannot be read`,
    expected: probeLanguages.join(' or '),
    got: fence.language,
    hint: 'write a script that exits 0 where the step took effect, 1 where it did not, and with anything else where it cannot tell',
  });
  return null;
}

/** Returns the action of a step that only waits, as `{wait=30m}` says it. */
export function readWait({ draft }: Scene, wait: WrittenAttribute, owner: string): ReadAction | null {
  const reader = draft.readers.steps.find(({ kind }) => kind === 'wait');
  const read = reader?.readSpec({ for: wait.value });
  if (reader !== undefined && read?.ok === true) {
    const action: StepAction = { kind: reader.kind, attributes: {}, text: '', spec: read.spec, at: wait.at };
    return { action, reader, spec: read.spec };
  }
  const [fault] = read?.ok === false ? read.faults : [];
  addProblem(draft.problems, 'attribute_invalid', wait.at, {
    message: `wait of ${owner} cannot be read`,
    expected: fault?.expected ?? 'a step kind wait',
    got: wait.value,
    hint: fault?.hint ?? 'write the wait as a step of people',
  });
  return null;
}
