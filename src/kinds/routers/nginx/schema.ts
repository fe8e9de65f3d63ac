import { z } from 'zod';

import { toArgv } from '../command/schema.ts';
import { pathOption, readOptionsBy, textOption, timeoutOption, wordOption } from '../router-options.ts';

const nginxSchema = z
  .strictObject({
    admin: textOption('an http or https url without user and password', isUrl)
      .nullable()
      .default(null)
      .describe('Address of `split.lua`, where nginx has Lua: weights change without a reload.'),
    file: pathOption
      .nullable()
      .default(null)
      .describe('File that holds the block `split_clients`; it is rewritten and nginx reloaded.'),
    variable: wordOption.default('arm').describe('Variable of the block.'),
    stable: wordOption.default('stable').describe('Value of the stable arm in the block.'),
    canary: wordOption.default('canary').describe('Value of the canary arm in the block.'),
    pid: textOption('the path of a file', (text) => !text.includes('\0'))
      .nullable()
      .default(null)
      .describe('Pid file of nginx on this machine: it is reloaded by signal, and its new workers are waited for.'),
    reload: textOption('a program and its arguments', (text) => toArgv(text) !== null)
      .nullable()
      .default(null)
      .describe(
        'Program that reloads nginx, instead of `pid`, such as `nginx -s reload`; its exit says whether it did.',
      ),
    timeout: timeoutOption,
  })
  .superRefine(({ admin, file, pid, reload }, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if ((admin === null) === (file === null)) refuse('file', 'either admin, or file with pid or reload');
    else if (file !== null && (pid === null) === (reload === null)) refuse('pid', 'either pid or reload beside file');
  });

/** Options of an nginx. */
export type NginxOptions = z.output<typeof nginxSchema>;

export const nginxOptions = readOptionsBy(nginxSchema);

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
