import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The one-file verifier, committed so that a reader needs neither npm nor this repository. */
const verifierFile = join(root, 'verify', 'dist', 'tminus-verify.mjs');

const banner = `// The offline verifier of Tminus bundles, built from this repository by "node scripts/run.mjs tools/build-verifier.ts".
// One file for plain Node >= 20; it imports nothing but what Node brings and never uses the network.`;

/** The text of the one-file verifier; the same sources give the same text. Throws where it would import what Node does not bring. */
export async function buildVerifier(): Promise<string> {
  const bundle = await rolldown({
    input: join(root, 'src', 'verifier.ts'),
    cwd: root,
    platform: 'node',
    logLevel: 'warn',
    resolve: { conditionNames: ['import', 'node', 'default'] },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: false,
    codeSplitting: false,
    banner,
    comments: false,
  });
  await bundle.close();
  const [chunk, ...others] = output;
  if (others.length > 0) throw new Error(`verifier: expected one file, got ${output.length}`);
  const foreign = chunk.imports.filter(
    (name) => !name.startsWith('node:') || !builtinModules.includes(name.slice('node:'.length)),
  );
  if (foreign.length > 0) throw new Error(`verifier: expected only node: imports, got ${foreign.join(', ')}`);
  return chunk.code;
}

/** Writes the verifier, or with `--check` says whether the committed one is what the sources give. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const built = await buildVerifier();
  if (!args.includes('--check')) {
    mkdirSync(dirname(verifierFile), { recursive: true });
    writeFileSync(verifierFile, built);
    process.stdout.write(`${verifierFile}: ${built.length} characters\n`);
    return 0;
  }
  if (readCommitted() === built) return 0;
  process.stderr.write(
    'verify/dist/tminus-verify.mjs: expected what the sources give, got another text; run "node scripts/run.mjs tools/build-verifier.ts"\n',
  );
  return 1;
}

function readCommitted(): string | null {
  try {
    return readFileSync(verifierFile, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
