import { z } from 'zod';

import { durationSchema } from '../quantity.ts';

const identity = z
  .strictObject({
    title: z.string().min(1).max(500).meta({ description: 'The whole title of the page.' }).optional(),
    text: z.string().min(1).max(500).meta({ description: 'What stands somewhere on the page.' }).optional(),
    json: z.string().min(1).max(200).meta({ description: 'Dotted path of a field of a JSON answer.' }).optional(),
    header: z.string().min(1).max(100).meta({ description: 'Name of a field of the answer, such as etag.' }).optional(),
    equals: z.string().min(1).max(500).meta({ description: 'What that field holds.' }).optional(),
  })
  .refine(
    ({ title, text, json, header, equals }) =>
      [title, text, json, header].filter((one) => one !== undefined).length === 1 &&
      ((json ?? header) !== undefined) === (equals !== undefined),
    'one of title, text, json or header, and equals beside the last two',
  );

const template = z
  .strictObject({
    dataset: z.string().min(1).max(200).meta({ description: 'Dataset whose records are looked at.' }),
    side: z.enum(['source', 'target']).default('target').meta({ description: 'Which side gives the columns.' }),
    from: z
      .string()
      .min(1)
      .max(1000)
      .meta({ description: 'The old URL, with columns as {name}: /projects?ID={legacy_id}.' }),
    to: z
      .string()
      .min(1)
      .max(1000)
      .meta({ description: 'Where it leads; without it the URL itself is the page.' })
      .optional(),
    status: z
      .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
      .default(301)
      .meta({ description: 'Status of the redirect.' }),
    identity: identity.meta({ description: 'What proves that the page is the one that was meant.' }).optional(),
    sample: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .meta({ description: 'Records looked at; else the sample of the check.' })
      .optional(),
  })
  .refine(({ to, identity: marker }) => to !== undefined || marker !== undefined, 'to, or identity of the page itself');

const path = z.string().min(1).max(1000);

/** What may be written for a `redirects` check. */
export const redirectsSchema = z
  .strictObject({
    base: z.string().min(1).max(1000).meta({ description: 'Where old paths are asked for: https://legacy.example.' }),
    target: z
      .string()
      .min(1)
      .max(1000)
      .meta({ description: 'Where targets lie that are paths; base where it is left out.' })
      .optional(),
    templates: z
      .array(template)
      .max(50)
      .default([])
      .meta({ description: 'Old and new URLs made of the records of a dataset.' }),
    table: z.boolean().default(false).meta({ description: 'The redirects tables of the launch: every row of them.' }),
    list: path.meta({ description: 'File of lines "from status to".' }).optional(),
    log: path.meta({ description: 'Access log: its most visited paths end at a page.' }).optional(),
    sitemap: path.meta({ description: 'sitemap.xml: each of its pages ends at a page.' }).optional(),
    gone: z.array(path).max(1000).default([]).meta({ description: 'Paths that answer 410.' }),
    stay: z.array(path).max(1000).default([]).meta({ description: 'Paths that must not redirect: /projects?ID=abc.' }),
    sample: z.number().int().min(1).max(100_000).default(100).meta({ description: 'URLs of each source at most.' }),
    seed: z.number().int().min(0).max(2_147_483_647).default(1).meta({ description: 'Which URLs a sample takes.' }),
    hops: z.number().int().min(1).max(10).default(1).meta({ description: 'Most redirects from a URL to its page.' }),
    keepQuery: z.boolean().default(false).meta({ description: 'Redirects of templates carry a further query along.' }),
    cache: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'What Cache-Control of redirects contains: max-age.' })
      .optional(),
    hosts: z
      .array(z.string().min(1).max(260))
      .max(50)
      .default([])
      .meta({ description: 'Further hosts that may be asked, beside those of base and target.' }),
    rate: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(50)
      .meta({ description: 'Requests a second; 0 for as many as the servers take.' }),
    connections: z.number().int().min(1).max(64).default(4).meta({
      description: 'Connections to each host; one waits for its answer, or is asked for 8 in a row at rate 0.',
    }),
    timeout: durationSchema({ min: 50, max: 300_000, standard: 10_000 }),
  })
  .refine(
    ({ templates, table, list, log, sitemap, gone, stay }) =>
      table || templates.length + gone.length + stay.length > 0 || (list ?? log ?? sitemap) !== undefined,
    'at least one of templates, table, list, log, sitemap, gone or stay',
  );

/** A spec that was read, with its types. */
export type RedirectsSpec = z.infer<typeof redirectsSchema>;
