import { z } from 'zod';

/** An entry of the log in a list. */
export const entryLine = z
  .object({
    id: z.string(),
    index: z.int().describe('place in the log, from 0'),
    kind: z.enum(['evidence', 'waiver', 'approval', 'action-vote', 'step-confirmation', 'decision']),
    about: z.string().describe('criterion, gate, request or step'),
    word: z.string().describe('outcome, vote, or what was done'),
    by: z.string().nullable().describe('person or tool'),
    at: z.string(),
    mode: z.enum(['real', 'simulated']).nullable(),
    environment: z.string(),
    check: z.string().nullable(),
    supersededBy: z.string().nullable(),
  })
  .meta({ id: 'LogEntryLine' });

/** Enough to prove that an entry stands in the log, without believing the server. */
export const proofView = z
  .object({
    index: z.int(),
    path: z.array(z.string()).describe('RFC 6962 audit path, from the bottom up, hex'),
    checkpoint: z.string().describe('C2SP signed note'),
    logKey: z.string().describe('name+keyId+base64; compare it with the one that you were given by another way'),
  })
  .meta({ id: 'InclusionProof' });
