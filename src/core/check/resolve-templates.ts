import { closest } from 'fastest-levenshtein';

import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Expectation } from './check.ts';
import { withValue, isTemplated } from './read-expectation.ts';

/** Values that a template may name, by full name (`candidate.url`); null where it is declared but not known. */
export type TemplateValues = ReadonlyMap<string, string | null>;

export interface TemplateFault {
  path: (string | number)[];
  expected: string;
  got: string;
  hint: string;
}

export type ResolvedCheck =
  | { ok: true; spec: JsonObject; expectations: Expectation[] }
  | { ok: false; faults: TemplateFault[] };

const template = /\{\{([^{}]*)\}\}/g;

/**
 * The spec and expectations with every `{{ name }}` replaced by its value, or every template that cannot be.
 * A value that is not known is a fault and never an empty text: `https:///health` would ask somebody else.
 */
export function resolveTemplates(
  check: { spec: JsonObject; expectations: readonly Expectation[] },
  values: TemplateValues,
): ResolvedCheck {
  const faults: TemplateFault[] = [];
  const fill = (value: JsonValue, path: (string | number)[]): JsonValue => fillValue(value, { path, values, faults });
  const spec = fill(check.spec, []) as JsonObject;
  const expectations = check.expectations.map((expectation, index) =>
    isTemplated(expectation) ? withValue(expectation, fill(expectation.value, ['expect', index])) : expectation,
  );
  return faults.length === 0 ? { ok: true, spec, expectations } : { ok: false, faults };
}

/** One text with its templates filled in, or the faults. */
export function resolveText(
  text: string,
  values: TemplateValues,
): { ok: true; text: string } | { ok: false; faults: TemplateFault[] } {
  const faults: TemplateFault[] = [];
  const filled = fillText(text, { path: [], values, faults });
  return faults.length === 0 ? { ok: true, text: filled } : { ok: false, faults };
}

interface Scene {
  path: (string | number)[];
  values: TemplateValues;
  faults: TemplateFault[];
}

function fillValue(value: JsonValue, scene: Scene): JsonValue {
  if (typeof value === 'string') return fillText(value, scene);
  if (Array.isArray(value))
    return value.map((item, index) => fillValue(item, { ...scene, path: [...scene.path, index] }));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fillValue(inner, { ...scene, path: [...scene.path, key] })]),
  );
}

function fillText(text: string, scene: Scene): string {
  const filled = text.replaceAll(template, (written, inner: string) => {
    const value = lookUp(inner.trim(), scene.values);
    if (typeof value === 'string') return value;
    scene.faults.push({ path: scene.path, got: written, ...value });
    return written;
  });
  if (text.replaceAll(template, '').includes('{{')) {
    scene.faults.push({ path: scene.path, expected: '}} after {{', got: text, hint: 'close the template' });
  }
  return filled;
}

function lookUp(name: string, values: TemplateValues): string | Omit<TemplateFault, 'path' | 'got'> {
  if (/^secret\b/.test(name))
    return {
      expected: 'a value that may be recorded',
      hint: 'checks cannot use secrets yet: no secrets provider is configured for them',
    };
  const value = values.get(name);
  const nearest = closest(name, [...values.keys()]);
  if (value === undefined)
    return { expected: `one of ${[...values.keys()].join(', ')}`, hint: `did you mean {{ ${nearest} }}?` };
  if (value === null || value === '')
    return { expected: `a value of ${name}`, hint: `${name} is not set: declare it in the front matter` };
  return value;
}
