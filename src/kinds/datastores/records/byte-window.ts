/** The stretch of a file that is in memory, as bytes in characters (latin1), so that no byte is lost before somebody knows what it is. */
export interface ByteWindow {
  text: string;
  /** Where the next thing begins. */
  at: number;
  /** Whether the file ends with the text. */
  isLast: boolean;
  /** Bytes of the file before the text. */
  base: number;
  /** Drops what lies before `at` and reads on. Throws where the file is at its end, or one thing is greater than the room for it. */
  more(): Promise<void>;
}

/** One row or statement has to fit: a value of 10 MB in hex does, many times. */
const room = 64 * 1024 ** 2;

/** Returns a window on the beginning of a file; `refuse` makes the error that says at which position of the text what was expected. */
export async function openByteWindow(
  chunks: AsyncIterator<Buffer>,
  refuse: (at: number, message: string, code: string) => Error,
): Promise<ByteWindow> {
  const window: ByteWindow = {
    text: '',
    at: 0,
    isLast: false,
    base: 0,
    async more() {
      if (window.isLast) throw refuse(window.text.length, 'expected more, got the end of the file', 'truncated');
      if (window.text.length - window.at > room)
        throw refuse(window.at, `expected records of at most ${room} bytes, got more`, 'too_large');
      const next = await chunks.next();
      window.base += window.at;
      window.text = window.text.slice(window.at) + (next.done === true ? '' : next.value.toString('latin1'));
      window.at = 0;
      window.isLast = next.done === true;
    },
  };
  await window.more();
  return window;
}
