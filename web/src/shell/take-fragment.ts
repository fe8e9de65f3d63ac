/** The text behind the # of the address, which no server sees; it is taken out of the address, so that it stays in no history. */
export function takeFragment(): string {
  const { hash, pathname, search } = globalThis.location;
  if (hash.length <= 1) return '';
  globalThis.history.replaceState(globalThis.history.state, '', pathname + search);
  return decodeURIComponent(hash.slice(1));
}
