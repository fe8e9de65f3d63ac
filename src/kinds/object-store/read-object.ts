import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { refused } from './object-answer.ts';
import { nameObject } from './object-place.ts';
import type { ObjectPlace } from './object-place.ts';
import { askObjects, ObjectTrouble } from './object-request.ts';
import type { ObjectContext } from './object-request.ts';

/** Returns the sha256 of an object as the store gives it now. Throws `ObjectTrouble`, also where fewer bytes come than it says. */
export async function hashObject(place: ObjectPlace, context: ObjectContext): Promise<string> {
  const digest = createHash('sha256');
  await readThrough(place, context, async (message) => {
    for await (const chunk of message as AsyncIterable<Buffer>) digest.update(chunk);
  });
  return digest.digest('hex');
}

/** Writes an object to a file that is not there yet. */
export async function fetchObject(place: ObjectPlace, file: string, context: ObjectContext): Promise<void> {
  await readThrough(place, context, async (message) => {
    await pipeline(message, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal: context.signal });
  });
}

async function readThrough(
  place: ObjectPlace,
  context: ObjectContext,
  read: (message: IncomingMessage) => Promise<void>,
): Promise<void> {
  const message = await askObjects(place, { method: 'GET', key: place.key }, context);
  if (message.statusCode !== 200) {
    message.resume();
    throw refused(place, { method: 'GET' }, { status: message.statusCode ?? 0, code: null });
  }
  try {
    await read(message);
  } catch (error) {
    context.signal.throwIfAborted();
    // Node tells of a body that ends early, where the store said how long it is.
    throw new ObjectTrouble('unreachable', `${nameObject(place)}: expected it whole, got ${(error as Error).message}`);
  }
}
