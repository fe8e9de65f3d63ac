import { authorityChange } from '../../core/access/authority-change.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { LaunchReaders } from '../../spec/launch/launch-readers.ts';
import type { Finding } from '../../spec/lint/finding.ts';
import { launchOf, lintFolder, pickDocument, readFolder, readWith, versionOf } from './read-documents.ts';
import type { FolderDocuments } from './read-documents.ts';

/** Another text for a document. */
export interface Draft {
  path: string;
  text: string;
}

/** What a draft would do. Nothing was written. */
export interface AssessedDraft {
  findings: readonly Finding[];
  /** False where no launch could be read with it: gates and runs then stand still until it is mended. */
  readable: boolean;
  /** True where evidence and votes that name the plan of now would no longer count. */
  changesPlan: boolean;
  /** Parts by which it gives or takes rights; saving wants `grant.give` then. Null where that cannot be told. */
  authority: readonly string[] | null;
  /** Version of the file that it would replace. */
  version: string;
}

/** Says what a draft would do, compared with the launch that holds now: the one in the folder, or the last one that could be read. */
export async function assessDraft(
  directory: string,
  draft: Draft,
  ground: { readers: LaunchReaders; lastRead: Launch | null },
): Promise<AssessedDraft> {
  return assessIn(await readFolder(directory), draft, ground);
}

/** The same in a folder that has just been read. */
export function assessIn(
  folder: FolderDocuments,
  { path, text }: Draft,
  { readers, lastRead }: { readers: LaunchReaders; lastRead: Launch | null },
): AssessedDraft {
  const current = pickDocument(folder, path);
  const bytes = Buffer.from(text);
  const before = readWith(folder, current, readers);
  const after = readWith(folder, { path, bytes }, readers);
  const documents = folder.documents.map((one) => (one.path === path ? { path, bytes } : one));
  const linted = lintFolder({ ...folder, documents }, readers);
  return {
    findings: linted.find((one) => one.path === path)?.findings ?? [],
    readable: after.ok,
    changesPlan: !before.ok || !after.ok || before.planHash !== after.planHash,
    authority: compareAuthority(launchOf(before) ?? lastRead, launchOf(after)),
    version: versionOf(current.bytes),
  };
}

/** What cannot be read gives nobody a right, so that a draft which breaks the launch changes none; what it would give is asked when it is mended. */
function compareAuthority(before: Launch | null, after: Launch | null): readonly string[] | null {
  if (after === null) return [];
  return before === null ? null : authorityChange(before, after);
}
