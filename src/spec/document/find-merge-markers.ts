/** Offsets of the opening lines of unresolved merge conflicts, and of closing lines without an opening one. */
export function findMergeMarkers(text: string): number[] {
  if (!text.includes('<<<<<<<') && !text.includes('>>>>>>>')) return [];
  const found: number[] = [];
  let open = false;
  for (const match of text.matchAll(/^(<{7}|={7}|>{7})(?: .*)?$/gm)) {
    const kind = match[1]?.[0];
    if (kind === '<') found.push(match.index);
    if (kind === '>' && !open) found.push(match.index);
    if (kind === '<') open = true;
    if (kind === '>') open = false;
  }
  return found;
}
