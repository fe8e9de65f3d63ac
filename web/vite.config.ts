import { join } from 'node:path';

import locales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/** Libraries that every page needs stand in one file, which changes only with the lock file and stays in the browser's cache. */
const framework =
  /node_modules\/(react|react-dom|scheduler|use-intl|@tanstack\/(react-)?(router|router-core|query|query-core|store|history))\//;

/** What the shell and Home need beside it. Nothing here may need React Aria's collections or overlays: they are half as large as all that the first page may have. */
const firstPage =
  /web\/src\/(api\/|messages\/|kit\/(answer|banner|clock|countdown|disclosure|duration|empty-state|error-state|format-duration|icon|icon-paths|icon-button|join-classes|link-button|loading|native-button|page|panel|stale-banner|status|time|toast)(\.module)?\.\w+$|kit\/states\.module\.css)/;

/** Writes the names of all files into the service worker: it keeps them for reading offline, and is a new worker when they change. */
const offlineFiles: Plugin = {
  name: 'tminus-offline-files',
  generateBundle(_, bundle) {
    const worker = bundle['sw.js'];
    if (worker?.type !== 'chunk') throw new Error('sw.js: expected the service worker in the build, got none');
    const files = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
    worker.code = worker.code.replace('TMINUS_FILES', JSON.stringify(files.toSorted().map((name) => `/${name}`)));
  },
};

/** Puts the script that begins before all others into the page; while somebody works with `vite` there is none, and pages are only slower. */
const earlyScript: Plugin = {
  name: 'tminus-early-script',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      if (bundle === undefined) return [];
      const begin = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'begin');
      if (begin === undefined) throw new Error('begin: expected the early script in the build, got none');
      return [{ tag: 'script', attrs: { type: 'module', src: `/${begin.fileName}` }, injectTo: 'head-prepend' }];
    },
  },
};

// Where the API is while somebody works on the UI with `vite`.
const api = process.env['TMINUS_API'] ?? 'http://127.0.0.1:4780';

export default defineConfig({
  root: import.meta.dirname,
  // React Aria carries 30 languages; without this they are a quarter of the first page.
  plugins: [react(), { ...locales.vite({ locales: ['en-US'] }), enforce: 'pre' }, earlyScript, offlineFiles],
  // Only a build for tests has the gallery of all components at /kit.
  define: { TMINUS_KIT: JSON.stringify(process.env['TMINUS_WEB_KIT'] === '1') },
  // The server puts a new nonce here with every page that it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  // Its variant for browsers decodes by innerHTML, which Trusted Types refuse.
  resolve: {
    alias: {
      'decode-named-character-reference': join(
        import.meta.dirname,
        '../node_modules/decode-named-character-reference/index.js',
      ),
    },
  },
  build: {
    outDir: process.env['TMINUS_WEB_OUT'] ?? 'dist',
    emptyOutDir: true,
    manifest: true,
    // First versions with light-dark(), on which the themes rest.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The CSP allows no inline files.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        begin: join(import.meta.dirname, 'src/begin.ts'),
        sw: join(import.meta.dirname, 'src/offline/worker/sw.ts'),
      },
      output: {
        // A service worker is asked for by one name, at the root of what it serves.
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        // A file of its own for every part that two pages share is 45 requests for one page, each of which costs a slow phone some ms.
        codeSplitting: {
          groups: [
            // By itself: the early script would else wait for all that it is ahead of.
            { name: 'early-answers', test: /web\/src\/api\/early-answers/, priority: 4 },
            { name: 'framework', test: framework, priority: 3 },
            { name: 'first-page', test: firstPage, priority: 2 },
            { name: 'many-pages', minShareCount: 5, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': api } },
});
