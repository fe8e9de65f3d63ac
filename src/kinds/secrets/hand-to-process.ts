import { constants } from 'node:fs';
import { access, mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SecretValue } from '../../core/secret/secret-value.ts';

/** How a program gets one secret. */
export interface Handover {
  value: SecretValue;
  /**
   * `descriptor`: an open file without a name, which ends with the process. `file`: a file of mode 0600 in a folder of its own, for programs that close what they
   * inherit. `environment`: the value itself in a variable, where everything the program starts can read it; for programs that know no other way.
   */
  by: 'descriptor' | 'file' | 'environment';
  /** Variable that is set to the path, or with `environment` to the value; null where only the path is wanted, for an argument. */
  variable: string | null;
}

/** What to start a program with. Arguments get paths, never values. */
export interface HandedSecrets {
  /** For `stdio` of `spawn`, in this order, from index 3 on. */
  descriptors: number[];
  /** By name of the secret: the path to read it from. None for those handed over by environment. */
  paths: ReadonlyMap<string, string>;
  /** Variables to add. */
  environment: { [name: string]: string };
  /** Closes descriptors and removes files. Descriptors may go once the program was started, files only once it ended. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const firstDescriptor = 3;
/** Memory that looks like a folder on Linux: what lies there is on no disk. */
const memoryFolder = '/dev/shm';

/**
 * Puts secrets where one program can read them. Not by the pipes of Node: those are sockets, which `/dev/fd/3` cannot open, and hold up whoever writes
 * more than the program reads. Where anything fails, everything is taken back.
 */
export async function handToProcess(handovers: readonly Handover[]): Promise<HandedSecrets> {
  const handed = { files: [] as FileHandle[], folders: [] as string[] };
  const paths = new Map<string, string>();
  const environment: { [name: string]: string } = {};
  const release = async (): Promise<void> => {
    await Promise.all(handed.files.splice(0).map((file) => file.close()));
    await Promise.all(handed.folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  };
  try {
    for (const { value, by, variable } of handovers) {
      if (paths.has(value.name)) throw new Error(`secret ${value.name}: expected one handover, got two`);
      if (by === 'environment') {
        if (variable === null) throw new Error(`secret ${value.name}: expected the name of a variable, got none`);
        environment[variable] = value.exposeText();
        continue;
      }
      const path = by === 'descriptor' ? await addDescriptor(handed, value) : await addFile(handed, value);
      paths.set(value.name, path);
      if (variable !== null) environment[variable] = path;
    }
  } catch (error) {
    await release();
    throw error;
  }
  const descriptors = handed.files.map(({ fd }) => fd);
  return { descriptors, paths, environment, release, [Symbol.asyncDispose]: release };
}

interface Handed {
  files: FileHandle[];
  folders: string[];
}

async function addDescriptor(handed: Handed, value: SecretValue): Promise<string> {
  handed.files.push(await openNameless(value));
  return `/dev/fd/${firstDescriptor + handed.files.length - 1}`;
}

/** O_TMPFILE of Linux (open(2)): a file that never has a name, so that nothing is left where this process is killed. */
const nameless = 0o20000000 | constants.O_DIRECTORY;

async function openNameless(value: SecretValue): Promise<FileHandle> {
  const writer =
    process.platform === 'linux'
      ? await open(memoryFolder, nameless | constants.O_RDWR, 0o400).catch(() => null)
      : null;
  if (writer === null) return openUnlinked(value);
  try {
    await writeWiped(writer, value);
    return await open(`/proc/self/fd/${writer.fd}`, constants.O_RDONLY);
  } finally {
    await writer.close();
  }
}

/** Where the system has no nameless files: one whose name is gone before anybody is told of it. */
async function openUnlinked(value: SecretValue): Promise<FileHandle> {
  const handed: Handed = { files: [], folders: [] };
  try {
    return await open(await addFile(handed, value), constants.O_RDONLY);
  } finally {
    for (const folder of handed.folders) await rm(folder, { recursive: true, force: true });
  }
}

async function addFile(handed: Handed, value: SecretValue): Promise<string> {
  const isMemory = await access(memoryFolder, constants.W_OK).then(
    () => true,
    () => false,
  );
  // mkdtemp makes the folder with mode 0700.
  const folder = await mkdtemp(join(isMemory ? memoryFolder : tmpdir(), 'tminus-secret-'));
  handed.folders.push(folder);
  const path = join(folder, 'value');
  const writer = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await writeWiped(writer, value);
  } finally {
    await writer.close();
  }
  return path;
}

async function writeWiped(writer: FileHandle, value: SecretValue): Promise<void> {
  const bytes = value.exposeBytes();
  try {
    await writer.writeFile(bytes);
  } finally {
    bytes.fill(0);
  }
}
