import { isAbsolute, relative, sep } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';
import { criterionBadges } from '../report/criterion-badges.ts';
import type { CriterionBadge } from '../report/criterion-badges.ts';
import { renderDocument } from '../spec/render-document.ts';
import type { Store } from '../store/open-store.ts';
import { explainGate } from './explain-gate.ts';
import type { Scene } from './scene.ts';

/** Copies of the launch documents, by path, and the badges that were put into them. */
export interface RenderedDocuments {
  files: Map<string, Uint8Array>;
  badges: CriterionBadge[];
}

/** Decides every gate and shows each criterion's standing beside its line, in copies: the documents themselves are only read. Writes nothing. */
export async function renderDocuments(store: Store, scene: Scene): Promise<RenderedDocuments> {
  const badges: CriterionBadge[] = [];
  for (const { id } of scene.launch.gates) {
    const { decision } = await explainGate(store, scene, { gate: id });
    badges.push(...criterionBadges(decision));
  }
  const files = new Map(
    scene.documents.map(({ path, bytes }) => {
      const own = badges.filter(({ file }) => file === path);
      return [path, renderDocument(path, bytes, own)] as const;
    }),
  );
  return { files, badges };
}

/** Refuses a folder in which the copies would be read as launch documents the next time. */
export function assertOutsideLaunch({ directory: root }: Pick<Scene, 'directory'>, directory: string): void {
  const way = relative(root, directory);
  const segments = way.split(sep);
  if (isAbsolute(way) || segments[0] === '..' || segments.some((segment) => segment.startsWith('.'))) return;
  throw new ProductError('usage', `${directory}: expected a folder outside of the launch, got one inside ${root}`, {
    hint: 'name another folder, or a hidden one such as .rendered: the copies would be read as a second launch',
  });
}
