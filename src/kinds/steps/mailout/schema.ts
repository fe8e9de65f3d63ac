import { z } from 'zod';

/** What may be written under `kind: mailout`. */
export const mailoutStepSchema = z.strictObject({
  file: z
    .string()
    .regex(
      /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).{1,400}\.md$/,
      'a path such as mail/moving.md, from the launch repository',
    )
    .describe('The mail with its front matter, from the launch repository.'),
  do: z
    .enum(['dry-run', 'send'])
    .describe('Exactly one: count who would get it, or send it. Comms of the run decide whether anything leaves.'),
});

export type MailoutStepSpec = z.output<typeof mailoutStepSchema>;
