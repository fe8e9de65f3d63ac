import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/**
 * What the package sets for tiny machines and for scraping: with one process for all pages closing one page's context ends the browser, and a browser without the rules
 * between origins is none that people use.
 */
const unwanted = new Set(['--single-process', '--disable-web-security', '--allow-running-insecure-content']);

/**
 * A headless Chromium: CHROMIUM_PATH where it is set, else the one that npm carries (Linux x64).
 * No apt, no download of its own; the caller closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env['CHROMIUM_PATH'];
  const executablePath = own ?? (await sparticuz.executablePath());
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath} - expected CHROMIUM_PATH or the npm package; set CHROMIUM_PATH`);
  }
  const args = own ? ['--no-sandbox', '--disable-gpu'] : sparticuz.args.filter((arg) => !unwanted.has(arg));
  const libraries = join(tmpdir(), 'al2023', 'lib');
  const env = own ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: writeFontConfig() };
  return chromium.launch({
    executablePath,
    args,
    env: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)),
  });
}

/** The package's own fonts.conf names a fixed folder; with another temporary folder text would vanish from the page. */
function writeFontConfig(): string {
  const folder = join(tmpdir(), 'tminus-fonts');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'fonts.conf');
  const fonts = join(tmpdir(), 'fonts');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><dir>/usr/share/fonts</dir><cachedir>${folder}</cachedir></fontconfig>`,
  );
  return file;
}
