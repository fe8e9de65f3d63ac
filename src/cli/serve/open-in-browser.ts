import { spawn } from 'node:child_process';

import type { Shell } from '../shell.ts';

/** The program of each system that opens an address in the browser of whoever sits there. */
const openers: { readonly [platform: string]: string } = { darwin: 'open', linux: 'xdg-open', win32: 'explorer' };

/** Opens an address where a person is likely to see it: at a terminal, and on Linux with a display. Where it cannot, the printed address is enough. */
export function openInBrowser(url: string, { terminal, env }: Shell): void {
  const opener = openers[process.platform];
  const hasDisplay = process.platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);
  if (opener === undefined || !terminal.interactive || !hasDisplay) return;
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
