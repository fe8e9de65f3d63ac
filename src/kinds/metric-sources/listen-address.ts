import { z } from 'zod';

/** Where a receiver listens: an address and a port. A name would leave open which of its addresses is meant. */
export const listenAddress = z
  .string()
  .regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{1,5}$/i, 'an address and a port such as 127.0.0.1:8125')
  .transform((text) => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(at + 1)) };
  });
