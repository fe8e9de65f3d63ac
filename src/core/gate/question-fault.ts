import { canonicalize } from '@tminus/verify';
import type { Binding, EvidenceRecord, JsonObject, JsonValue } from '@tminus/verify';

import { findPerson } from '../approval/authority.ts';
import type { Roster } from '../approval/authority.ts';
import type { CheckDeclaration } from '../check/check.ts';
import { resolveTemplates } from '../check/resolve-templates.ts';
import type { TemplateValues } from '../check/resolve-templates.ts';
import type { Fault } from './evidence-faults.ts';

const expected = 'the check as the document declares it';

/**
 * Why a record does not answer the check that is declared, or null. The digest of the check in a record is only a claim: what was
 * really asked stands in its spec and expectations, and must be the declaration with the templates of this candidate filled in.
 */
export function questionFault(record: EvidenceRecord, check: CheckDeclaration, values: TemplateValues): Fault | null {
  if (record.check.kind !== check.kind) return { expected, got: `the ${record.check.kind} check` };
  const asked = resolveTemplates(check, values);
  if (!asked.ok) return { expected, got: 'a check whose templates cannot be filled in' };
  if (canonicalize(record.spec) !== canonicalize(asked.spec)) return { expected, got: 'another spec' };
  const texts = asked.expectations.map(({ text }) => text);
  if (canonicalize(record.expectations) !== canonicalize(texts)) return { expected, got: 'other expectations' };
  const rules = record.judgement.findings.map(({ rule }) => rule);
  // No findings at all are judged as unknown, with that reason.
  const isComplete = rules.length === 0 || (isSubset(rules, texts) && isSubset(texts, rules));
  return isComplete ? null : { expected, got: 'findings on other expectations' };
}

/** What a person's word has to be about, and who is known. */
export interface WordGround {
  criterion: string;
  binding: Binding;
  roster: Roster;
}

/**
 * Why a record is not the word of the person it names, or null. A `manual` record carries the keys that its signature was checked
 * with: they must be those of the launch, or anybody could bring a key of their own.
 */
export function wordFault({ spec, facts, producer }: EvidenceRecord, ground: WordGround): Fault | null {
  const id = producer.kind === 'person' ? producer.person : '';
  const wanted = `the signed word of ${id}`;
  if (facts?.['signature'] !== 'valid' || facts['person'] !== id)
    return { expected: wanted, got: 'no valid signature' };
  const { launch, planHash, candidateSha256, environment } = ground.binding;
  const about = { binding: { launch, planHash, candidateSha256, environment }, criterion: ground.criterion };
  const got = { binding: spec['binding'] ?? null, criterion: spec['criterion'] ?? null };
  if (canonicalize(got) !== canonicalize(about)) return { expected: wanted, got: 'a word about something else' };
  const person = findPerson(ground.roster, id);
  const known = toList(spec['people']).filter((each) => each['id'] === id);
  const isKnown = person !== null && known.length === 1 && known[0]!['key'] === person.key;
  return isKnown ? null : { expected: wanted, got: 'a signature by a key that the launch does not declare' };
}

function toList(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((text) => whole.includes(text));
}
