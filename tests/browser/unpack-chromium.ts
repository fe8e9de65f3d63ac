import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const packageFile = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../package.json');
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

/** Unpacks into the folder for temporary files, whatever that is for the process. */
const unpack = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;

/**
 * The folder with the Chromium that npm carries, its libraries and fonts, unpacked once for each version. The package itself takes a file that exists for one that is
 * whole: a test file that starts while another one unpacks would start half a browser. Here the folder gets its name when everything is in it.
 */
export async function unpackChromium(): Promise<string> {
  const folder = join(tmpdir(), `tminus-chromium-${version}`);
  if (existsSync(folder)) return folder;
  const fresh = mkdtempSync(`${folder}-`);
  try {
    const env = { ...process.env, TMPDIR: fresh };
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: import.meta.dirname,
      env,
    });
    writeFileSync(join(fresh, 'fonts.conf'), toFontConfig(folder));
    giveName(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Whoever comes second uses what the first has unpacked. */
function giveName(fresh: string, folder: string): void {
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** The package's own fonts.conf names a fixed folder; with another temporary folder text would vanish from the page. */
function toFontConfig(folder: string): string {
  const places = `<dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/font-cache</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${places}</fontconfig>`;
}
