import { addParts, createSecretSet, type SecretSet } from './find-secrets.ts';
import { admitSecrets, type KnownSecret, type Refusal, retiredForMs } from './known-secret.ts';
import { maskJsonValue } from './mask-json.ts';
import { createStream, type MaskStream, type MaskTargets } from './mask-stream.ts';
import { maskWhole, rulesOfSink } from './masker.ts';
import type { SinkProfile } from './rules/personal-rules.ts';
import { compileRules, type Rule } from './rules/user-rule.ts';
import { sweep, type SweepReport } from './sweep/sweep.ts';

/** What a desk is made of. */
export interface MaskDeskInput {
  /** Rules of users, beside the built-in ones. */
  rules: readonly Rule[];
  /** The moment, asked for only when a secret is retired or could be forgotten. */
  clock: () => Date;
  /** Told of each secret and rule that cannot be masked, whenever one is handed in: whoever handed it in has to know. */
  onRefused: (refusal: Refusal) => void;
}

/** What one process has handed out, and the maskers of all its sinks. */
export interface MaskDesk {
  /** Masks the value from now on, in open streams as well. A former value of the name is retired and stays masked for 24 hours (A4). */
  add(name: string, value: string | Uint8Array, allowWeak?: boolean): void;
  /** Has the value of this name forgotten 24 hours from now. */
  retire(name: string): void;
  maskText(profile: SinkProfile, text: string): string;
  maskJson(profile: SinkProfile, value: unknown): unknown;
  /** A stream of bytes, masked across chunk borders. One for each of stdout and stderr. */
  createStream(profile: SinkProfile): MaskStream;
  /** Decodes what was written and names each secret in it (S3): all that are known at this moment, and shapes of others. */
  sweep(written: Uint8Array | AsyncIterable<Uint8Array>): Promise<SweepReport>;
}

/** The one place of a process that knows what must not be seen. Text that is masked before `add` returns was masked without that secret. */
export function createMaskDesk({ rules, clock, onRefused }: MaskDeskInput): MaskDesk {
  const { compiled, refused } = compileRules(rules);
  for (const refusal of refused) onRefused(refusal);
  const targetsByProfile = new Map<SinkProfile, MaskTargets>();
  const cabinet = createCabinet(clock, onRefused);
  const targetsOf = (profile: SinkProfile): MaskTargets => {
    const known = targetsByProfile.get(profile) ?? { secrets: cabinet.set(), rules: rulesOfSink(compiled, profile) };
    known.secrets = cabinet.set();
    targetsByProfile.set(profile, known);
    return known;
  };
  const maskText = (profile: SinkProfile, text: string): string => maskWhole(text, targetsOf(profile));
  return {
    add: (name, value, allowWeak = false) => cabinet.add({ name, value, retiredAt: null, allowWeak }),
    retire: (name) => cabinet.retire(name),
    maskText,
    maskJson: (profile, value) => maskJsonValue(value, (text) => maskText(profile, text)),
    createStream: (profile) => createStream(() => targetsOf(profile)),
    sweep: (written) => sweep(written, { secrets: cabinet.set() }),
  };
}

interface Cabinet {
  add(secret: KnownSecret): void;
  retire(name: string): void;
  /** What is masked at this moment. */
  set(): SecretSet;
}

/** Keeps secrets until 24 hours after they were retired. Adding one costs what it has of forms; only forgetting builds the set anew. */
function createCabinet(clock: () => Date, onRefused: (refusal: Refusal) => void): Cabinet {
  let kept: KnownSecret[] = [];
  let set = createSecretSet();
  let nextForgotten = Number.POSITIVE_INFINITY;

  function retireOthers(name: string, value: string | Uint8Array | null): void {
    const now = clock();
    kept = kept.map((secret) =>
      secret.name === name && secret.retiredAt === null && !isSame(secret.value, value)
        ? { ...secret, retiredAt: now.toISOString() }
        : secret,
    );
    nextForgotten = Math.min(nextForgotten, now.getTime() + retiredForMs);
  }

  function forget(): void {
    const now = clock();
    if (now.getTime() < nextForgotten) return;
    kept = kept.filter(({ retiredAt }) => retiredAt === null || now.getTime() - Date.parse(retiredAt) < retiredForMs);
    set = createSecretSet();
    addParts(set, admitSecrets(kept, now).parts);
    const retired = kept.flatMap(({ retiredAt }) => (retiredAt === null ? [] : [Date.parse(retiredAt)]));
    nextForgotten = Math.min(...retired.map((at) => at + retiredForMs));
  }

  return {
    add(secret) {
      const { parts, refused } = admitSecrets([secret], new Date(0));
      const known = kept.filter(({ name }) => name === secret.name);
      if (known.length > 0) retireOthers(secret.name, secret.value);
      kept = kept.filter(({ name, value }) => name !== secret.name || !isSame(value, secret.value));
      kept.push({ ...secret, value: toBytes(secret.value) });
      if (!known.some(({ value, allowWeak }) => isSame(value, secret.value) && allowWeak === secret.allowWeak))
        addParts(set, parts);
      for (const refusal of refused) onRefused(refusal);
    },
    retire: (name) => retireOthers(name, null),
    set() {
      if (nextForgotten < Number.POSITIVE_INFINITY) forget();
      return set;
    },
  };
}

function isSame(one: string | Uint8Array, other: string | Uint8Array | null): boolean {
  return other !== null && toBytes(one).equals(toBytes(other));
}

function toBytes(value: string | Uint8Array): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
}
