import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { findFreePort } from '../setup/find-free-port.ts';

const root = join(import.meta.dirname, '../..');

/** Ends a start that hangs: it builds the cockpit where its sources changed, and makes a database. */
const startMs = 500_000;

/** What an answer of the API says; whoever asks says of what form it expects the body. */
export interface DemoAnswer<Body = unknown> {
  status: number;
  body: Body;
}

/** The demo of the product in a process of its own: the built cockpit, API, worker, database and two shops. */
export interface Demo {
  url: string;
  /** Repository of its launch. */
  directory: string;
  /** Cookie of a browser in which that person of the launch has signed in. */
  cookieOf(person: string): Promise<string>;
  /** Asks the API as a person, with JSON both ways. */
  send<Body>(person: string, method: string, path: string, body?: object): Promise<DemoAnswer<Body>>;
  close(): Promise<void>;
}

/** Starts one as `npm start` does, and resolves when it can be used. */
export async function openDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-demo-'));
  // As root the database runs under another account, which has to pass through.
  chmodSync(folder, 0o711);
  const out = join(folder, 'out');
  // Known before it listens: identity believes only its own address.
  const port = String(await findFreePort());
  const child = spawn(process.execPath, ['src/main.ts', 'demo', '--no-open', '--port', port, '--out', out], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await readUrl(child);
  const cookies = new Map<string, Promise<string>>();
  const cookieOf = (person: string): Promise<string> => {
    const cookie = cookies.get(person) ?? become(url, person);
    cookies.set(person, cookie);
    return cookie;
  };
  return {
    url,
    directory: join(out, 'launch'),
    cookieOf,
    send: async (person, method, path, body) =>
      send(`${url}${path}`, { method, cookie: await cookieOf(person), origin: url, body }),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGINT');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The address that it prints; throws with all that it said where it says none. */
async function readUrl(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  for (const giveUp = performance.now() + startMs; performance.now() < giveUp && child.exitCode === null;) {
    const url = /open\s+(http\S+)\/demo/u.exec(said)?.[1];
    if (url !== undefined) return url;
    await pause(100);
  }
  child.kill();
  throw new Error(`demo: expected that it prints its address, got ${said}`);
}

async function become(url: string, person: string): Promise<string> {
  const answer = await fetch(`${url}/api/demo/people/${person}/become`, { method: 'POST', headers: { origin: url } });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  if (answer.ok && cookies.length > 0) return cookies.join('; ');
  throw new Error(`${person}: expected to become them, got ${answer.status} ${await answer.text()}`);
}

async function send<Body>(
  url: string,
  { method, cookie, origin, body }: { method: string; cookie: string; origin: string; body: object | undefined },
): Promise<DemoAnswer<Body>> {
  const answer = await fetch(url, {
    method,
    headers: { cookie, origin, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Body };
}
