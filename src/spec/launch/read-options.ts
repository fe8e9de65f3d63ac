import type { List, ListItem } from 'mdast';

import type { Place } from '../../core/launch/place.ts';
import { isOptionsHeading, readOptionText } from '../option-text.ts';
import type { OptionText } from '../option-text.ts';
import type { Scene } from './draft.ts';
import { outlineOf } from './outline.ts';
import type { Section } from './outline.ts';
import { plainText } from './read-title.ts';
import { slugOf } from './slug.ts';
import { nameIt } from './take-attributes.ts';

interface Found extends OptionText {
  tradeOffs: string[];
  at: Place;
}

/**
 * Keeps the options of a section as declarations, the rejected ones, too (F07). An option is rejected where exactly one other is recommended:
 * as long as none or several are, nothing is decided, which lint says.
 */
export function readOptions(scene: Scene, section: Section): void {
  for (const { found, rejected } of optionsOf(scene, section)) {
    const { title, at } = found;
    const id = nameIt(scene.draft, { attributes: null, title, family: 'option', what: 'option', at });
    keep(scene, { id, found, rejected });
  }
}

/** Keeps the options of a plan file under the id of the plan; nothing in a plan file is a problem. */
export function readPlanOptions(scene: Scene, planId: string): void {
  for (const section of outlineOf(scene.document, [])) {
    for (const { found, rejected } of optionsOf(scene, section)) {
      keep(scene, { id: `${planId}/${slugOf(found.title)}`, found, rejected });
    }
  }
}

function keep({ draft }: Scene, { id, found, rejected }: { id: string; found: Found; rejected: boolean }): void {
  const { title, recommended, tradeOffs, at } = found;
  draft.launch.declarations.push({ kind: 'option', id, body: { title, recommended, rejected, tradeOffs }, at });
}

function optionsOf(scene: Scene, section: Section): { found: Found; rejected: boolean }[] {
  if (!isOptionsHeading(section.title.text)) return [];
  const lists = section.nodes.filter((node): node is List => node.type === 'list');
  const options = lists.flatMap(({ children }) => children.flatMap((item) => toOption(scene, item)));
  const isDecided = options.filter(({ recommended }) => recommended).length === 1;
  return options.map((found) => ({ found, rejected: isDecided && !found.recommended }));
}

function toOption({ document }: Scene, item: ListItem): Found[] {
  const [first, ...below] = item.children;
  const option = first?.type === 'paragraph' ? readOptionText(document.written(first)) : null;
  if (option === null) return [];
  const lists = below.filter((node): node is List => node.type === 'list');
  const tradeOffs = lists.flatMap(({ children }) => children.map((child) => plainText(child, document)));
  return [{ ...option, tradeOffs, at: document.place(item) }];
}
