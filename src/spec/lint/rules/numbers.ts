/** Returns the number that a cell or phrase holds (`**16,456**`, `~1000/sec`, `> 80%`), or null where it holds none or several. */
export function readNumber(text: string): number | null {
  const bare = text.replace(/[*_`]/g, '').trim();
  const match = /^[~≈><≥≤=\s]*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(?:%|x|\/?[a-z]+)?$/i.exec(bare);
  return match === null ? null : Number((match[1] ?? '').replace(/,/g, ''));
}

/** Returns a bound such as `>100/sec`, `< 30s`, `10-12 days` as a range; null where there is none. Units stay with the caller. */
export function readRange(text: string): { low: number; high: number; unit: string } | null {
  const bare = text.replace(/[*_`~]|✅|⚠️?|❌/gu, '').trim();
  const span = /^(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?)\s*(.*)$/.exec(bare);
  if (span !== null) return { low: Number(span[1]), high: Number(span[2]), unit: unitOf(span[3] ?? '') };
  const match = /^([<>≤≥]=?|=)?\s*(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*(.*)$/.exec(bare);
  if (match === null) return null;
  const value = Number((match[2] ?? '').replace(/,/g, ''));
  const sign = match[1] ?? '';
  const unit = unitOf(match[3] ?? '');
  if (sign.startsWith('>') || sign === '≥') return { low: value, high: Infinity, unit };
  if (sign.startsWith('<') || sign === '≤') return { low: -Infinity, high: value, unit };
  return { low: value, high: value, unit };
}

function unitOf(text: string): string {
  return /^(%|x|[a-z/.]+)/i.exec(text.trim())?.[1]?.toLowerCase() ?? '';
}
