/** The names under which a passage of a failpoint counts: with the input, the move or the chore that is under way there, where that is known. */
export function labelPoint(name: string, what: unknown): string[] {
  const words = [...new Set(wordsOf(what))];
  return words.length === 0 ? [name] : words.map((word) => `${name}:${word}`);
}

function wordsOf(what: unknown): string[] {
  if (typeof what === 'string') return [what];
  if (typeof what !== 'object' || what === null) return [];
  if (Array.isArray(what)) return what.flatMap((request: { input: { kind: string } }) => [request.input.kind]);
  if ('open' in what)
    return (what.open as { changes: { kind: string; move?: string }[] }[]).flatMap(({ changes }) =>
      changes.map(({ kind, move }) => move ?? kind),
    );
  return 'do' in what ? [String(what.do)] : [];
}
