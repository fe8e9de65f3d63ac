/** Returns the path, from the workspace, of a relative target; null where it leaves the workspace, which is nobody's to judge here. */
export function resolveTarget(from: string, target: string): string | null {
  const parts = from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return null;
      parts.pop();
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
