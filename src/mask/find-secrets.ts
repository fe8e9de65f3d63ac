import type { SecretPart } from './known-secret.ts';
import { toSecretForms } from './secret-forms.ts';
import { addForms, createSecretIndex, findForms, type FormHit, type SecretIndex } from './secret-index.ts';
import type { Span } from './span.ts';
import { rawEnd, type SqueezedText } from './squeeze.ts';

/** Known secrets, ready to be searched for. */
export interface SecretSet {
  index: SecretIndex;
  /** Names by index of secret. */
  names: string[];
}

/** A set without secrets. */
export function createSecretSet(): SecretSet {
  return { index: createSecretIndex(), names: [] };
}

/** Has the set look for these texts in all forms, too, from the next search on. */
export function addParts({ index, names }: SecretSet, parts: readonly SecretPart[]): void {
  for (const { name, value, anchor } of parts) addForms(index, toSecretForms(names.push(name) - 1, value, anchor));
}

/** The stretches of raw text in which known secrets stand, in any form. */
export function findSecrets({ index, names }: SecretSet, raw: Uint8Array, text: SqueezedText): Span[] {
  return findForms(index, text).map((hit) => toSpan(hit, names, { raw, text }));
}

/** From the first to the last byte that the form was read from, with the neighbours that share bits with it, and never half a character of UTF-8. */
function toSpan(
  { from, to, form }: FormHit,
  names: readonly string[],
  view: { raw: Uint8Array; text: SqueezedText },
): Span {
  const { raw, text } = view;
  let first = from;
  let last = to - 1;
  for (let step = 0; step < form.slack; step += 1) {
    if (first > 0 && isNear(view, first - 1, first)) first -= 1;
    if (last + 1 < text.length && isNear(view, last, last + 1)) last += 1;
  }
  let end = rawEnd(raw, text.starts[last]!);
  while (end < raw.length && raw[end]! >= 0x80 && raw[end]! < 0xc0) end += 1;
  return { from: text.starts[first]!, to: end, label: names[form.secret] ?? 'secret' };
}

/** Whether two squeezed bytes stand side by side in the raw text, and the outer ones are characters of base64. */
function isNear({ raw, text }: { raw: Uint8Array; text: SqueezedText }, left: number, right: number): boolean {
  const [one, other] = [text.starts[left]!, text.starts[right]!];
  return other - one === 1 && isBase64(raw[one]!) && isBase64(raw[other]!);
}

function isBase64(byte: number): boolean {
  return /[A-Za-z0-9+/=_-]/.test(String.fromCharCode(byte));
}
