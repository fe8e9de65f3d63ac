import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** Whether programs can be shut in here; found out once by shutting in a program that does nothing. */
export type Sandbox =
  | { state: 'works'; program: string; isolation: readonly string[] }
  | { state: 'absent'; reason: string };

/** Places that bubblewrap is looked for in: never the PATH, which may lead into a folder that others write. */
const places = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'];

/** No new privileges and its own user, processes, IPC, host name and terminal; dies with the worker. The first set that works here is used. */
const isolations: readonly (readonly string[])[] = [
  ['--unshare-user', '--disable-userns', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
].map((each) => [...each, '--die-with-parent', '--new-session', '--cap-drop', 'ALL']);

/** Folders and files of the system that programs need to find themselves, read-only. Nothing of /var, /run, /root, /home or the rest of /etc is there. */
const system = [
  ['/', ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'nix/store', 'opt']],
  ['/etc', ['passwd', 'group', 'hosts', 'resolv.conf', 'nsswitch.conf', 'gai.conf', 'host.conf', 'services']],
  ['/etc', ['protocols', 'localtime', 'timezone', 'ssl', 'ca-certificates', 'pki', 'alternatives', 'ld.so.cache']],
  ['/etc', ['ld.so.conf', 'ld.so.conf.d', 'mime.types', 'terminfo', 'os-release']],
].flatMap(([folder, names]) => (names as string[]).map((name) => join(folder as string, name)));

/** Within those, keys that root reads inside as well, since what is root stays root there: hidden. */
const hidden = ['/etc/ssl/private', '/etc/pki/tls/private'];

let found: Sandbox | null = null;

/** Returns what this machine has, tried out once per process. */
export function findSandbox(): Sandbox {
  found ??= trySandbox(places);
  return found;
}

/** Tries bubblewrap from the first of the places that has it. */
export function trySandbox(candidates: readonly string[]): Sandbox {
  if (process.platform !== 'linux') return { state: 'absent', reason: 'bubblewrap wants Linux' };
  const program = candidates.find((each) => existsSync(each));
  if (program === undefined) return { state: 'absent', reason: 'bubblewrap is not installed' };
  let reason = 'it does not work';
  for (const isolation of isolations) {
    const args = [...isolation, ...mountsFor('/usr'), '--', '/bin/sh', '-c', 'exit 0'];
    const tried = spawnSync(program, args, { encoding: 'utf8', timeout: 5_000, env: {}, stdio: 'pipe' });
    if (tried.status === 0) return { state: 'works', program, isolation };
    reason = (tried.stderr || tried.error?.message || `it ended with ${tried.status}`).trim().split('\n')[0]!;
  }
  return { state: 'absent', reason: `bubblewrap does not work here: ${reason}` };
}

/** Returns the arguments that shut a program in: all but the workspace and a /tmp of its own can only be read, and the store's own folder is hidden. */
export function toSandboxed(wish: {
  sandbox: Extract<Sandbox, { state: 'works' }>;
  workspace: string;
  cwd: string;
  network: 'host' | 'none';
  /** Files of secrets that have to be seen inside. */
  files: readonly string[];
  infoDescriptor: number;
  argv: readonly string[];
}): string[] {
  const { sandbox, workspace, files } = wish;
  const own = join(workspace, '.tminus');
  return [
    sandbox.program,
    ...sandbox.isolation,
    ...(wish.network === 'none' ? ['--unshare-net'] : []),
    ...mountsFor(workspace),
    ...files.flatMap((file) => ['--ro-bind', file, file]),
    ...(workspace === '/usr' ? [] : ['--bind', workspace, workspace]),
    ...(existsSync(own) ? ['--tmpfs', own] : []),
    '--chdir',
    wish.cwd,
    ...`--setenv HOME /tmp --info-fd ${wish.infoDescriptor} --`.split(' '),
    ...wish.argv,
  ];
}

/** A /tmp of its own comes before the folders of tools: one of them may lie in there, and would be hidden by it. */
function mountsFor(workspace: string): string[] {
  const isShown = (folder: string): boolean => existsSync(folder) && folder !== workspace;
  const show = (folders: readonly string[]): string[] =>
    folders.filter(isShown).flatMap((folder) => ['--ro-bind', folder, folder]);
  return [
    ...show(system),
    ...hidden.filter(isShown).flatMap((folder) => ['--tmpfs', folder]),
    ...(workspace === '/usr' ? ['--ro-bind', '/usr', '/usr'] : []),
    ...'--proc /proc --dev /dev --size 268435456 --tmpfs /tmp'.split(' '),
    ...show(toolPlaces()),
  ];
}

/**
 * Where tools outside of the system's folders live: Node with its libraries, and what PATH names. A PATH that names home or a root is not followed, nor is what stands
 * beside Node: `~/bin/node` would show all of home.
 */
function toolPlaces(): string[] {
  const named = (process.env['PATH'] ?? '').split(delimiter).filter((each) => isAbsolute(each) && isToolFolder(each));
  const node = realpathSync(process.execPath);
  const folder = dirname(node);
  const ofNode = isToolFolder(folder) ? [folder, join(dirname(folder), 'lib')] : [node];
  return [...named, ...ofNode].filter((each) => !system.some((top) => each === top || each.startsWith(`${top}/`)));
}

function isToolFolder(folder: string): boolean {
  return /\/s?bin$/.test(folder);
}
