import type { Code } from 'mdast';
import type { JsonObject } from '@tminus/verify';

import type { Place } from '../../core/launch/place.ts';
import type { Scene } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import { readDataset } from './read-dataset.ts';
import { readFence, yamlBlocks } from './read-fence.ts';
import { readRollout } from './read-rollout.ts';
import { nameIt } from './take-attributes.ts';
import { readYaml, toJson } from './written-yaml.ts';

/** What a fence stands under: it lends its id where the fence has none. */
export interface Owner {
  id: string | null;
  title: string;
}

/** Keeps a `yaml dataset`, `rollout` or `metric` fence as written, and reads what the product knows how to read. */
export function readDeclaration(scene: Scene, node: Code, owner: Owner): void {
  const { draft, document } = scene;
  const fence = readFence(document, node, draft.problems);
  const kind = fence.block ?? '';
  if (!(yamlBlocks as readonly string[]).includes(kind)) return;
  if (isOwnerless(draft, kind, fence.at)) return;
  const written = readYaml(fence.text, { place: fence.placeOfOffset, problems: draft.problems });
  if (written === null) return;
  if (written.kind !== 'map') {
    addProblem(draft.problems, 'declaration_invalid', fence.place(0, 1), {
      message: `yaml ${kind} is no mapping`,
      expected: 'key: value lines',
      got: written.kind === 'list' ? 'a list' : written.text || 'nothing',
      hint: 'write key: value lines',
    });
    return;
  }
  const entry = written.entries.find(({ key }) => key === 'id');
  const id = entry?.value.kind === 'scalar' ? entry.value.text : (fence.attributes.get('#')?.value ?? owner.id);
  const at = entry?.value.at ?? fence.at;
  const attributes = id === null ? null : { id: { value: id, at }, values: new Map(), at };
  const named = nameIt(draft, { attributes, title: owner.title, family: kind, what: kind, at: fence.at });
  const body = toJson(written) as JsonObject;
  draft.launch.declarations.push({ kind, id: named, body, at: fence.at });
  if (kind === 'dataset') readDataset(draft, { id: named, title: owner.title, at: fence.at, written });
  if (kind === 'rollout') readRollout(draft, { id: named, title: owner.title, at: fence.at, written });
  if (kind === 'metric') addMetric(scene, named, body, fence.at);
}

/** What is expected of a fence that belongs to something of its own, and stands here under nothing. */
const ownerless: { readonly [kind: string]: { message: string; expected: string; hint: string } | undefined } = {
  rollback: {
    message: 'a yaml rollback stands under no procedure',
    expected: 'a heading such as "Rollback: at once" above it, and not an item',
    hint: 'move the fence to the text under the heading of the procedure',
  },
  check: {
    message: 'a yaml check stands under no item',
    expected: 'a criterion of a gate above it',
    hint: 'indent the fence to the text of its item, with an empty line before it',
  },
  step: {
    message: 'a yaml step stands under no item',
    expected: 'a numbered step above it',
    hint: 'indent the fence to the text of its item, with an empty line before it',
  },
};

function isOwnerless({ problems }: Scene['draft'], kind: string, at: Place): boolean {
  const wanted = ownerless[kind];
  if (wanted !== undefined) addProblem(problems, 'fence_ownerless', at, { ...wanted, got: 'none' });
  return wanted !== undefined;
}

function addMetric({ draft }: Scene, id: string, body: JsonObject, at: Place): void {
  const text = (key: string): string | null => {
    const value = body[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  draft.bearers.push({ id, family: 'metric table', what: 'metric', at });
  draft.launch.metrics.push({
    id,
    title: text('title') ?? id,
    target: text('target'),
    alert: text('alert'),
    source: body,
    at,
  });
}

/** Reports a `yaml` fence whose second word is nearly one of ours: it would be taken for an example. */
export function reportMisspelledBlock(scene: Scene, node: Code): void {
  const word = /^[A-Za-z-]+/.exec(node.meta ?? '')?.[0];
  if (
    (node.lang ?? '').toLowerCase() !== 'yaml' ||
    word === undefined ||
    (yamlBlocks as readonly string[]).includes(word)
  )
    return;
  const hint = hintFor(word, yamlBlocks, '');
  if (hint.startsWith('did'))
    addProblem(scene.draft.problems, 'kind_unknown', scene.document.place(node), {
      message: `there is no yaml ${word}`,
      expected: yamlBlocks.join(', '),
      got: word,
      hint,
    });
}
