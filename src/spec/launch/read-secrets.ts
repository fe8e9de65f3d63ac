import type { JsonObject } from '@tminus/verify';

import type { Draft } from './draft.ts';
import { looksLikeSecret } from './looks-like-secret.ts';
import { addProblem } from './problem.ts';
import { checkId, takeKeys } from './take-keys.ts';
import { toJson } from './written-yaml.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

/** Where a secret may be kept, with the further keys that the store takes; the value names it there. Each has a provider in src/kinds/secrets. */
const storeKeys: { readonly [store: string]: readonly string[] } = {
  env: [],
  file: [],
  age: [],
  vault: ['key', 'version'],
  aws: ['key', 'version'],
};
const stores = Object.keys(storeKeys);

/** Reads the references to secrets. What is there instead of a reference is never repeated in a message. */
export function readSecrets(draft: Draft, entries: readonly WrittenEntry[]): void {
  for (const { key, at, value } of entries) {
    const name = key.replaceAll('/', '-');
    if (!checkId(draft.problems, { key: name, at }, 'a secret')) continue;
    if (value.kind !== 'map') {
      addLiteral(draft, key, value);
      continue;
    }
    const named = stores.filter((store) => value.entries.some((entry) => entry.key === store));
    const further = named.length === 1 ? (storeKeys[named[0] ?? ''] ?? []) : ['key', 'version'];
    const known = [...(named.length === 1 ? named : stores), ...further];
    const keys = takeKeys(draft.problems, { owner: `secret ${key}`, written: value, known });
    const kept = stores.filter((store) => keys.entry(store) !== null);
    const literal = value.entries.find(({ key: store, value: inner }) => isLiteral(store, inner));
    if (literal !== undefined) addLiteral(draft, key, literal.value);
    else if (kept.length !== 1) {
      addProblem(draft.problems, 'key_missing', at, {
        message: `secret ${key} does not say where it is kept`,
        expected: `one of ${stores.join(', ')}`,
        got: `${kept.length} of them`,
        hint: `write a reference such as { env: DNS_KEY }; there is a provider for ${stores.join(', ')} and for nothing else`,
      });
    } else draft.launch.secrets.push({ id: key, reference: toJson(value) as JsonObject, at });
  }
}

function isLiteral(store: string, value: Written): boolean {
  if (value.kind !== 'scalar') return false;
  if (store === 'env') return !/^[A-Za-z_][A-Za-z0-9_]*$/.test(value.text) || looksLikeSecret(value.text);
  return looksLikeSecret(value.text);
}

function addLiteral(draft: Draft, key: string, value: Written): void {
  addProblem(draft.problems, 'secret_literal', value.at, {
    message: `secret ${key} is not a reference`,
    expected: 'a reference such as { env: DNS_KEY } or { file: ../secrets/dns }',
    got: 'a value that may be the secret itself',
    hint: 'take the value out of the document, change the secret, and write where it is kept',
  });
}
