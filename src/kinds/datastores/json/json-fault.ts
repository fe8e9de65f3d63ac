/** What stands in a JSON file where something else was expected; `at` is a position in the text of the window. */
export class JsonFault extends Error {
  readonly at: number;
  readonly code: string;
  constructor(at: number, message: string, code = 'malformed') {
    super(message);
    this.at = at;
    this.code = code;
  }
}
