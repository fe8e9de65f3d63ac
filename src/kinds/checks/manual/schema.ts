import { maxSignatureValue } from '@tminus/verify';
import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const word = z.string().min(1).max(200);
/** A passkey names its site, and a domain has up to 253 characters. */
const mostKey = 400;
const proofKinds = ['url', 'file', 'artifact', 'comment', 'external-status'] as const;

const bindingShape = { launch: word, planHash: digest, candidateSha256: digest, environment: z.string().max(200) };

/** Somebody who may be asked, as the launch declares them. */
const personSchema = z.strictObject({
  id: word,
  key: z.string().max(mostKey).nullable(),
  human: word,
  automation: z.boolean(),
  roles: z.array(word).max(100),
});

/**
 * What a `manual` check asks. `role`, `proof`, `question` and `dataset` are written; `criterion`, `binding` and `people` are filled in from the
 * launch by `toManualSpec`, so that the record says whose signature was looked for.
 */
export const manualSchema = z.strictObject({
  role: word
    .meta({ description: 'Role that the person has to hold; any declared human may sign without it.' })
    .nullable()
    .default(null),
  proof: z
    .enum(proofKinds)
    .meta({ description: 'Kind of proof that the person has to leave.' })
    .nullable()
    .default(null),
  question: z
    .string()
    .min(1)
    .max(2000)
    .meta({ description: 'What the person is asked to see for themselves.' })
    .optional(),
  dataset: word
    .meta({
      description: 'Dataset whose import the person vouches for: its log asks for a word given since it moved last.',
    })
    .optional(),
  criterion: word.meta({ description: 'Filled in.' }).optional(),
  binding: z.strictObject(bindingShape).meta({ description: 'Filled in.' }).optional(),
  people: z.array(personSchema).max(1000).meta({ description: 'Filled in.' }).optional(),
});

/** A spec that was read, with its types. */
export type ManualSpec = z.output<typeof manualSchema>;
export type ManualPerson = z.output<typeof personSchema>;

/** The file that a person's word comes in: `Signed<Attestation>`. */
export const signedAttestationSchema = z.strictObject({
  format: z.literal('tminus/signed/1'),
  statement: z.strictObject({
    format: z.literal('tminus/attestation/1'),
    ...bindingShape,
    criterion: word,
    person: word,
    role: z.string().max(200),
    comment: z.string().max(20_000),
    proof: z
      .strictObject({ kind: z.enum(proofKinds), value: z.string().max(4000), sha256: digest.nullable() })
      .nullable(),
    signedAt: z.iso.datetime({ precision: 3 }),
  }),
  signature: z.strictObject({ person: word, key: z.string().max(mostKey), value: z.string().max(maxSignatureValue) }),
});
