/** A bundle to be read: names and sizes first, bytes when they are wanted, so that no bundle has to fit into memory. */
export interface BundleSource {
  /** Every file, by its path inside the bundle with `/` between folders. */
  list(): readonly { name: string; size: number }[];
  /** The bytes of a listed file. Throws where they cannot be read. */
  read(name: string): Uint8Array;
}

/** A bundle that is in memory already. */
export function toBundleSource(files: ReadonlyMap<string, Uint8Array>): BundleSource {
  return {
    list: () => [...files].map(([name, bytes]) => ({ name, size: bytes.length })),
    read(name) {
      const bytes = files.get(name);
      if (bytes === undefined) throw new Error(`bundle: no file ${JSON.stringify(name)}`);
      return bytes;
    },
  };
}
