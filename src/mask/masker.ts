import { buildRuleSet, type RuleSet } from './find-by-rule.ts';
import { addParts, createSecretSet, type SecretSet } from './find-secrets.ts';
import { admitSecrets, type KnownSecret, type Refusal } from './known-secret.ts';
import { maskJsonValue } from './mask-json.ts';
import { createStream, findSpans, type MaskStream, type MaskTargets } from './mask-stream.ts';
import { builtInRules } from './rules/built-in-rules.ts';
import { emailRule, personalData, type SinkProfile } from './rules/personal-rules.ts';
import { compileRules, type LineRule, type Rule } from './rules/user-rule.ts';
import { renderSpans } from './span.ts';

/** What a masker is made of. */
export interface MaskerInput {
  secrets: readonly KnownSecret[];
  /** Rules of users, beside the built-in ones. */
  rules: readonly Rule[];
  profile: SinkProfile;
  /** The moment that decides which retired secrets are still masked. */
  now: Date;
}

/** Masks everything on its way to one sink. */
export interface Masker {
  /** The text with a mask in the place of each secret; the same string where there is none. */
  maskText(text: string): string;
  /** A copy of the value in which all strings, keys and secret numbers are masked. */
  maskJson(value: unknown): unknown;
  /** A stream of bytes, masked across chunk borders. */
  createMaskStream(): MaskStream;
  /** Takes other secrets from now on, in open streams as well, and returns those that cannot be masked. */
  replaceSecrets(secrets: readonly KnownSecret[], now: Date): readonly Refusal[];
  /** Secrets and rules that were refused: whoever handed them in has to be told. */
  readonly refused: readonly Refusal[];
}

/** A masker for one sink. It never throws for what it is given to mask; what it cannot mask it names in `refused`. */
export function createMasker({ secrets, rules, profile, now }: MaskerInput): Masker {
  const { compiled, refused: refusedRules } = compileRules(rules);
  const ruleSet = rulesOfSink(compiled, profile);
  let known = buildSecretSet(secrets, now);
  const targets = (): MaskTargets => ({ secrets: known.set, rules: ruleSet });
  const maskText = (text: string): string => maskWhole(text, targets());
  return {
    maskText,
    maskJson: (value) => maskJsonValue(value, maskText),
    createMaskStream: () => createStream(targets),
    replaceSecrets(next, at) {
      known = buildSecretSet(next, at);
      return known.refused;
    },
    get refused() {
      return [...refusedRules, ...known.refused];
    },
  };
}

/** The rules of one sink: the built-in ones, those of users, and personal data where the sink masks it. */
export function rulesOfSink(compiled: readonly LineRule[], profile: SinkProfile): RuleSet {
  const personal = personalData[profile].email ? [emailRule] : [];
  return buildRuleSet([...builtInRules, ...personal], compiled, profile);
}

function buildSecretSet(secrets: readonly KnownSecret[], now: Date): { set: SecretSet; refused: Refusal[] } {
  const { parts, refused } = admitSecrets(secrets, now);
  const set = createSecretSet();
  addParts(set, parts);
  return { set, refused };
}

const wholeUpTo = 65_536;

/** The text with a mask in the place of each target; the same string where there is none. Longer text goes through a stream, so that memory stays small. */
export function maskWhole(text: string, targets: MaskTargets): string {
  const raw = Buffer.from(text, 'utf8');
  if (raw.length > wholeUpTo) {
    const stream = createStream(() => targets);
    const masked = Buffer.concat([stream.write(raw), stream.flush()]);
    return masked.equals(raw) ? text : masked.toString('utf8');
  }
  const spans = findSpans(raw, targets);
  return spans.length === 0 ? text : renderSpans(raw, spans, { from: 0, to: raw.length }).toString('utf8');
}
