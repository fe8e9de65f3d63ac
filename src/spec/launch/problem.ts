import { closest, distance } from 'fastest-levenshtein';

import type { Place } from '../../core/launch/place.ts';

/** Codes of what can be wrong with a declaration; each has a section in docs/reference/launch-document.md. */
export type ProblemCode =
  | 'launch_missing'
  | 'launch_duplicate'
  | 'document_refused'
  | 'document_damaged'
  | 'merge_conflict'
  | 'yaml_invalid'
  | 'yaml_alias'
  | 'yaml_tag'
  | 'key_forbidden'
  | 'key_duplicate'
  | 'key_unknown'
  | 'key_missing'
  | 'value_invalid'
  | 'secret_literal'
  | 'attribute_invalid'
  | 'attribute_unknown'
  | 'attribute_duplicate'
  | 'attribute_ownerless'
  | 'id_duplicate'
  | 'id_invalid'
  | 'reference_unknown'
  | 'needs_cycle'
  | 'gate_empty'
  | 'gate_phase_missing'
  | 'fresh_missing'
  | 'role_empty'
  | 'role_missing'
  | 'check_invalid'
  | 'budget_unapproved'
  | 'check_duplicate'
  | 'kind_unknown'
  | 'fence_ownerless'
  | 'action_duplicate'
  | 'action_invalid'
  | 'declaration_invalid'
  | 'step_nested'
  | 'cell_invalid';

/** A fault in what is declared. The launch cannot be read until it is mended; all of them are told at once. */
export interface Problem {
  code: ProblemCode;
  severity: 'error';
  /** Lower case, no full stop: the name of the thing and what is wrong with it. */
  message: string;
  file: string;
  line: number;
  column: number;
  expected: string;
  got: string;
  hint: string;
}

export interface Fault {
  message: string;
  expected: string;
  got: string;
  hint: string;
}

/** Adds one problem; the list is the only thing that the readers of a launch change. */
export function addProblem(problems: Problem[], code: ProblemCode, at: Place, fault: Fault): void {
  const { file, line, column } = at;
  problems.push({
    code,
    severity: 'error',
    ...fault,
    got: fault.got === '' ? 'nothing' : fault.got,
    file,
    line,
    column,
  });
}

/** Returns the known word that was probably meant, or null where none is near. */
export function nearestWord(word: string, known: Iterable<string>): string | null {
  const words = [...known];
  if (words.length === 0 || word.length > 200) return null;
  const nearest = closest(word.toLowerCase(), words);
  const limit = Math.min(Math.max(2, word.length / 2), word.length - 1);
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= limit ? nearest : null;
}

/** Returns the hint for an unknown word: the nearest known one, else all of them, else what to do where there is none. */
export function hintFor(word: string, known: Iterable<string>, otherwise: string): string {
  const words = [...known];
  const nearest = nearestWord(word, words);
  if (nearest !== null) return `did you mean ${nearest}?`;
  return words.length > 0 && words.length <= 12 ? `known are ${words.join(', ')}` : otherwise;
}

/** Returns text short enough for a line of output. */
export function short(text: string): string {
  const folded = text.replace(/\s+/g, ' ').trim();
  return folded.length > 80 ? `${folded.slice(0, 79)}…` : folded;
}
