import type { ComparedSide, Comparison } from './comparison.ts';

/** True where two servers of one engine and one major version make the same hash of the same record. */
export function isSameServer({ source, target }: Comparison): boolean {
  const [from, to] = [source.session.versions, target.session.versions];
  const majorOf = ({ engine, server }: typeof from): string =>
    JSON.stringify([engine, typeof server === 'string' ? /^\d+/.exec(server)?.[0] : null]);
  const able = [source, target].every(({ session }) => session.abilities.hashes.includes('native'));
  return able && majorOf(from) === majorOf(to);
}

/** True where every column goes to one of the same native type. */
export function isSameColumns({ agreement, source, target }: Comparison): boolean {
  return agreement.columns.every(
    (column) => column.source !== null && nativeOf(source, column.source.name) === nativeOf(target, column.target.name),
  );
}

function nativeOf({ shape }: ComparedSide, name: string): string {
  return shape.columns.find((column) => column.name === name)?.nativeType ?? '';
}
