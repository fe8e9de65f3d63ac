/** One message of an event stream (WHATWG HTML, 9.2.6). */
export interface SseMessage {
  /** Null where the message names none; the last one before it then still holds. */
  id: string | null;
  type: string;
  data: string;
}

/**
 * Takes the text of a stream piece by piece and calls for each whole message, and for each id that came without one: it says how far the server is.
 * A message that was cut off by the end never counts.
 */
export function createSseParser(
  onMessage: (message: SseMessage) => void,
  onPlace: (id: string) => void = () => undefined,
): (text: string) => void {
  let rest = '';
  let id: string | null = null;
  let type = '';
  let data: string[] = [];

  const dispatch = (): void => {
    if (data.length > 0) onMessage({ id, type: type || 'message', data: data.join('\n') });
    else if (id !== null) onPlace(id);
    id = null;
    type = '';
    data = [];
  };

  const readLine = (line: string): void => {
    if (line === '') return dispatch();
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
  };

  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) readLine(line);
  };
}
