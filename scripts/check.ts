import { runSteps } from './run-steps.ts';

/** Everything that CI holds besides the tests: types, rules, format, dead code, freshness of generated files. */
const failed = runSteps([
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'types of the web UI', args: ['node_modules/typescript/bin/tsc', '-p', 'web'] },
  { name: 'rules', args: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--check'] },
  { name: 'verifier is fresh', args: ['tools/build-verifier.ts', '--check'] },
  { name: 'reference pages are fresh', args: ['tools/write-reference.ts', '--check'] },
  { name: 'client of the API is fresh', args: ['tools/write-client.ts', '--check'] },
  { name: 'schema.sql is fresh', args: ['tools/dump-schema.ts', '--check'] },
  { name: 'dead code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
]);

if (failed.length > 0) {
  console.log(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
