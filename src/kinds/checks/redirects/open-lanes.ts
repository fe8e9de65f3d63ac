import type { Client } from 'undici';

import { redirectStatuses } from '../../../core/dataset/redirects/redirect.ts';
import type { EgressGuard } from '../guarded-lookup.ts';
import { portOf } from '../send-request.ts';
import { PlainLane } from './plain-lane.ts';

/** What a server answered, as far as anybody looks at it. */
export interface PlainAnswer {
  status: number;
  location: string | null;
  cacheControl: string | null;
  /** All fields of the answer. */
  fields(): { readonly [name: string]: string | string[] | undefined };
  /** The head of the page; null of a redirect, whose page nobody sees. */
  bytes: Uint8Array | null;
}

/** Connections to one origin. */
export interface Lanes {
  /** Asks over the connection that has the least to do. Rejects where it ended before its answer; what was asked behind it goes over another one. */
  get(path: string): Promise<PlainAnswer>;
  /** Whether a connection is asked for something before it has answered. */
  readonly isInARow: boolean;
  /** From now on it is not: for a server that does not bear it. */
  slowDown(): void;
  close(): Promise<void>;
}

export interface LaneTerms {
  connections: number;
  /** Requests that a connection is given before it has answered the first of them (RFC 9112 section 9.3.2); 1 for one at a time. */
  inARow: number;
  guard: EgressGuard;
  timeoutMs: number;
  /** A page is told by its head; what lies beyond is read by nobody. */
  mostBytes: number;
}

/** One connection; made anew where it ends. */
export interface Lane {
  /** Requests without an answer. */
  readonly running: number;
  get(path: string): Promise<PlainAnswer>;
  close(): Promise<void>;
}

/** The package is loaded with the first URL: it is the largest one that a check needs, and no other check needs it. Rejects for an address that must not be asked. */
export async function openLanes(url: URL, terms: LaneTerms): Promise<Lanes> {
  terms.guard.assertLiteral(url.hostname, portOf(url));
  const undici = await import('undici');
  const { connections, inARow } = terms;
  let lanes: Lane[] = Array.from({ length: connections }, () =>
    inARow > 1 ? new PlainLane(undici, url, terms) : new CarefulLane(undici, url, terms),
  );
  const opened = [...lanes];
  let most = inARow;
  const choose = (): Lane => {
    // One that can take another: what was answered together is followed by what is written together.
    let least = lanes[0]!;
    for (const lane of lanes) {
      if (lane.running < most && lane.running > 0) return lane;
      if (lane.running < least.running) least = lane;
    }
    return least;
  };
  return {
    get: (path) => choose().get(path),
    get isInARow() {
      return most > 1;
    },
    slowDown: () => {
      if (most === 1) return;
      most = 1;
      lanes = lanes.map(() => new CarefulLane(undici, url, terms));
      opened.push(...lanes);
    },
    close: async () => void (await Promise.all(opened.map((lane) => lane.close()))),
  };
}

/** One connection that waits for each answer, and reads whatever a server may send. */
class CarefulLane implements Lane {
  running = 0;
  readonly #client: Client;
  readonly #mostBytes: number;

  constructor(undici: typeof import('undici'), url: URL, { guard, timeoutMs, mostBytes }: LaneTerms) {
    this.#mostBytes = mostBytes;
    this.#client = new undici.Client(url.origin, {
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { lookup: guard.lookupFor(portOf(url)), timeout: timeoutMs },
    });
  }

  /** Asks without a stream for each body, which costs half as much again as everything else. What is larger than a head is cut off, and its connection closed. */
  get(path: string): Promise<PlainAnswer> {
    this.running += 1;
    return new Promise((resolve, reject) => {
      let [bytes, status, isCut]: [Uint8Array | null, number, boolean] = [null, 0, false];
      let fields: ReturnType<PlainAnswer['fields']> = {};
      const finish = (): void => {
        this.running -= 1;
        const body = redirectStatuses.includes(status)
          ? null
          : (bytes ?? new Uint8Array()).subarray(0, this.#mostBytes);
        const [location, cacheControl] = [first(fields['location']), first(fields['cache-control'])];
        resolve({ status, location, cacheControl, bytes: body, fields: () => fields });
      };
      this.#client.dispatch(
        { path, method: 'GET', headers: asked },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_, code, got) => {
            [status, fields] = [code, got];
          },
          onResponseData: (controller, chunk) => {
            bytes = bytes === null ? chunk : Buffer.concat([bytes, chunk]);
            if (bytes.byteLength < this.#mostBytes) return;
            isCut = true;
            controller.abort(new Error('read enough'));
          },
          onResponseEnd: finish,
          onResponseError: (_, error) => {
            if (isCut) return finish();
            this.running -= 1;
            reject(error);
          },
        },
      );
    });
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }
}

const asked = ['user-agent', 'tminus', 'accept', '*/*'];

function first(value: string | string[] | undefined): string | null {
  return (typeof value === 'object' ? value[0] : value) ?? null;
}
