import type { Procedure } from '../../core/launch/launch.ts';
import type { Recurrence } from '../../core/launch/recurrence.ts';
import type { Place } from '../../core/launch/place.ts';
import { isTimeZone, readTimeOfDay, toCron } from '../../core/schedule/read-every.ts';
import type { Draft } from './draft.ts';
import { addProblem } from './problem.ts';
import { readDuration } from './read-offset.ts';
import type { WrittenAttribute } from './read-title.ts';
import { refer } from './refer.ts';

/** What a procedure says about being run again and again. */
export const recurrenceWords = ['every', 'at', 'zone', 'within', 'as', 'after'] as const;
type Word = (typeof recurrenceWords)[number];

/** Reads when a procedure recurs, where it says `every`; the other words mean nothing without it. */
export function readRecurrence(
  draft: Draft,
  procedure: Procedure,
  text: (word: Word) => WrittenAttribute | null,
): void {
  const every = text('every');
  if (every === null) return refuseOwnerless(draft, procedure, text);
  const read = <Value>(word: Word, expected: string, parse: (value: string) => Value | null): Value | null => {
    const written = text(word);
    const value = written === null ? null : parse(written.value);
    if (written !== null && value === null) refuse(draft, procedure, { word, written, expected });
    return value;
  };
  const at = read('at', 'a time of the day such as 09:30', readTimeOfDay);
  const cron = read(
    'every',
    '1d, 1w or five fields of cron such as "0 9 * * 1-5" (which say the time themselves)',
    (value) => toCron(value, at),
  );
  const timeZone = read('zone', 'a time zone such as Europe/Berlin', (name) => (isTimeZone(name) ? name : null));
  const withinMs = read('within', 'a duration above zero such as 8h', (value) => readDuration(value) || null);
  if (cron === null) return;
  const recurs: Recurrence = { cron, timeZone: timeZone ?? 'UTC', withinMs, requester: null, after: null };
  procedure.recurs = recurs;
  referTo(draft, {
    procedure,
    written: text('as'),
    word: 'as',
    target: 'person',
    settle: (id) => (recurs.requester = id),
  });
  referTo(draft, {
    procedure,
    written: text('after'),
    word: 'after',
    target: 'step or procedure',
    settle: (id) => (recurs.after = id),
  });
}

function referTo(
  draft: Draft,
  {
    procedure,
    written,
    word,
    target,
    settle,
  }: {
    procedure: Procedure;
    written: WrittenAttribute | null;
    word: Word;
    target: 'person' | 'step or procedure';
    settle: (id: string) => void;
  },
): void {
  if (written === null) return;
  const use = `${word} of procedure ${procedure.id}`;
  refer(draft, { use, target, name: written.value, at: written.at, settle });
}

function refuseOwnerless(draft: Draft, procedure: Procedure, text: (word: Word) => WrittenAttribute | null): void {
  for (const word of recurrenceWords) {
    const written = text(word);
    if (written === null) continue;
    addProblem(draft.problems, 'attribute_invalid', written.at, {
      message: `${word} of procedure ${procedure.id} means nothing without every=`,
      expected: 'every= beside it',
      got: `${word} alone`,
      hint: 'add every=1d or every=1w, or remove it',
    });
  }
}

interface Refused {
  word: Word;
  written: { value: string; at: Place };
  expected: string;
}

function refuse(draft: Draft, { id }: Procedure, { word, written, expected }: Refused): void {
  addProblem(draft.problems, 'attribute_invalid', written.at, {
    message: `${word} of procedure ${id} cannot be read`,
    expected,
    got: written.value,
    hint: `write ${word} with ${expected}`,
  });
}
