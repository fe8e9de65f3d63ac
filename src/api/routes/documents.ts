import { VersionConflict } from '../../core/error/version-conflict.ts';
import { z } from 'zod';

import { assessDraft } from '../../engine/documents/assess-draft.ts';
import type { AssessedDraft } from '../../engine/documents/assess-draft.ts';
import { lintFolder, pickDocument, readFolder, versionOf } from '../../engine/documents/read-documents.ts';
import { readAsset } from '../../engine/documents/read-asset.ts';
import { rightsLaunch } from '../../engine/documents/rights-launch.ts';
import { saveDocument } from '../../engine/documents/save-document.ts';
import { standingMarks } from '../../engine/documents/standing-marks.ts';
import type { StandingMark } from '../../engine/documents/standing-marks.ts';
import { readDocument } from '../../spec/document/read-document.ts';
import { toReadingTree } from '../../spec/reading/to-reading-tree.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { mayDo } from '../may-do.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { toDocumentLine } from '../views/document-line.ts';
import { documentLine, draftFields, findingView, markView, readingNode } from '../views/document-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const path = z.string().min(1).max(1_000).describe('relative to the launch repository');
const draft = { path, text: z.string() };

/** The documents of a launch. All of it works while no launch can be read from them: this is where they are mended. */
export const documentRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/documents',
    id: 'listDocuments',
    summary: 'The documents of a launch with the number of their findings',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    response: z.object({
      items: z.array(documentLine),
      trouble: z
        .object({ message: z.string(), hint: z.string(), file: z.string().nullable(), line: z.int().nullable() })
        .nullable()
        .describe('why no launch can be read from them'),
    }),
    handle: async ({ parts, params }) => {
      const { directory, plan, trouble } = await parts.launches.find(params.launch);
      const folder = await readFolder(directory);
      const linted = new Map(lintFolder(folder, parts.readers).map((one) => [one.path, one.findings]));
      return {
        items: folder.documents.map((one) => toDocumentLine(one, linted.get(one.path) ?? [], plan?.launch ?? null)),
        trouble: trouble && {
          message: trouble.message,
          hint: trouble.hint,
          file: trouble.at?.file ?? null,
          line: trouble.at?.line ?? null,
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/document',
    id: 'readDocument',
    summary:
      'A document as it stands in the working tree: its text, a tree that is safe to draw, what lint says, and how its criteria and steps stand',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: z.object({ path }),
    response: z.object({
      path: z.string(),
      version: z.string().describe('SHA-256 of the file: what a change has to name as expectedVersion'),
      text: z.string(),
      isUtf8: z
        .boolean()
        .describe('false where saving would not give the same bytes back; it cannot be edited here then'),
      tree: readingNode,
      findings: z.array(findingView),
      marks: z.array(markView),
      marksTrouble: z.string().nullable().describe('why it cannot be told how things stand'),
      mayEdit: z.boolean(),
    }),
    shows: ({ params, result }) => ({
      launch: params.launch,
      toSight: () => ({ kind: 'document', subject: `document:${result.path}` }),
    }),
    handle: async ({ parts, params, query, person, setVersion }) => {
      const served = await parts.launches.find(params.launch);
      const folder = await readFolder(served.directory);
      const { bytes } = pickDocument(folder, query.path);
      const standing = await readMarks(parts, params.launch, query.path);
      const text = Buffer.from(bytes).toString('utf8');
      const version = versionOf(bytes);
      const launch = await rightsLaunch(parts.store, served);
      const mayEdit = await mayDo(parts, launch, { person: person(), permission: 'document.edit' });
      const findings = lintFolder(folder, parts.readers).find((one) => one.path === query.path)?.findings ?? [];
      const tree = toReadingTree(readDocument(query.path, bytes));
      const isUtf8 = Buffer.from(text).equals(bytes);
      // Not the version of the file: what stands beside it changes while the file does not.
      const answer = { path: query.path, version, text, isUtf8, tree, findings, mayEdit, ...standing };
      setVersion(versionOf(Buffer.from(JSON.stringify(answer))).slice(0, 22));
      return answer;
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/document/lint',
    id: 'lintDraft',
    summary:
      "What another text of a document would do: its findings, whether the plan or anybody's rights change; writes nothing",
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    body: z.strictObject(draft),
    response: z.object({ ...draftFields, version: z.string().describe('of the file that it would replace') }),
    handle: async ({ parts, params, body }) => {
      const served = await parts.launches.find(params.launch);
      const lastRead = await rightsLaunch(parts.store, served);
      return toDraftView(await assessDraft(served.directory, body, { readers: parts.readers, lastRead }));
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/launches/:launch/document',
    id: 'saveDocument',
    summary: 'Replaces a document in the working tree; nothing is committed',
    tag: 'documents',
    access: may('document.edit', 'documents'),
    params: ofLaunch,
    body: z.strictObject({ ...draft, expectedVersion: z.string().describe('version of the file that was changed') }),
    response: z.object({ ...draftFields, version: z.string() }),
    handle: async ({ parts, params, body, person }) => {
      const served = await parts.launches.find(params.launch);
      const { store, readers } = parts;
      const lastRead = await rightsLaunch(store, served);
      const ground = { store, readers, lastRead, directory: served.directory };
      const saved = await saveDocument(ground, { ...body, person: person() });
      if (!saved.saved) throw new VersionConflict(`document ${body.path}`, body.expectedVersion, saved.current);
      parts.launches.forget();
      return { ...toDraftView(saved.assessed), version: saved.version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/picture',
    id: 'readPicture',
    summary: 'A picture of the launch repository, for documents that show it',
    tag: 'documents',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: z.object({ path }),
    produces: 'image/*',
    handle: async ({ parts, params, query, reply }) => {
      const { directory } = await parts.launches.find(params.launch);
      const { bytes, mediaType } = await readAsset(directory, query.path);
      // Opened by itself it is saved, not shown: a picture of a repository can be a page (SVG).
      return reply
        .header('content-disposition', 'attachment')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'private, no-cache')
        .type(mediaType)
        .send(Buffer.from(bytes));
    },
  }),
];

function toDraftView({ findings, readable, changesPlan, authority, version }: AssessedDraft) {
  return { findings: [...findings], readable, changesPlan, authority: authority && [...authority], version };
}

/** How things stand is more than the document: where it cannot be told the document is there all the same, and says so. */
async function readMarks(
  parts: ApiParts,
  launch: string,
  file: string,
): Promise<{ marks: StandingMark[]; marksTrouble: string | null }> {
  try {
    const scene = await parts.launches.scene(launch);
    return { marks: (await standingMarks(parts, scene)).filter((one) => one.file === file), marksTrouble: null };
  } catch (error) {
    return { marks: [], marksTrouble: error instanceof Error ? error.message : String(error) };
  }
}
