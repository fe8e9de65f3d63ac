import { z } from 'zod';

const path = z.string().min(1).max(1000);

/** What may be written for a `saml` check. */
export const samlSchema = z.strictObject({
  baseline: path.meta({
    description: 'File with the assertion from before the cutover: XML, or base64 as the browser posts it.',
  }),
  assertion: path.meta({ description: 'File with the assertion of the same test user now.' }),
});
