import { existsSync } from 'node:fs';
import { join } from 'node:path';

import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

import { unpackChromium } from './unpack-chromium.ts';

/**
 * What the package sets for tiny machines and for scraping: with one process for all pages closing one page's context ends the browser, and a browser without the rules
 * between origins is none that people use.
 */
const unwanted = new Set(['--single-process', '--disable-web-security', '--allow-running-insecure-content']);

/** Ends what hangs, and judges no speed: on a busy machine a page that takes two seconds alone may take half a minute. */
const patienceMs = 60_000;

/**
 * A headless Chromium: CHROMIUM_PATH where it is set, else the one that npm carries (Linux x64).
 * No apt, no download of its own; the caller closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env['CHROMIUM_PATH'];
  const browser = await (own === undefined ? openCarried() : openOwn(own));
  browser.on('context', (context) => context.setDefaultTimeout(patienceMs));
  return browser;
}

function openOwn(executablePath: string): Promise<Browser> {
  return launch(executablePath, ['--no-sandbox', '--disable-gpu'], process.env);
}

async function openCarried(): Promise<Browser> {
  const folder = await unpackChromium();
  const args = sparticuz.args.filter((arg) => !unwanted.has(arg));
  const libraries = join(folder, 'al2023', 'lib');
  const fonts = join(folder, 'fonts.conf');
  return launch(join(folder, 'chromium'), args, { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts });
}

async function launch(executablePath: string, args: string[], env: NodeJS.ProcessEnv): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath} - expected CHROMIUM_PATH or the npm package; set CHROMIUM_PATH`);
  }
  return chromium.launch({
    executablePath,
    args,
    timeout: 2 * patienceMs,
    env: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)),
  });
}
