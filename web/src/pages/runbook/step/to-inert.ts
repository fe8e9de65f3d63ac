/** What a program said, without what would steer a terminal (ECMA-48: colours, cursors, titles, bells), so that it can neither hide nor rewrite anything. */
export function toInert(text: string): string {
  return (
    text
      // Operating system commands and the like, up to their end (ECMA-48 section 5.6).
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/\u001B[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)?/gu, '')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?/gu, '')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/\u001B[ -/]*[0-~]?/gu, '')
      .replaceAll('\r\n', '\n')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
  );
}
