import type { JsonObject, JsonValue } from '@tminus/verify';

import { replaceTemplates } from './list-templates.ts';
import type { StepTemplate } from './list-templates.ts';

/** A spec with its templates filled in, or the names for which there is nothing. */
export type FilledSpec = { ok: true; spec: JsonObject } | { ok: false; missing: string[] };

/**
 * Returns the spec with every `{{ name }}` replaced from the variables of the attempt; templates of secrets stay as written. For what people are shown: what runs
 * is filled in one pass by `fillTemplates`, since a value may itself look like the template of a secret.
 */
export function fillValues(spec: JsonObject, variables: { readonly [name: string]: string }): FilledSpec {
  return fillTemplates(spec, (template) =>
    template.kind === 'secret' ? `{{ secret "${template.name}" }}` : valueOf(template, variables),
  );
}

/**
 * Returns the spec with every template replaced by what `find` gives for it, once: what came in by a template is not read for templates again. What is
 * missing or empty is never an empty text: `https:///switch` would ask somebody else.
 */
export function fillTemplates(spec: JsonObject, find: (template: StepTemplate) => string | null): FilledSpec {
  const missing = new Set<string>();
  const filled = mapTexts(spec, (text) =>
    replaceTemplates(text, (template) => {
      const value = find(template);
      if (value === null || value === '') missing.add(template.name);
      return value ?? '';
    }),
  ) as JsonObject;
  return missing.size === 0 ? { ok: true, spec: filled } : { ok: false, missing: [...missing] };
}

/** Returns the value of a template among the variables of an attempt, or null. */
export function valueOf({ variable }: StepTemplate, variables: { readonly [name: string]: string }): string | null {
  return Object.hasOwn(variables, variable) ? (variables[variable] ?? null) : null;
}

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}
