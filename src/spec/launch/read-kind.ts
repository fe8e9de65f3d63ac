import type { Draft } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import type { WrittenFence } from './read-fence.ts';
import { readYaml } from './written-yaml.ts';
import type { Written } from './written-yaml.ts';

export type WrittenMap = Extract<Written, { kind: 'map' }>;

/** What a `yaml check` or `yaml step` fence is read as. */
interface Family<Reader> {
  what: 'check' | 'step';
  /** `criterion api-health`, `step freeze`: for messages. */
  owner: string;
  readers: readonly Reader[];
}

/** Returns the mapping of a `yaml check` or `yaml step` with the reader of the kind that it names; null with the problems added. */
export function readKind<Reader extends { kind: string }>(
  draft: Draft,
  fence: WrittenFence,
  family: Family<Reader>,
): { reader: Reader; written: WrittenMap } | null {
  const written = readYaml(fence.text, { place: fence.placeOfOffset, problems: draft.problems });
  if (written === null) return null;
  if (written.kind !== 'map') {
    addProblem(draft.problems, family.what === 'check' ? 'check_invalid' : 'action_invalid', fence.place(0, 1), {
      message: `${family.what === 'check' ? `check of ${family.owner}` : family.owner} is no mapping`,
      expected: 'kind: and the keys of the kind',
      got: written.kind,
      hint: 'begin with a line such as kind: http',
    });
    return null;
  }
  const reader = readerOf(draft, fence, { ...family, written });
  return reader === null ? null : { reader, written };
}

function readerOf<Reader extends { kind: string }>(
  draft: Draft,
  fence: WrittenFence,
  { what, readers, written }: Family<Reader> & { written: WrittenMap },
): Reader | null {
  const kinds = readers.map(({ kind }) => kind);
  const entry = written.entries.find(({ key }) => key === 'kind');
  const name = entry?.value.kind === 'scalar' ? entry.value.text : null;
  const reader = readers.find(({ kind }) => kind === name);
  if (reader !== undefined) return reader;
  const at = entry === undefined ? fence.place(0, 1) : entry.value.at;
  if (name === null || name === '')
    addProblem(draft.problems, 'kind_unknown', at, {
      message: `the ${what} does not name its kind`,
      expected: `kind: with one of ${kinds.join(', ')}`,
      got: 'none',
      hint: 'add a line such as kind: http',
    });
  else
    addProblem(draft.problems, 'kind_unknown', at, {
      message: `there is no ${what} kind ${name}`,
      expected: `one of ${kinds.join(', ')}`,
      got: name,
      hint: hintFor(name, kinds, `see the reference of ${what} kinds`),
    });
  return null;
}
