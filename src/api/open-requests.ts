import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';

/** Requests of a server that are under way. */
export interface OpenRequests {
  /** Lets every connection go as soon as nothing is under way on any; to be called once the server takes no new ones. */
  letGo(): Promise<void>;
}

/**
 * Knows what is under way. Browsers open connections ahead on which nothing was ever asked, and Node does not take these for idle: without this a server that
 * ends would wait for them as long as it keeps connections alive.
 */
export function watchRequests(server: Server): OpenRequests {
  const open = new Set<ServerResponse>();
  server.on('request', (_request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  return {
    async letGo() {
      await Promise.all([...open].map((response) => once(response, 'close')));
      if (open.size > 0) return this.letGo();
      server.closeAllConnections();
    },
  };
}
