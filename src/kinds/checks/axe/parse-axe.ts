import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const impacts = ['critical', 'serious', 'moderate', 'minor'] as const;
/** How much a rule that is broken hurts; `unrated` where axe did not say. */
type Impact = (typeof impacts)[number] | 'unrated';

/** One rule that a page breaks, with the number of its places. */
export interface AxeViolation {
  rule: string;
  impact: Impact;
  nodes: number;
}

/** What axe found on one page. */
export interface AxePage {
  /** Null in the raw form, which does not name the page. */
  url: string | null;
  violations: AxeViolation[];
  passes: number;
  incomplete: number;
  inapplicable: number;
}

/**
 * Returns the pages of an axe report: one result object (reporters v1 and v2), the list of pages that axe-cli writes, or the list of
 * rules of the raw reporter, which is one page. Throws `Unreadable` where it is none of them or a page was not tested by any rule.
 */
export function parseAxe(bytes: Uint8Array): AxePage[] {
  const report = parseJson(bytes);
  const items = Array.isArray(report) ? report : [report];
  if (items.length === 0) throw new Unreadable('nothing_tested', 'expected at least one page, got an empty list');
  const pages = items.every(isRawRule) ? [readRawPage(items)] : items.map(readPage);
  for (const page of pages)
    if (page.passes + page.violations.length === 0)
      throw new Unreadable('nothing_tested', `${page.url ?? 'page'}: expected rules that passed or failed, got none`);
  return pages;
}

function readPage(page: JsonValue): AxePage {
  const engine = isObject(page) && isObject(page['testEngine']) ? page['testEngine']['name'] : null;
  if (!isObject(page) || engine !== 'axe-core' || typeof page['url'] !== 'string')
    throw new Unreadable('wrong_format', 'expected a result of axe-core with its url, got other JSON');
  const [violations, passes, incomplete, inapplicable] = ['violations', 'passes', 'incomplete', 'inapplicable'].map(
    (key) => {
      const rules = page[key];
      if (!Array.isArray(rules) || !rules.every(isObject))
        throw new Unreadable('wrong_format', `expected ${key} to be a list of rules, got none`);
      return rules;
    },
  ) as [JsonObject[], JsonObject[], JsonObject[], JsonObject[]];
  return {
    url: page['url'],
    violations: violations.map((rule) => readViolation(rule, rule['nodes'])),
    passes: passes.length,
    incomplete: incomplete.length,
    inapplicable: inapplicable.length,
  };
}

/** Both are lists of objects with a list called violations: only a rule has a `result` of its own. */
function isRawRule(item: JsonValue): item is JsonObject {
  return (
    isObject(item) &&
    typeof item['id'] === 'string' &&
    'result' in item &&
    'pageLevel' in item &&
    !('testEngine' in item)
  );
}

function readRawPage(rules: readonly JsonObject[]): AxePage {
  const broken = rules.filter((rule) => has(rule, 'violations'));
  for (const rule of rules)
    if ((rule['result'] === 'failed') !== broken.includes(rule))
      throw new Unreadable(
        'totals_disagree',
        `rule ${textOf(rule['id'])} declares the result ${textOf(rule['result'])}, its places say otherwise`,
      );
  const rest = rules.filter((rule) => !broken.includes(rule));
  const unclear = rest.filter((rule) => has(rule, 'incomplete'));
  const passed = rest.filter((rule) => !unclear.includes(rule) && has(rule, 'passes'));
  return {
    url: null,
    violations: broken.map((rule) => readViolation(rule, rule['violations'])),
    passes: passed.length,
    incomplete: unclear.length,
    inapplicable: rest.length - unclear.length - passed.length,
  };
}

function has(rule: JsonObject, key: string): boolean {
  const nodes = rule[key];
  if (!Array.isArray(nodes))
    throw new Unreadable('wrong_format', `rule ${textOf(rule['id'])}: expected a list of ${key}, got none`);
  return nodes.length > 0;
}

/** The impact of a rule is the worst of its places; where the two differ, the worse one is believed. */
function readViolation(rule: JsonObject, nodes: JsonValue | undefined): AxeViolation {
  if (typeof rule['id'] !== 'string' || !Array.isArray(nodes) || nodes.length === 0)
    throw new Unreadable('wrong_format', 'expected a broken rule to have an id and places, got neither');
  const found = [rule, ...nodes].map((each) => (isObject(each) ? each['impact'] : null));
  const impact = impacts.find((known) => found.includes(known)) ?? 'unrated';
  return { rule: rule['id'], impact, nodes: nodes.length };
}
