import { join, resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { describeEntry } from '../../core/evidence/describe-entry.ts';
import type { DescribedEntry } from '../../core/evidence/describe-entry.ts';
import { findEntry } from '../../engine/evidence/find-entry.ts';
import { exportBundle } from '../../engine/export-bundle.ts';
import { readLog } from '../../engine/read-log.ts';
import { assertNewDirectory, writeDirectory } from '../../engine/write-directory.ts';
import { readBlob } from '../../store/blob.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import { onlyGate } from './decide.ts';

/** Lists the log of a launch, newest last: evidence, statements of people, sealed decisions. */
export async function listEvidence(
  shell: Shell,
  criterion: string | undefined,
  options: GlobalOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const log = await readLog(store, scene.launch.id);
    const entries = log.entries.filter(
      ({ entry }) => criterion === undefined || describeEntry(entry).about === criterion,
    );
    const lines = entries.map((stored) => renderEntry(stored));
    const text = lines.length > 0 ? lines.join('\n') : renderNothing(log.entries.length, criterion);
    return { exit: 0, json: entries.map(({ index, id, entry }) => ({ index, id, entry })), text: `${text}\n` };
  });
}

function renderNothing(entries: number, criterion: string | undefined): string {
  if (entries === 0) return 'nothing is in the log yet: run "tminus check"';
  return `none of the ${entries} entries of the log is about ${criterion ?? 'this'}`;
}

function renderEntry({ index, id, entry }: StoredEntry): string {
  const told = describeEntry(entry);
  return `${String(index).padStart(5)}  ev-${id.slice(0, 8)}  ${told.at}  ${wordOf(told).padEnd(18)} ${told.about}`;
}

/** As people say it: a check came out so, a person did something. */
function wordOf({ kind, word, by }: DescribedEntry): string {
  return kind === 'evidence' || kind === 'decision' ? word : `${word} by ${by ?? ''}`;
}

/** Shows one entry whole, or with `source` the raw bytes of one of its sources. `id` may be shortened while it is unique. */
export async function showEvidence(
  shell: Shell,
  id: string,
  options: GlobalOptions & { source?: string },
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const found = findEntry((await readLog(store, scene.launch.id)).entries, id);
    if (options.source === undefined) {
      const text = `${JSON.stringify(found.entry, null, 2)}\n`;
      return { exit: 0, json: { index: found.index, id: found.id, entry: found.entry }, text };
    }
    const sources = found.entry.format === 'tminus/evidence/1' ? found.entry.sources : [];
    const source = sources.find(({ name }) => name === options.source);
    const bytes = source ? await readBlob(store, source.sha256) : null;
    if (!source || !bytes)
      throw unknownSource(
        found.id,
        options.source,
        sources.map(({ name }) => name),
      );
    return {
      exit: 0,
      json: { ...source, base64: Buffer.from(bytes).toString('base64') },
      text: '',
      bytes,
    };
  });
}

function unknownSource(id: string, source: string, known: string[]): ProductError {
  return new ProductError(
    'evidence_unknown',
    `source ${source} of ev-${id.slice(0, 8)}: expected one of ${known.join(', ') || 'none'}`,
    {
      hint: 'name a source that the entry lists',
    },
  );
}

/** Decides, seals and writes a bundle that a stranger can verify with the one-file verifier. */
export async function exportEvidence(
  shell: Shell,
  gate: string | undefined,
  options: GlobalOptions & { out: string; phase?: string },
): Promise<CommandResult> {
  const directory = resolve(shell.directory, options.out);
  assertNewDirectory(directory);
  return withSession(shell, options, async ({ scene, store }) => {
    const bundle = await exportBundle(store, scene, { gate: gate ?? onlyGate(scene), phase: options.phase });
    writeDirectory(directory, bundle.files);
    const { outcome } = bundle.decision;
    return {
      exit: 0,
      json: { directory, outcome, files: bundle.files.size, logKey: bundle.logKey, checkpoint: bundle.checkpoint },
      text: [
        `${bundle.files.size} files in ${options.out}, decision ${outcome}`,
        `log key     ${bundle.logKey}`,
        'hand the key to the reader by another way, and keep the checkpoint (checkpoint.txt) somewhere else, too',
        `the reader runs: node tminus-verify.mjs ${options.out} --key KEY   (the file: ${join(shell.installation, 'verify/dist/tminus-verify.mjs')})`,
        '',
      ].join('\n'),
    };
  });
}
