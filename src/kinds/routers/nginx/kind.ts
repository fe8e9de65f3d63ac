import type { RouterKind } from '../../../core/rollout/router-kind.ts';
import { nginxOptions } from './schema.ts';

/** nginx, by a file and a reload, or by Lua in shared memory. */
export const nginxKind: RouterKind = {
  kind: 'nginx',
  summary:
    'A block `split_clients` that is rewritten, with a reload that may lose requests; or, where nginx has Lua, a weight in shared memory, which loses none',
  jsonSchema: nginxOptions.jsonSchema,
  faults: nginxOptions.faults,
  open: async (written, context) => {
    const options = nginxOptions.read(written);
    if (options.admin === null) return await (await import('./open-file-session.ts')).openFileSession(options, context);
    return await (await import('./open-lua-session.ts')).openLuaSession(options, context);
  },
};
