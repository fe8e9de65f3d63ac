import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

/** An nginx that splits requests between two servers in both of the ways that it has. */
export interface TestNginx {
  state: 'started';
  /** Split by the file. */
  url: string;
  /** Split by Lua. */
  luaUrl: string;
  /** Where Lua is asked, `http://127.0.0.1:port/split`. */
  admin: string;
  /** Holds `split.conf` and `nginx.pid`. */
  folder: string;
  stop(): Promise<void>;
}

const modules = '/usr/lib/nginx/modules';
const lua = resolve(import.meta.dirname, '../../src/kinds/routers/nginx');

/** An nginx of its own before two apps, with Lua, installed from Debian where it is missing and can be. */
export async function startNginx(apps: { stable: number; canary: number }): Promise<TestNginx | ServerMissing> {
  const installed = await installDebianPackages({ packages: ['nginx-extras'], programs: ['nginx'] });
  if (installed.state === 'missing') return installed;
  if (!existsSync(join(modules, 'ngx_http_lua_module.so')))
    return { state: 'missing', reason: 'nginx is installed without its Lua module (package nginx-extras)' };
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-nginx-'));
  const [port, luaPort, adminPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  writeFileSync(
    join(folder, 'split.conf'),
    '# Written by Tminus.\nsplit_clients "$request_id" $arm {\n  * stable;\n}\n',
  );
  writeFileSync(join(folder, 'nginx.conf'), configuration({ folder, port, luaPort, adminPort, ...apps }));
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    binary: installed.binaries[0] ?? '',
    args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;', '-e', join(folder, 'error.log')],
    cwd: folder,
    isReady: async () => (await fetch(url)).ok && readFileSync(join(folder, 'nginx.pid'), 'utf8') !== '',
  });
  return {
    state: 'started',
    url,
    luaUrl: `http://127.0.0.1:${luaPort}`,
    admin: `http://127.0.0.1:${adminPort}/split`,
    folder,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Places {
  folder: string;
  port: number;
  luaPort: number;
  adminPort: number;
  stable: number;
  canary: number;
}

function configuration({ folder, port, luaPort, adminPort, stable, canary }: Places): string {
  const isRoot = process.getuid?.() === 0;
  const sent = 'proxy_pass http://$arm; proxy_http_version 1.1; proxy_set_header Connection "";';
  return `load_module ${modules}/ndk_http_module.so;
load_module ${modules}/ngx_http_lua_module.so;
${isRoot ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000;
  lua_shared_dict tminus_split 1m;
  lua_package_path "${lua}/?.lua;;";
  upstream stable { server 127.0.0.1:${stable}; keepalive 64; keepalive_requests 1000000; }
  upstream canary { server 127.0.0.1:${canary}; keepalive 64; keepalive_requests 1000000; }
  include ${folder}/split.conf;
  server { listen 127.0.0.1:${port}; location / { ${sent} } }
  server {
    listen 127.0.0.1:${luaPort};
    location / {
      set_by_lua_block $arm { return require("split").arm(ngx.var.cookie_uid) }
      ${sent}
      log_by_lua_block { require("split").count(ngx.var.arm) }
    }
  }
  server {
    listen 127.0.0.1:${adminPort};
    location = /split { content_by_lua_block { require("split").admin("${folder}/weight", false) } }
  }
}
`;
}
