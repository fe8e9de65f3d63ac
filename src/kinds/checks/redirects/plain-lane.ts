import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { nextTick } from 'node:process';

import { portOf } from '../send-request.ts';
import type { Lane, LaneTerms, PlainAnswer } from './open-lanes.ts';
import { readPlainAnswer } from './read-plain-answer.ts';

/** A request that has no answer yet. */
interface Waiting {
  path: string;
  resolve(answer: PlainAnswer): void;
  reject(error: Error): void;
}

type Undici = typeof import('undici');

/**
 * One connection that is asked for URLs in a row, and reads the simplest answers only: those cost it a third of what a parser of everything takes. At the first that is not, and
 * where the connection ends, all that has no answer is rejected, to be asked for by others. A server that says with an answer that it is its last gets the rest over another connection.
 */
export class PlainLane implements Lane {
  readonly #url: URL;
  readonly #terms: LaneTerms;
  readonly #connect: ReturnType<Undici['buildConnector']>;
  readonly #head: string;
  #socket: Socket | null = null;
  #isOpening = false;
  #isClosed = false;
  #waiting: Waiting[] = [];
  /** Waiting ones that were written. */
  #written = 0;
  #isFlushing = false;
  #rest: Buffer | null = null;

  constructor(undici: Undici, url: URL, terms: LaneTerms) {
    this.#url = url;
    this.#terms = terms;
    const { guard, timeoutMs } = terms;
    this.#connect = undici.buildConnector({ lookup: guard.lookupFor(portOf(url)), timeout: timeoutMs, allowH2: false });
    this.#head = ` HTTP/1.1\r\nhost: ${url.host}\r\nuser-agent: tminus\r\naccept: */*\r\n\r\n`;
  }

  get running(): number {
    return this.#waiting.length;
  }

  get(path: string): Promise<PlainAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed || !/^[\x21-\x7e]+$/.test(path)) return reject(unusual());
      this.#waiting.push({ path, resolve, reject });
      if (this.#isFlushing) return;
      // What is asked in one go is written in one go: a system call costs more than everything else of a request.
      this.#isFlushing = true;
      nextTick(() => this.#flush());
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#fail(unusual());
    return Promise.resolve();
  }

  #flush(): void {
    this.#isFlushing = false;
    const socket = this.#socket;
    if (socket === null) return this.#open();
    let text = '';
    for (; this.#written < this.#waiting.length; this.#written += 1)
      text += `GET ${this.#waiting[this.#written]!.path}${this.#head}`;
    if (text !== '') socket.write(text, 'latin1');
  }

  #open(): void {
    if (this.#isOpening || this.#waiting.length === 0) return;
    this.#isOpening = true;
    const { hostname, host, protocol, port } = this.#url;
    const servername = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0 ? hostname : '';
    this.#connect({ hostname, host, protocol, port, servername }, (...[error, socket]) => {
      this.#isOpening = false;
      if (error !== null) return this.#fail(error);
      if (this.#isClosed) return void socket.destroy();
      this.#use(socket);
      this.#flush();
    });
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    const isUsed = (): boolean => this.#socket === socket;
    const end = (error: Error): void => {
      if (isUsed()) this.#fail(error);
    };
    socket.setTimeout(this.#terms.timeoutMs, () => end(unusual()));
    socket.on('error', end).on('close', () => end(unusual()));
    socket.on('data', (bytes: Buffer) => {
      if (isUsed()) this.#read(bytes);
    });
  }

  #read(bytes: Buffer): void {
    const all = this.#rest === null ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    let done = 0;
    while (at < all.length) {
      const read = done < this.#written ? readPlainAnswer(all, at, this.#terms.mostBytes) : 'unusual';
      if (read === null) break;
      if (read === 'unusual') {
        this.#pass(done);
        return this.#fail(unusual());
      }
      this.#waiting[done]!.resolve(read.answer);
      done += 1;
      at = read.end;
      if (read.isLast) return this.#reopen(done);
    }
    this.#rest = at < all.length ? all.subarray(at) : null;
    this.#pass(done);
  }

  #pass(done: number): void {
    this.#waiting.splice(0, done);
    this.#written -= done;
  }

  /** What was written behind a last answer was not taken (RFC 9112 section 9.6). */
  #reopen(done: number): void {
    this.#pass(done);
    this.#drop();
    this.#flush();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#rest = null;
    this.#written = 0;
    socket?.destroy();
  }

  #fail(error: Error): void {
    this.#drop();
    for (const one of this.#waiting.splice(0)) one.reject(error);
  }
}

/** Nobody reads it: what is rejected here is asked for again. */
function unusual(): Error {
  return new Error('expected the simplest of answers, got another one or none');
}
