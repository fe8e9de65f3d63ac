/** What a command came to: the exit code, and the same result as data and as text. */
export interface CommandResult {
  exit: number;
  json: unknown;
  text: string;
  /** Printed in the place of the text, as they are. */
  bytes?: Uint8Array;
}
