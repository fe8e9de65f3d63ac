import { z } from 'zod';

import { durationSchema } from '../../checks/quantity.ts';
import { isWithin, toRdata } from '../../steps/dns/records.ts';
import { pathOption, readOptionsBy, textOption } from '../router-options.ts';

const types = ['A', 'AAAA', 'CNAME'] as const;
const name = textOption('a domain name such as www.example.org', (text) =>
  /^(?:[\w-]{1,63}\.)+[\w-]{1,63}\.?$/.test(text),
);
const server = /^(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;
const list = (expected: string, holds: (text: string) => boolean) =>
  textOption(expected, (text) => text.split(',').every((each) => holds(each.trim()))).transform((text) =>
    text.split(',').map((each) => each.trim()),
  );
const seconds = (standard: number) => durationSchema({ min: 1000, max: 7 * 86_400_000, standard });

const dnsSchema = z
  .strictObject({
    server: textOption('host or host:port', (text) => server.test(text)).describe(
      'Primary name server of the zone, which takes signed updates.',
    ),
    servers: list('host:port of name servers, with commas between', (text) => server.test(text))
      .nullable()
      .default(null)
      .describe('Every name server that has authority; asked of the primary where none are given.'),
    zone: name.describe('Zone that the name is in.'),
    name: name.describe('Name that is flipped.'),
    type: z.enum(types).default('A').describe('Type of its records.'),
    stable: list('values of records', () => true).describe(
      'What stands there while the stable arm has everything, with commas between.',
    ),
    canary: list('values of records', () => true).describe('What stands there while the canary has everything.'),
    ttl: seconds(60_000).describe('Time to live that was set well before the flip; also of the new records.'),
    oldTtl: durationSchema({ min: 1000, max: 7 * 86_400_000, standard: 86_400_000 }).describe(
      'Time to live before it was lowered: a flip to the canary is refused until the lower one was seen for so long.',
    ),
    proof: pathOption.describe('File that keeps what was seen of the time to live, from look to look.'),
    timeout: durationSchema({ min: 100, max: 60_000, standard: 3000 }).describe('Limit for each answer.'),
  })
  .superRefine((options, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (!isWithin(options.name, options.zone)) refuse('name', `a name in ${options.zone}`);
    for (const arm of ['stable', 'canary'] as const)
      for (const value of options[arm]) {
        const read = toRdata(options.type, value);
        if (!value.includes('{{') && !read.ok) refuse(arm, read.expected);
      }
    if (options.stable.toSorted().join() === options.canary.toSorted().join())
      refuse('canary', 'other values than stable');
  });

/** Options of a name that is flipped. */
export type DnsOptions = z.output<typeof dnsSchema>;

export const dnsOptions = readOptionsBy(dnsSchema);
