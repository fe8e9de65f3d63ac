import { z } from 'zod';

import { pathOption, readOptionsBy, textOption, timeoutOption, wordOption } from '../router-options.ts';

const hostPort = /^(?:\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}$/;
const names = textOption('names of servers, with commas between', (text) =>
  text.split(',').every((name) => /^[\w.:-]+$/.test(name.trim())),
).transform((text) => text.split(',').map((name) => name.trim()));

const haproxySchema = z
  .strictObject({
    socket: textOption(
      'a path of a socket, or host:port',
      (text) => hostPort.test(text) || /^[^\0\n]{1,107}$/.test(text),
    ).describe(
      'Stats socket of level admin: a path in the launch repository, `host:port`, or an absolute path that the environment allows as `unix:/path`.',
    ),
    backend: wordOption.describe('Backend that both arms are servers of.'),
    stable: names.describe('Servers of the stable arm, with commas between.'),
    canary: names.describe('Servers of the canary arm.'),
    state: pathOption
      .nullable()
      .default(null)
      .describe(
        'File that is written after each change, so that a reload keeps it: `server-state-file` of HAProxy, or with `map` the file of the map. Without it a reload falls back to the configuration.',
      ),
    map: wordOption
      .nullable()
      .default(null)
      .describe(
        'Map, as HAProxy calls it, that holds the weight for rules by user; weights of servers are then left alone.',
      ),
    mapKey: wordOption.default('canary').describe('Key of the weight in the map.'),
    buckets: textOption('a whole number from 1 to 1000000', (text) => /^[1-9]\d{0,5}$|^1000000$/.test(text))
      .default('100')
      .describe('How many buckets the rule sorts users into (`mod(100)`).'),
    timeout: timeoutOption,
  })
  .superRefine((options, context) => {
    const both = options.stable.find((name) => options.canary.includes(name));
    if (both !== undefined)
      context.addIssue({ code: 'custom', path: ['canary'], message: `other servers than stable, which has ${both}` });
  });

/** Options of a HAProxy. */
export type HaproxyOptions = z.output<typeof haproxySchema>;

export const haproxyOptions = readOptionsBy(haproxySchema);
