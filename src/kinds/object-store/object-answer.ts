import type { IncomingMessage } from 'node:http';

import { SaxesParser } from 'saxes';

import { nameObject } from './object-place.ts';
import type { ObjectPlace } from './object-place.ts';
import { askObjects, ObjectTrouble } from './object-request.ts';
import type { ObjectAsk, ObjectContext } from './object-request.ts';

const largestAnswer = 4 * 1024 * 1024;

/** An answer that was read whole. */
export interface ObjectAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** Texts of the elements of its XML, by name, in their order; empty where there is none. */
  texts: ReadonlyMap<string, readonly string[]>;
}

/** Asks and reads the answer whole. Throws `ObjectTrouble` for a status that is not `expected`, and for an error in an answer whose status says that all is well. */
export async function askWhole(
  place: ObjectPlace,
  ask: ObjectAsk & { expected: readonly number[] },
  context: ObjectContext,
): Promise<ObjectAnswer> {
  const message = await askObjects(place, ask, context);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswer)
      throw new ObjectTrouble('too_large', `${nameObject(place)}: expected a short answer, got more`);
    chunks.push(chunk);
  }
  const status = message.statusCode ?? 0;
  const texts = readTexts(Buffer.concat(chunks).toString('utf8'));
  const code = texts.get('Code')?.[0] ?? null;
  if (ask.expected.includes(status) && !texts.has('Error')) return { status, headers: message.headers, texts };
  throw refused(place, ask, { status, code });
}

/** Returns why an answer is not the one that was wanted, by its status and code: messages of a store may quote the request. */
export function refused(
  place: ObjectPlace,
  { method }: Pick<ObjectAsk, 'method'>,
  { status, code }: { status: number; code: string | null },
): ObjectTrouble {
  const said = code !== null && /^[A-Za-z0-9]{1,60}$/.test(code) ? ` ${code}` : '';
  const kind = status === 404 ? 'missing' : status === 412 ? 'exists' : status === 403 ? 'permission' : 'refused';
  return new ObjectTrouble(
    kind,
    `${nameObject(place)}: expected ${method} to be answered, got ${status}${said}`,
    status,
  );
}

function readTexts(xml: string): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  if (!xml.trimStart().startsWith('<')) return texts;
  let text = '';
  const parser = new SaxesParser({ xmlns: false });
  parser.on('opentag', () => void (text = ''));
  parser.on('text', (more) => void (text += more));
  parser.on('closetag', ({ name }) => {
    texts.set(name, [...(texts.get(name) ?? []), text]);
    text = '';
  });
  // What is no XML holds no answer, and whoever wanted one says so.
  parser.on('error', () => undefined);
  parser.write(xml).close();
  return texts;
}
