import type { ImportLogEntry } from '../../core/dataset/import/import-log.ts';
import { findImported } from '../../engine/data/import/open-ground.ts';
import { readImportLog } from '../../engine/data/import/read-import-log.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

/** Shows the log of imports (D37), the newest first; 4 where one that stands was not seen to hold in everything. */
export async function importLog(
  shell: Shell,
  name: string | undefined,
  options: GlobalOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    if (name !== undefined) findImported(scene.launch, name);
    const entries = (await readImportLog(store, scene, name ?? null)).map(({ entry }) => entry);
    const isFine = entries.every(({ state, validated }) => state === 'rolled-back' || validated);
    const text = entries.map(describeEntry).join('\n') || 'no import was planned\n';
    return { exit: isFine ? 0 : 4, json: entries, text: toInert(text, false) };
  });
}

function describeEntry(entry: ImportLogEntry): string {
  const { source, documents, destination, copied, exclusions, validations, followUps } = entry;
  const landed = Object.entries(copied ?? {}).map(([outcome, count]) => `${count} ${outcome}`);
  const left = exclusions.map(({ outcome, reason, records }) => `${records} ${outcome} ${reason}`);
  return [
    `${entry.batch}  ${entry.dataset}  ${entry.state}`,
    `  source      ${source.on}.${source.table}  ${source.url}`,
    `  state       ${source.records} records ${source.stateSha256}, documents ${documents.planHash}, candidate ${documents.candidateSha256}`,
    `  destination ${destination.on}.${destination.table}  ${destination.url}  ${destination.environment}`,
    `  copied      ${landed.join(', ') || 'nothing'}`,
    `  excluded    ${left.join(', ') || 'nothing'}`,
    ...validations.map(({ shows, state, detail }) => `  ${state.padEnd(11)} ${shows}: ${detail}`),
    ...followUps.map((what) => `  follow up   ${what}`),
    '',
  ].join('\n');
}
