import type { Outcome } from '@tminus/verify';

import { findPerson } from './authority.ts';
import type { Roster } from './authority.ts';

/** Whether somebody other than its authors has read a document. */
export interface SecondReader {
  outcome: Outcome;
  expected: string;
  got: string;
}

/**
 * A reviewer counts who is a declared human and none of the authors, under any account (C18, F01). `authors` are the names and
 * ids that Git history gives; without any, nobody knows whether the reviewer is one of them.
 */
export function assessSecondReader(roster: Roster, reviewer: string | null, authors: readonly string[]): SecondReader {
  const expected = 'a human reader who is not among the authors';
  const end = (outcome: Outcome, got: string): SecondReader => ({ outcome, expected, got });
  if (reviewer === null) return end('unknown', 'no reviewer');
  if (authors.length === 0) return end('unknown', 'no authors in the history of the document');
  const person = findPerson(roster, reviewer);
  if (!person) return end('unknown', `${reviewer}, who is not declared in the launch`);
  if (person.automation) return end('fail', `${reviewer}, who is an automation`);
  const accounts = roster.people.filter(({ human }) => human === person.human);
  const names = new Set([person.human, ...accounts.flatMap(({ id, name }) => [id, name])].map(fold));
  return authors.some((author) => names.has(fold(author)))
    ? end('fail', `${reviewer}, who is one of the authors`)
    : end('pass', reviewer);
}

function fold(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
