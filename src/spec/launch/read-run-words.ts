import type { Procedure } from '../../core/launch/launch.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Draft } from './draft.ts';
import type { Section } from './outline.ts';
import { addProblem } from './problem.ts';
import { readRecurrence, recurrenceWords } from './read-recurrence.ts';
import { refer } from './refer.ts';
import { nameIt } from './take-attributes.ts';
import type { Taken } from './take-attributes.ts';
import type { Keys } from './take-keys.ts';

/** Attributes of the heading of a phase that concern the count. */
export const phaseWords = ['hold', 'release', 'recycle'] as const;
/** What a procedure says about its runs: in the braces of its heading, or in the front matter of its document. */
export const runWords = ['deciders', 'limit', 'queue', ...recurrenceWords] as const;

/** Returns what a procedure holds before anything of it is read. */
export function startProcedure(): Omit<Procedure, 'id' | 'title' | 'kind' | 'at'> {
  return { steps: [], holds: [], recyclePoints: [], deciders: null, limitMs: null, queueLimitMs: null };
}

/** Reads the planned hold and the recycle point that the heading of a phase declares, into the procedure that the phase belongs to. */
export function readPhaseWords(
  draft: Draft,
  section: Section,
  { taken, offsetMs, procedure }: { taken: Taken; offsetMs: number | null; procedure: Procedure },
): void {
  const hold = taken.text('hold');
  const forMs = taken.length('hold');
  const release = taken.word('release', ['clock', 'person'] as const);
  const recycle = taken.text('recycle');
  const isRecycle = taken.flag('recycle') === true;
  if (offsetMs === null) {
    for (const written of [hold, recycle]) if (written !== null) refuseTimeless(draft, written.at);
    return;
  }
  if (hold === null && taken.text('release') !== null) refuseRelease(draft, taken.text('release')?.at ?? section.at);
  const title = section.title.text;
  const name = (): string => nameCount(draft, section);
  if (forMs !== null) procedure.holds.push({ id: name(), title, offsetMs, forMs, release, at: section.at });
  if (isRecycle) {
    const id = forMs === null ? name() : `${procedure.holds.at(-1)?.id ?? ''}-recycle`;
    procedure.recyclePoints.push({ id, title, offsetMs, at: section.at });
  }
}

function nameCount(draft: Draft, { title: { text, attributes }, at }: Section): string {
  return nameIt(draft, { attributes, title: text, family: 'hold or recycle point', what: 'hold or recycle point', at });
}

function refuseTimeless(draft: Draft, at: Place): void {
  addProblem(draft.problems, 'attribute_invalid', at, {
    message: 'the count has no place for this hold or recycle point',
    expected: 'an offset in the title, such as T-20m',
    got: 'a phase without a time',
    hint: 'write the offset at the beginning of the heading',
  });
}

function refuseRelease(draft: Draft, at: Place): void {
  addProblem(draft.problems, 'attribute_invalid', at, {
    message: 'there is no hold to release here',
    expected: 'hold= with a duration beside release=',
    got: 'release= alone',
    hint: 'add hold=10m, or remove release=',
  });
}

/** Reads who decides in a run of a procedure and how long one may take, from the braces of its heading. */
export function readRunWords(draft: Draft, procedure: Procedure, taken: Taken): void {
  procedure.limitMs = taken.length('limit');
  procedure.queueLimitMs = taken.length('queue');
  const deciders = taken.list('deciders').map(({ value, at }) => ({ text: value, at }));
  referDeciders(draft, procedure, deciders);
  readRecurrence(draft, procedure, (word) => taken.text(word));
}

/** Reads the same from the front matter of a document that is a procedure as a whole. */
export function readRunKeys(draft: Draft, procedure: Procedure, keys: Keys): void {
  procedure.limitMs = keys.length('limit');
  procedure.queueLimitMs = keys.length('queue');
  referDeciders(draft, procedure, keys.list('deciders'));
  readRecurrence(draft, procedure, (word) => {
    const value = keys.text(word);
    return value === null ? null : { value, at: keys.at(word) };
  });
}

function referDeciders(draft: Draft, procedure: Procedure, names: readonly { text: string; at: Place }[]): void {
  if (names.length === 0) return;
  const deciders: string[] = [];
  procedure.deciders = deciders;
  for (const { text, at } of names) {
    const settle = (role: string): void => void (deciders.includes(role) || deciders.push(role));
    refer(draft, { use: `deciders of procedure ${procedure.id}`, target: 'role', name: text, at, settle });
  }
}
