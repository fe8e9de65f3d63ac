import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { buildWeb } from '../../scripts/build-web.ts';
import { listFirstFiles, sumGzip } from './first-page.ts';

const limit = 150_000;
let folder: string;

beforeAll(() => {
  ({ folder } = buildWeb());
});

describe('first page', () => {
  it('P19 needs at most 150 kB of JavaScript, compressed', () => {
    const files = listFirstFiles(folder, 'src/pages/home/page.tsx');
    const bytes = sumGzip(folder, files);
    process.stdout.write(`first page: ${bytes} bytes of JavaScript gz in ${files.length} files\n`);
    expect(files.length).toBeGreaterThan(1);
    expect(bytes).toBeGreaterThan(60_000);
    expect(bytes).toBeLessThanOrEqual(limit);
  });

  it('counts what the page imports from elsewhere (negative control)', () => {
    const grown = mkdtempSync(join(tmpdir(), 'tminus-first-'));
    mkdirSync(join(grown, '.vite'));
    const manifest = {
      'index.html': { file: 'a.js', imports: ['_b.js'], dynamicImports: ['src/pages/home/page.tsx', 'later.tsx'] },
      '_b.js': { file: 'b.js' },
      'later.tsx': { file: 'later.js' },
      'src/pages/home/page.tsx': { file: 'c.js', imports: ['_b.js'] },
    };
    writeFileSync(join(grown, '.vite', 'manifest.json'), JSON.stringify(manifest));
    for (const name of ['a.js', 'b.js', 'c.js', 'later.js']) writeFileSync(join(grown, name), randomBytes(60_000));
    const files = listFirstFiles(grown, 'src/pages/home/page.tsx');
    expect(files).toEqual(['a.js', 'b.js', 'c.js']);
    expect(sumGzip(grown, files)).toBeGreaterThan(limit);
    rmSync(grown, { recursive: true });
  });

  it('S8 has no inline script and no handler in its page, and a place for the nonce', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).toContain('nonce="__CSP_NONCE__"');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    expect(html).not.toMatch(/\son[a-z]+=|\sstyle=|<style/);
  });

  it('asks no other host for anything', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('the product has no gallery of components', () => {
    const manifest = readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8');
    expect(manifest).not.toContain('pages/kit/');
    expect(manifest).toContain('pages/home/');
  });
});
