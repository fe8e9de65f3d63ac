import { ProductError } from '../../core/error/product-error.ts';

/** How the command line asks for a server. */
export interface ServeOptions {
  host?: string;
  port?: string;
  url?: string;
  open?: boolean;
  worker?: boolean;
  slots?: string;
  lameDuck?: string;
  log?: string;
}

/** The same, complete and read. */
export interface ServeWish {
  host: string;
  port: number;
  /** Address that people open; null for the one that is listened on. */
  url: string | null;
  open: boolean;
  /** Steps carried out at once here; 0 for none. */
  slots: number;
  lameDuckMs: number;
}

/** Throws `usage` for a port, a number of slots or a time that cannot be meant. */
export function readServeOptions({
  host = '127.0.0.1',
  port = '4780',
  url,
  open = true,
  worker = true,
  slots = '3',
  lameDuck = '0',
}: ServeOptions): ServeWish {
  return {
    host,
    port: readCount('--port', port, 65_535),
    url: url ?? null,
    open,
    slots: worker ? readCount('--slots', slots, 64) : 0,
    lameDuckMs: readCount('--lame-duck', lameDuck, 600) * 1_000,
  };
}

function readCount(name: string, text: string, max: number): number {
  const count = Number(text);
  if (/^\d+$/u.test(text) && count <= max) return count;
  throw new ProductError('usage', `${name}: expected a number from 0 to ${max}, got ${text}`, {
    hint: 'read "tminus help serve"',
  });
}
