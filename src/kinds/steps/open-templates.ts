import type { JsonObject } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { fillTemplates, valueOf } from '../../core/step/fill-values.ts';
import { listTemplates } from '../../core/step/list-templates.ts';
import type { StepContext, StepOutcome } from '../../core/step/step-kind.ts';
import { toFailed } from './step-outcome.ts';

/** A spec with values and secrets in it, for the moment in which it is used; nothing of it may be kept. */
export type OpenedSpec = { ok: true; spec: JsonObject; hide(text: string): string } | { ok: false; end: StepOutcome };

/**
 * Fills in every template of a spec, secrets included, or tells as a failed outcome which cannot be had. In one pass: a value that looks like the template
 * of a secret opens nothing. `hide` takes the values of these secrets out of a text that is to be kept.
 */
export async function openTemplates(spec: JsonObject, context: StepContext): Promise<OpenedSpec> {
  const opened = await openSecrets(spec, context);
  if (!opened.ok) return opened;
  const secrets = new Map(opened.values.map((value) => [value.name, value.exposeText()]));
  for (const value of opened.values) value.wipe();
  const filled = fillTemplates(spec, (template) =>
    template.kind === 'secret' ? (secrets.get(template.name) ?? null) : valueOf(template, context.variables),
  );
  return filled.ok
    ? { ok: true, spec: filled.spec, hide: hiderOf(secrets) }
    : { ok: false, end: toMissing(filled.missing) };
}

/** Opens the secrets that a spec names, or tells which cannot be had. */
export async function openSecrets(
  spec: JsonObject,
  context: StepContext,
): Promise<{ ok: true; values: SecretValue[] } | { ok: false; end: StepOutcome }> {
  const values: SecretValue[] = [];
  try {
    for (const { kind, name } of listTemplates(spec))
      if (kind === 'secret') values.push(await context.openSecret(name));
    return { ok: true, values };
  } catch (error) {
    for (const value of values) value.wipe();
    if (!(error instanceof ProductError)) throw error;
    return { ok: false, end: toFailed(`${error.message}; ${error.hint}`) };
  }
}

/** Returns the failed outcome for values that are not there. */
export function toMissing(names: readonly string[]): StepOutcome {
  return toFailed(`${names.map((name) => `{{ ${name} }}`).join(', ')}: expected a value, got none`);
}

/** Returns a function that puts the name of a secret wherever its value stands in a text. */
export function hiderOf(secrets: ReadonlyMap<string, string>): (text: string) => string {
  // Longest first: a secret that is part of another one must not leave the rest of it standing.
  const known = [...secrets].filter(([, value]) => value.trim() !== '').toSorted((a, b) => b[1].length - a[1].length);
  return (text) =>
    known.reduce(
      (rest, [name, value]) =>
        formsOf(value).reduce((each, form) => each.replaceAll(form, () => `[secret ${name}]`), rest),
      text,
    );
}

function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const bytes = Buffer.from(value);
  return [...new Set([value, trimmed, encodeURIComponent(trimmed), bytes.toString('base64'), bytes.toString('hex')])];
}
