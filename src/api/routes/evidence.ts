import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { packSealed } from '../../engine/export-bundle.ts';
import { sealGate } from '../../engine/evidence/seal-gate.ts';
import { findEntry } from '../../engine/evidence/find-entry.ts';
import { chainOf, listEntries } from '../../engine/evidence/list-entries.ts';
import { packTar } from '../../engine/evidence/pack-tar.ts';
import { proveEntry } from '../../engine/evidence/prove-entry.ts';
import { readBlob } from '../../store/blob.ts';
import { listCheckpoints } from '../../store/evidence-log.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { pageOf, pageQuery, readCursor, toCursor } from '../cursor-page.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { entryLine, proofView } from '../views/evidence-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const ofEntry = ofLaunch.extend({ id: z.string().max(80).describe('id of the entry, or its beginning') });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const words = z.string().max(200).optional();
const kinds = ['evidence', 'waiver', 'approval', 'action-vote', 'step-confirmation', 'decision'] as const;

const checkpointView = z
  .object({
    size: z.int().describe('entries under it'),
    root: sha256,
    note: z.string().describe('the signed note (C2SP): what is kept elsewhere'),
    at: z.string(),
  })
  .meta({ id: 'Checkpoint' });

/** The log of a launch: what was seen, said and decided. It can be read while the documents of the launch cannot. */
export const evidenceRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/evidence',
    id: 'listEvidence',
    summary: 'Entries of the log of a launch, the newest first',
    tag: 'evidence',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: pageQuery.extend({
      kind: z.enum(kinds).optional(),
      about: words.describe('part of the criterion, gate, request or step'),
      word: words.describe('pass, fail, unknown, go, no-go ...'),
      by: words.describe('person or tool'),
      newest: z.enum(['true', 'false']).default('false').describe('leaves out what was superseded'),
    }),
    response: pageOf(entryLine).extend({
      matching: z.int().describe('entries that suit, on all pages'),
      size: z.int().describe('entries of the log'),
    }),
    handle: async ({ parts, params, query }) => {
      const entries = await parts.gates.entries(params.launch);
      const { kind = null, about = null, word = null, by = null, newest } = query;
      const filter = { kind, about, word, by, newest: newest === 'true' };
      const before = readCursor(query.cursor, z.tuple([z.int()]))?.[0] ?? null;
      const { items, next, matching } = listEntries(entries, filter, { before, limit: query.limit });
      return { items, next: next === null ? null : toCursor([next]), matching, size: entries.length };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/checkpoints',
    id: 'listCheckpoints',
    summary:
      'Signed checkpoints of the log of a launch, the newest first: one that is kept somewhere else shows a tail that was cut',
    tag: 'evidence',
    access: may('launch.view', 'documents'),
    params: ofLaunch,
    query: pageQuery,
    response: pageOf(checkpointView),
    handle: async ({ parts, params, query: { cursor, limit } }) => {
      const before = readCursor(cursor, z.tuple([z.int()]))?.[0] ?? null;
      const read = await listCheckpoints(parts.store, params.launch, { before, limit: limit + 1 });
      const items = read.slice(0, limit).map(({ at, ...checkpoint }) => ({ ...checkpoint, at: at.toISOString() }));
      const last = items.at(-1);
      return { items, next: read.length > limit && last ? toCursor([last.size]) : null };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/evidence/:id',
    id: 'readEvidence',
    summary:
      'An entry of the log as the bytes that were hashed, with the proof that it stands there and the evidence before and after it',
    tag: 'evidence',
    access: may('launch.view', 'documents'),
    params: ofEntry,
    response: z.object({
      id: z.string(),
      index: z.int(),
      body: z.string().describe('RFC 8785 form: its SHA-256 is the id'),
      chain: z.array(entryLine),
      proof: proofView,
      current: z
        .object({ planHash: z.string(), candidateSha256: z.string() })
        .nullable()
        .describe('what the launch is now; null where that cannot be told'),
    }),
    handle: async ({ parts, params }) => {
      const entries = await parts.gates.entries(params.launch);
      const found = findEntry(entries, params.id);
      const proof = await proveEntry(parts.store, params.launch, found);
      const { id, index, body } = found;
      return {
        id,
        index,
        body,
        chain: chainOf(entries, found),
        proof,
        current: await readCurrent(parts, params.launch),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/evidence/:id/bytes/:sha256',
    id: 'readEvidenceBytes',
    summary: 'The raw bytes of a source of an entry, to be saved and never shown as a page',
    tag: 'evidence',
    access: may('launch.view', 'documents'),
    params: ofEntry.extend({ sha256 }),
    produces: 'application/octet-stream',
    handle: async ({ parts, params, reply }) => {
      const { entry } = findEntry(await parts.gates.entries(params.launch), params.id);
      const sources = entry.format === 'tminus/evidence/1' ? entry.sources : [];
      const isIts = sources.some((one) => one.sha256 === params.sha256);
      const bytes = isIts ? await readBlob(parts.store, params.sha256) : null;
      if (bytes === null) throw unknownBytes(params);
      // By digest, not by the name of the source: a name is text of others.
      return sendFile(reply, `${params.sha256.slice(0, 16)}.bin`)
        .type('application/octet-stream')
        .send(Buffer.from(bytes));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/gates/:gate/decisions',
    id: 'sealDecision',
    summary:
      'Seals the decision of now about a gate into the log: what was shown at that moment cannot be shown otherwise later',
    tag: 'evidence',
    access: may('check.run'),
    params: ofLaunch.extend({ gate: z.string() }),
    query: z.object({ environment: z.string().optional() }),
    body: z.strictObject({}),
    response: z.object({ id: z.string(), index: z.int(), outcome: z.enum(['go', 'go-with-conditions', 'no-go']) }),
    status: 201,
    handle: async ({ parts, params, query, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      return sealGate(parts.store, scene, { gate: params.gate, person: person() });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/bundles/:id',
    id: 'readBundle',
    summary: 'The bundle of a sealed decision as a tar archive, for tminus-verify; writes nothing',
    tag: 'evidence',
    access: may('audit.view'),
    params: ofEntry,
    query: z.object({ environment: z.string().optional() }),
    produces: 'application/x-tar',
    handle: async ({ parts, params, query, reply }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const { files } = await packSealed(parts.store, scene, params.id);
      const name = `tminus-bundle-${params.id.replaceAll(/[^0-9a-f]/gu, '').slice(0, 12)}`;
      return sendFile(reply, `${name}.tar`)
        .type('application/x-tar')
        .send(await packTar(name, files));
    },
  }),
];

type Reply = Parameters<Route['handle']>[0]['reply'];

/** Says that what comes is to be saved under a name of ours, and is not what it may look like. */
function sendFile(reply: Reply, name: string): Reply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store');
}

async function readCurrent(
  parts: ApiParts,
  launch: string,
): Promise<{ planHash: string; candidateSha256: string } | null> {
  try {
    const { planHash, candidateSha256 } = await parts.launches.scene(launch);
    return { planHash, candidateSha256 };
  } catch (error) {
    if (error instanceof ProductError) return null;
    throw error;
  }
}

function unknownBytes({ id, sha256: digest }: { id: string; sha256: string }): ProductError {
  return new ProductError('evidence_unknown', `bytes ${digest} of entry ${id}: expected one of its sources, got none`, {
    hint: 'the entry lists its sources',
  });
}
