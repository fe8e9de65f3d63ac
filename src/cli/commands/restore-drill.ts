import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import { renderFinding } from '../../core/dataset/archive/archive-rules.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { describeFileError } from '../../core/error/describe-file-error.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import { productionDatabases } from '../../engine/data/archive/production-databases.ts';
import { fetchArchive } from '../../engine/data/archive/remote-archive.ts';
import type { FetchedArchive } from '../../engine/data/archive/remote-archive.ts';
import { drillReportPath, restoreDrill } from '../../engine/data/archive/restore-drill.ts';
import type { EndedDrill } from '../../engine/data/archive/restore-drill.ts';
import { nameScratchServer } from '../../engine/data/archive/scratch-server.ts';
import { tellWindow } from '../../engine/data/archive/tell-window.ts';
import { verifyArchive } from '../../engine/data/archive/verify-archive.ts';
import { makeFolder, writeNewFile } from '../../engine/write-file.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openObjects } from '../open-objects.ts';
import type { ObjectOptions } from '../open-objects.ts';
import { openProgress } from '../progress.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

export interface ArchiveOptions extends ObjectOptions {
  sha256?: string;
  identity?: string;
  /** Whether it is asked as a whole archive: then one of a window of time does not hold. */
  asWhole?: boolean;
  json?: boolean;
}

export interface DrillOptions extends GlobalOptions, ArchiveOptions, Partial<SignerOptions> {
  server?: string;
  dryRun?: boolean;
}

/** Holds an archive against every rule; one on the disk needs neither launch nor store. Exit 4 where one does not hold. */
export async function verifyArchiveCommand(
  shell: Shell,
  archive: string,
  options: ArchiveOptions & GlobalOptions & Partial<SignerOptions>,
): Promise<CommandResult> {
  if (!archive.startsWith('s3://')) return await verifyFile(shell, resolve(shell.directory, archive), options);
  return withSession(shell, options, async (session) => {
    const fetched = await fetchFrom(shell, session, { archive, options, permission: 'check.run' });
    try {
      return await verifyFile(shell, fetched.file, withRecorded(options, fetched));
    } finally {
      await fetched.remove();
    }
  });
}

/** A store of objects is asked by somebody, with a secret of the launch. */
async function fetchFrom(
  shell: Shell,
  session: Session,
  {
    archive: url,
    options,
    permission,
  }: { archive: string; options: ObjectOptions & Partial<SignerOptions>; permission: 'check.run' | 'run.start' },
): Promise<FetchedArchive> {
  const { person } = await requireSigner(shell, session, { options, permission, subject: `archive ${url}` });
  return await fetchArchive(await openObjects(shell, session, { url, options, by: person.id }));
}

function withRecorded<Options extends ArchiveOptions>(options: Options, { recorded }: FetchedArchive): Options {
  return recorded === null || options.sha256 !== undefined ? options : { ...options, sha256: recorded };
}

async function verifyFile(
  shell: Shell,
  file: string,
  options: ArchiveOptions & { environment?: string },
): Promise<CommandResult> {
  const { sha256, manifest, findings } = await verifyArchive({
    file,
    identities: readIdentities(shell, options),
    signal: shell.signal,
    expectedSha256: readExpected(file, options),
    environment: options.environment ?? null,
    // Its bytes can be whole although it holds a window only; what it is stands in the answer.
    takesPartial: options.asWhole !== true,
  });
  const { green, red, yellow } = shell.terminal.palette;
  const rows = Object.values(manifest?.entity_counts ?? {}).reduce((sum, count) => sum + count, 0);
  const window = manifest?.window;
  const told = [
    `${window === undefined ? green('whole') : yellow('partial')}  ${rows} rows of ${manifest?.source.environment ?? ''}, ${manifest?.generated_at ?? ''}`,
    ...(window === undefined ? [] : [`written ${tellWindow(window)}: no backup`]),
  ];
  const lines =
    findings.length === 0 ? told : findings.map((finding) => `${red('damaged')}  ${renderFinding(finding)}`);
  return {
    exit: findings.length === 0 ? 0 : 4,
    json: { sha256, findings, counts: manifest?.entity_counts ?? null, window: window ?? null },
    text: `${lines.join('\n')}\nsha256  ${sha256}\n`,
  };
}

/** Restores an archive for good measure, and leaves a signed report. Exit 4 where it is no restore. */
export async function restoreDrillCommand(
  shell: Shell,
  archive: string,
  options: DrillOptions,
): Promise<CommandResult> {
  if (options.dryRun === true) {
    if (archive.startsWith('s3://')) return verifyArchiveCommand(shell, archive, { ...options, asWhole: true });
    const { environment: _, ...asked } = options;
    return verifyArchiveCommand(shell, archive, { ...asked, asWhole: true });
  }
  return withSession(shell, options, async (session) => {
    const subject = `restore-drill ${basename(archive)}`;
    await requireSigner(shell, session, { options, permission: 'run.start', subject });
    if (!archive.startsWith('s3://'))
      return await drillFile(shell, session, {
        file: resolve(shell.directory, archive),
        uri: basename(archive),
        options,
      });
    const fetched = await fetchFrom(shell, session, { archive, options, permission: 'run.start' });
    try {
      return await drillFile(shell, session, {
        file: fetched.file,
        uri: archive,
        options: withRecorded(options, fetched),
      });
    } finally {
      await fetched.remove();
    }
  });
}

async function drillFile(
  shell: Shell,
  session: Session,
  { file, uri, options }: { file: string; uri: string; options: DrillOptions },
): Promise<CommandResult> {
  const progress = openProgress(shell.terminal, options.json === true);
  const drilled = await drill(shell, session, {
    file,
    uri,
    options,
    onPhase: (text) => progress.update(0, 1, text),
  }).finally(() => progress.end());
  const out = drillReportPath(session.scene.directory, drilled.report.id);
  makeFolder(dirname(out));
  writeNewFile(out, drilled.file);
  const { report, findings } = drilled;
  return {
    exit: report.passed ? 0 : 4,
    json: { ...report, findings, file: out },
    text: renderDrill(shell, drilled, out),
  };
}

function drill(
  shell: Shell,
  { scene, store }: Session,
  {
    file,
    uri,
    options,
    onPhase,
  }: { file: string; uri: string; options: DrillOptions; onPhase: (text: string) => void },
): Promise<EndedDrill> {
  const password = shell.env['TMINUS_DRILL_PASSWORD'] ?? null;
  return restoreDrill(store, scene, {
    file,
    uri,
    expectedSha256: readExpected(file, options),
    identities: readIdentities(shell, options),
    server: options.server === undefined ? null : nameScratchServer(options.server, password),
    forbidden: productionHosts(scene.launch),
    productionDatabases: productionDatabases(scene.launch),
    signal: shell.signal,
    onPhase(phase, detail) {
      // Lines that stay are for phases; the entity under way is for whoever looks on.
      if (detail === '' || shell.terminal.interactive) onPhase(`${phase} ${detail}`.trimEnd());
    },
  });
}

/** What was kept when it was written: given by hand, else the file beside the archive; null where there is none. */
function readExpected(file: string, { sha256 }: ArchiveOptions): string | null {
  const written = sha256 ?? readBeside(`${file}.sha256`);
  if (written === null) return null;
  const found = /^[\da-f]{64}(?=\s|$)/i.exec(written)?.[0];
  if (found) return found.toLowerCase();
  throw new ProductError('usage', 'sha256: expected 64 hex digits, got something else', {
    hint: 'give the sha256 that "tminus export" printed',
  });
}

function readBeside(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function readIdentities(shell: Shell, { identity }: ArchiveOptions): string[] {
  if (identity === undefined) return [];
  const file = resolve(shell.directory, identity);
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch (cause) {
    throw new ProductError(
      'key_unreadable',
      `${file}: expected a file of age identities, got ${describeFileError(cause)}`,
      {
        hint: 'make one with age-keygen',
        cause,
      },
    );
  }
}

function renderDrill({ terminal }: Shell, { report, findings }: EndedDrill, out: string): string {
  const { bold, green, red, dim } = terminal.palette;
  const rows = report.entities.reduce((sum, { restored }) => sum + restored, 0);
  const verdict = report.passed ? green('passed') : red('did not pass');
  return [
    `${bold(report.id)}  ${report.archive.uri}: ${bold(verdict)}`,
    `  ${rows} rows of ${report.entities.length} entities restored${report.rtoMs === null ? '' : ` in ${formatDuration(report.rtoMs)}`}`,
    ...report.smoke.map(
      ({ name, passed, detail }) => `  ${passed ? green('✓') : red('✗')} ${name}${passed ? '' : `: ${detail}`}`,
    ),
    ...findings.map((finding) => `  ${red(finding)}`),
    dim(`  ${report.phases.map(({ name, ms }) => `${name} ${formatDuration(ms)}`).join(', ')}`),
    `report ${out}`,
    '',
  ].join('\n');
}
