import { collectDocuments, toExists } from '../../engine/collect-documents.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { printLintText } from '../../spec/lint/format/print-text.ts';
import { toLintReport } from '../../spec/lint/format/to-json.ts';
import { toSarif } from '../../spec/lint/format/to-sarif.ts';
import { lintDocuments } from '../../spec/lint/lint-documents.ts';
import type { CommandResult } from '../command-result.ts';
import { notePassedOver } from '../note-passed-over.ts';
import type { Shell } from '../shell.ts';

export interface LintOptions {
  format: string;
  json?: boolean;
}

/** Reads documents, prepared or not; exit 0 without blocking findings, 3 with one. */
export async function lint(shell: Shell, paths: readonly string[], options: LintOptions): Promise<CommandResult> {
  const format = options.json ? 'json' : options.format;
  if (!['text', 'json', 'sarif'].includes(format)) {
    throw new ProductError('usage', `--format: expected text, json or sarif, got ${format}`, {
      hint: 'name one of the three',
    });
  }
  const { documents, skipped } = await collectDocuments(shell.directory, paths.length > 0 ? paths : ['.']);
  notePassedOver(shell.terminal, skipped);
  if (documents.length === 0) {
    throw new ProductError(
      'launch_missing',
      `${paths.join(', ') || 'this directory'}: expected Markdown files, got none`,
      {
        hint: 'name a file of any ending, or a folder with .md files',
      },
    );
  }
  const result = lintDocuments(documents, { exists: toExists(shell.directory), readers: await shell.loadReaders() });
  const { bold, dim, red, yellow, cyan } = shell.terminal.palette;
  const text = {
    text: () => printLintText(result, { bold, dim, blocking: red, warning: yellow, info: cyan }),
    json: () => `${JSON.stringify(toLintReport(result), null, 2)}\n`,
    sarif: () => `${JSON.stringify(toSarif(result), null, 2)}\n`,
  }[format as 'text' | 'json' | 'sarif']();
  return { exit: result.totals.blocking > 0 ? 3 : 0, json: toLintReport(result), text };
}
