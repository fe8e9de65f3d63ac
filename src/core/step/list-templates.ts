import type { JsonValue } from '@tminus/verify';

import type { SpecFault } from '../check/check.ts';
import { toSecretVariableName, toVariableName } from './to-variable-name.ts';

/** One `{{ ... }}` of a step: a value that may be recorded, or a secret, whose variable holds a path. */
export interface StepTemplate {
  kind: 'value' | 'secret';
  /** `candidate.url`, or the id of the secret. */
  name: string;
  variable: string;
}

/** The same as in checks, so that one grammar serves the whole document. */
const template = /\{\{([^{}]*)\}\}/g;
const valueName = /^[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*$/;
const secretName = /^secret\s+"([A-Za-z][\w./-]*)"$/;

/** Returns the templates that a text or a spec uses, each once, in the order in which they stand. Those that make no sense are left out. */
export function listTemplates(spec: JsonValue): StepTemplate[] {
  const found = new Map<string, StepTemplate>();
  for (const { text } of textsOf(spec, []))
    for (const { inner } of findTemplates(text)) {
      const read = readTemplate(inner);
      if (read !== null) found.set(`${read.kind} ${read.name}`, read);
    }
  return [...found.values()];
}

/** Returns a fault for each template that can never be filled in, and for two names that would share one variable. */
export function templateFaults(spec: JsonValue): SpecFault[] {
  const faults: SpecFault[] = [];
  const owners = new Map<string, string>();
  for (const { text, path } of textsOf(spec, [])) {
    for (const { inner, written } of findTemplates(text)) {
      const read = readTemplate(inner);
      const owner = read === null ? undefined : owners.get(read.variable);
      if (read === null) faults.push({ path, got: written, ...unreadable });
      else if (owner !== undefined && owner !== `${read.kind} ${read.name}`)
        faults.push({ path, got: written, expected: `a name that differs from ${owner}`, hint: 'rename one of them' });
      else owners.set(read.variable, `${read.kind} ${read.name}`);
    }
    if (text.replaceAll(template, '').includes('{{'))
      faults.push({ path, got: firstLineWith(text), expected: '}} after {{', hint: 'close the template' });
  }
  return faults;
}

const unreadable = {
  expected: '{{ name }} or {{ secret "name" }}',
  hint: 'name a value such as candidate.url, or a secret in double quotes',
};

/** Returns the text with each template that can be read replaced by what `replace` gives for it; `offset` is where it stands in the text. */
export function replaceTemplates(text: string, replace: (read: StepTemplate, offset: number) => string): string {
  return text.replaceAll(template, (written: string, inner: string, offset: number) => {
    const read = readTemplate(inner.trim());
    return read === null ? written : replace(read, offset);
  });
}

/** Returns every template of a text as it is written, with its offset. */
export function findTemplates(text: string): { inner: string; written: string; offset: number }[] {
  return [...text.matchAll(template)].map((match) => ({
    inner: match[1]!.trim(),
    written: match[0],
    offset: match.index,
  }));
}

function readTemplate(inner: string): StepTemplate | null {
  const secret = secretName.exec(inner)?.[1];
  if (secret !== undefined) return { kind: 'secret', name: secret, variable: toSecretVariableName(secret) };
  return valueName.test(inner) && inner !== 'secret'
    ? { kind: 'value', name: inner, variable: toVariableName(inner) }
    : null;
}

/** Every text inside a value with its path. Keys are no texts: a template as a key would hide what is meant. */
function textsOf(value: JsonValue, path: (string | number)[]): { text: string; path: (string | number)[] }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...path, key]));
}

function firstLineWith(text: string): string {
  const line = text.split('\n').find((each) => each.replaceAll(template, '').includes('{{')) ?? text;
  return line.trim().slice(0, 80);
}
