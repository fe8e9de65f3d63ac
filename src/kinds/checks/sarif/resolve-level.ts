import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const levels = ['error', 'warning', 'note', 'none'] as const;
/** SARIF 2.1.0, 3.27.10. */
export type Level = (typeof levels)[number];

/** The rules of one run, found once: results of a large report ask for them thousands of times. */
export interface RunRules {
  driver: JsonObject;
  extensions: JsonObject[];
  invocations: JsonObject[];
  byId: Map<string, JsonObject>;
}

/** Returns the rules of a run by tool component and id. */
export function indexRules(run: JsonObject): RunRules {
  const tool = isObject(run['tool']) ? run['tool'] : {};
  const driver = isObject(tool['driver']) ? tool['driver'] : {};
  const extensions = objectsOf(tool['extensions']);
  const byId = new Map<string, JsonObject>();
  for (const rule of [...extensions.toReversed().flatMap(rulesOf), ...rulesOf(driver)])
    if (typeof rule['id'] === 'string') byId.set(rule['id'], rule);
  return { driver, extensions, invocations: objectsOf(run['invocations']), byId };
}

/**
 * Returns the level of a result as 3.27.10 resolves it: its own; `none` where its kind is not `fail`; what the invocation overrides;
 * the default of its rule; else `warning`. Throws `Unreadable` where a level is no level or a rule index points beside its rule.
 */
export function resolveLevel(result: JsonObject, rules: RunRules): Level {
  const own = result['level'];
  if (own !== undefined) return toLevel(own);
  const kind = result['kind'];
  if (kind !== undefined && kind !== 'fail') return 'none';
  const rule = findRule(result, rules);
  const id = rule?.['id'] ?? ruleIdOf(result);
  const overridden = levelOf(overrideFor(id, result, rules)?.['configuration']);
  return overridden ?? levelOf(rule?.['defaultConfiguration']) ?? 'warning';
}

function overrideFor(id: JsonValue | undefined, result: JsonObject, { invocations }: RunRules): JsonObject | undefined {
  const provenance = isObject(result['provenance']) ? result['provenance'] : {};
  const index = provenance['invocationIndex'] ?? (invocations.length === 1 ? 0 : -1);
  const invocation = typeof index === 'number' ? invocations[index] : undefined;
  return objectsOf(invocation?.['ruleConfigurationOverrides']).find(
    ({ descriptor }) => isObject(descriptor) && descriptor['id'] !== undefined && descriptor['id'] === id,
  );
}

function levelOf(configuration: JsonValue | undefined): Level | undefined {
  if (!isObject(configuration) || configuration['level'] === undefined) return undefined;
  return toLevel(configuration['level']);
}

function toLevel(written: JsonValue): Level {
  const level = levels.find((known) => known === written);
  if (level === undefined)
    throw new Unreadable('malformed', `expected a level of SARIF, got ${JSON.stringify(written)}`);
  return level;
}

/** 3.27.5 to 3.27.7: by index into the rules of its component, else by id; `CA1000/1` is the rule CA1000 (3.52.4). */
function findRule(result: JsonObject, rules: RunRules): JsonObject | undefined {
  const reference = isObject(result['rule']) ? result['rule'] : {};
  const index = result['ruleIndex'] ?? reference['index'] ?? -1;
  const id = ruleIdOf(result);
  if (typeof index !== 'number')
    throw new Unreadable('malformed', `expected ruleIndex to be a number, got ${JSON.stringify(index)}`);
  if (index < 0) return id === undefined ? undefined : ruleById(id, rules.byId);
  const rule = rulesOf(componentOf(reference, rules))[index];
  const isNamed = id === undefined || rule?.['id'] === id || id.startsWith(`${textOf(rule?.['id'])}/`);
  if (rule === undefined || !isNamed)
    throw new Unreadable(
      'totals_disagree',
      `result of ${id ?? 'a rule'}: expected its rule at index ${index}, got ${textOf(rule?.['id'] ?? 'none')}`,
    );
  return rule;
}

function ruleById(id: string, byId: ReadonlyMap<string, JsonObject>): JsonObject | undefined {
  for (let part = id; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('/')))) {
    const rule = byId.get(part);
    if (rule) return rule;
  }
  return undefined;
}

function ruleIdOf(result: JsonObject): string | undefined {
  const reference = isObject(result['rule']) ? result['rule'] : {};
  const id = result['ruleId'] ?? reference['id'];
  return typeof id === 'string' ? id : undefined;
}

function componentOf(reference: JsonObject, { driver, extensions }: RunRules): JsonObject {
  const component = isObject(reference['toolComponent']) ? reference['toolComponent'] : {};
  const index = component['index'];
  if (typeof index === 'number' && index >= 0) return extensions[index] ?? {};
  const isMeant = (extension: JsonObject): boolean =>
    (component['guid'] !== undefined && extension['guid'] === component['guid']) ||
    (component['name'] !== undefined && extension['name'] === component['name']);
  return extensions.find(isMeant) ?? driver;
}

function rulesOf(component: JsonObject): JsonObject[] {
  return Array.isArray(component['rules']) ? component['rules'].map((rule) => (isObject(rule) ? rule : {})) : [];
}

/** Returns the objects of a JSON list; nothing where it is no list. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
