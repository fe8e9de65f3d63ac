import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const sealName = 'sources.sha256';

/** What one build of the web UI is made from and where it goes. */
export interface WebBuild {
  /** Folder that is served, with `index.html` in it. */
  folder: string;
  /** With the gallery of all components at `/kit`, for tests. */
  hasKit: boolean;
}

/** The build that `npm start` and `tminus serve` use. */
export const productBuild: WebBuild = { folder: join(root, 'web', 'dist'), hasKit: false };

/**
 * Makes the folder hold what the sources say, and returns it. Costs a few ms where nothing changed since the last time.
 * The new build takes the place of the old one in one step: a server that is reading never meets half of it.
 */
export function buildWeb({ folder, hasKit }: WebBuild = productBuild): { folder: string; isNew: boolean } {
  const digest = toDigest(hasKit);
  if (readSeal(folder) === digest) return { folder, isNew: false };
  const fresh = `${folder}.${process.pid}`;
  runVite(fresh, hasKit);
  compressFiles(fresh);
  writeFileSync(join(fresh, sealName), digest);
  takePlace(fresh, folder, digest);
  return { folder, isNew: true };
}

/** Another process may have built the same meanwhile: what it serves is left alone. */
function takePlace(fresh: string, folder: string, digest: string): void {
  const old = `${fresh}.old`;
  mkdirSync(join(folder, '..'), { recursive: true });
  try {
    if (readSeal(folder) === digest) return;
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(fresh, folder);
  } catch (error) {
    if (readSeal(folder) !== digest) throw error;
  } finally {
    for (const rest of [fresh, old]) rmSync(rest, { recursive: true, force: true });
  }
}

function readSeal(folder: string): string | null {
  try {
    return readFileSync(join(folder, sealName), 'utf8');
  } catch {
    return null;
  }
}

/** Digest over everything that a build depends on: its sources, its configuration, the lock file. */
function toDigest(hasKit: boolean): string {
  const files = globSync('{src,public}/**/*.*', { cwd: join(root, 'web') }).filter(
    (file) => !/\.test\.tsx?$/.test(file),
  );
  const all = ['package-lock.json', 'web/index.html', 'web/vite.config.ts', ...files.map((file) => join('web', file))];
  const hash = createHash('sha256').update(`kit ${hasKit}, packed\n`);
  for (const file of all.toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function runVite(out: string, hasKit: boolean): void {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const run = spawnSync(process.execPath, [vite, 'build', 'web', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', TMINUS_WEB_OUT: out, TMINUS_WEB_KIT: hasKit ? '1' : '' },
  });
  if (run.status === 0) return;
  rmSync(out, { recursive: true, force: true });
  throw new Error(
    `web: expected vite to build it, got exit ${run.status}; mend what it names\n${run.stdout}${run.stderr}`,
  );
}

/** Beside each file of text what a browser asks for: packed once here, and not again for every visitor. */
function compressFiles(folder: string): void {
  for (const file of globSync('{assets/,}*.{js,css,svg,json,webmanifest}', { cwd: folder })) {
    const bytes = readFileSync(join(folder, file));
    writeFileSync(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(folder, `${file}.br`), brotliCompressSync(bytes));
  }
}

if (import.meta.main) {
  const { folder, isNew } = buildWeb();
  console.log(isNew ? `built ${folder}` : `${folder} is fresh`);
}
