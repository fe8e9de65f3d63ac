import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

import { assertOutsideLaunch, renderDocuments } from '../../engine/render-documents.ts';
import { assertNewDirectory, writeDirectory } from '../../engine/write-directory.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

/** Shows the launch documents with how each criterion stands beside its line: on stdout, or as copies in a folder. */
export async function render(shell: Shell, options: GlobalOptions & { out?: string }): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const directory = options.out === undefined ? null : resolve(realpathSync(shell.directory), options.out);
    if (directory !== null) {
      assertOutsideLaunch(scene, directory);
      assertNewDirectory(directory);
    }
    const { files, badges } = await renderDocuments(store, scene);
    if (directory !== null) writeDirectory(directory, files);
    const paths = [...files.keys()];
    return {
      exit: 0,
      json: { directory, documents: paths, badges },
      text:
        directory === null
          ? printDocuments(files)
          : `${count(files.size)} in ${options.out}, ${badges.length} badges\n`,
    };
  });
}

function count(documents: number): string {
  return documents === 1 ? '1 document' : `${documents} documents`;
}

/** One document as it is, several each under its path. */
function printDocuments(files: ReadonlyMap<string, Uint8Array>): string {
  const texts = [...files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)] as const);
  return texts.length === 1
    ? (texts[0]?.[1] ?? '')
    : texts.map(([path, text]) => `==> ${path} <==\n${text}`).join('\n');
}
