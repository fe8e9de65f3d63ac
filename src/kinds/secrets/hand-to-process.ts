import { rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import type { SecretValue } from '../../core/secret/secret-value.ts';
import { openNameless, writePrivateFile } from './private-copy.ts';

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

async function addFile(handed: Handed, value: SecretValue): Promise<string> {
  const { folder, path } = await writePrivateFile(value);
  handed.folders.push(folder);
  return path;
}
