import type { ReadingNode } from '../../api/client.generated.ts';

/** What can bear a note of its own: what stands on a line and below what came before it. */
const bearing = new Set([
  'front',
  'heading',
  'paragraph',
  'item',
  'code',
  'row',
  'quote',
  'rule',
  'footnote',
  'markup',
]);

/** Nodes that can bear a note, in the order of the document. The paragraph of an item stands for the item. */
export function bearers(node: ReadingNode, parent: ReadingNode | null = null): ReadingNode[] {
  const isOwn = bearing.has(node.type) && !(node.type === 'paragraph' && parent?.type === 'item');
  const inner = (node.children ?? []).flatMap((child) => bearers(child, node));
  return isOwn ? [node, ...inner] : inner;
}

/** Each note beside the last node that begins on its line or above it; what stands above everything goes to the first. */
export function placeNotes<Note extends { line: number }>(
  tree: ReadingNode,
  notes: readonly Note[],
): ReadonlyMap<ReadingNode, Note[]> {
  const nodes = bearers(tree);
  const placed = new Map<ReadingNode, Note[]>();
  for (const note of notes) {
    const node = nodes.findLast(({ line }) => line <= note.line) ?? nodes[0];
    if (node !== undefined) placed.set(node, [...(placed.get(node) ?? []), note]);
  }
  return placed;
}
