import type { JsonValue } from '../core/check/check.ts';
import { ProductError } from '../core/error/product-error.ts';
import type { CommandResult } from './command-result.ts';
import { toInert } from './inert.ts';
import { readImportedFile } from './read-imported-file.ts';
import { renderRefused } from './render-drafts.ts';
import type { RefusedDocument } from './render-drafts.ts';
import type { Shell } from './shell.ts';

/** How the documents of a file become drafts, and how a draft is shown. */
interface Importer<Draft> {
  /** `all` are the documents of the file: one may name another. */
  read: (document: JsonValue, all: readonly JsonValue[]) => Draft | string;
  render: (draft: Draft) => string;
}

/** Returns every document of a file as a draft, and names each that is none; throws where all of them are none. Exit 1 where something is open or was not taken over. */
export function importFile<Draft extends { open: readonly string[] }>(
  shell: Shell,
  file: string,
  { read, render }: Importer<Draft>,
): CommandResult {
  const imported: Draft[] = [];
  const refused: RefusedDocument[] = [];
  const all = readImportedFile(shell, file);
  for (const [index, document] of all.entries()) {
    const draft = read(document, all);
    if (typeof draft === 'string') refused.push({ document: index + 1, why: draft });
    else imported.push(draft);
  }
  if (imported.length === 0)
    throw new ProductError(
      'document_unreadable',
      `${file}: expected a document that can be imported, got none: ${refused.length === 1 ? refused[0]!.why : renderRefused(refused.slice(0, 3)).trim() || 'it is empty'}`,
      { hint: 'name a file that holds one' },
    );
  const isOpen = refused.length > 0 || imported.some(({ open }) => open.length > 0);
  return {
    exit: isOpen ? 1 : 0,
    json: { imported, refused },
    text: toInert([...imported.map(render), renderRefused(refused)].join('\n'), false),
  };
}
