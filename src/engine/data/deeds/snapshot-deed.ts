import { productionHosts } from '../../../core/procedure/rehearsal-faults.ts';
import type { SnapshotDeed, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { toDone } from '../../../kinds/steps/step-outcome.ts';
import { readNow } from '../../../store/open-store.ts';
import { readGitHead } from '../../read-git-head.ts';
import { productionDatabases } from '../archive/production-databases.ts';
import { nameScratchServer, startScratchServer } from '../archive/scratch-server.ts';
import { bootClone } from '../snapshot/boot-clone.ts';
import { seedPseudonyms, takeSnapshot } from '../snapshot/take-snapshot.ts';
import type { TakenSnapshot } from '../snapshot/take-snapshot.ts';
import { findPlace, readStanding, recordArchive } from './archive-place.ts';
import { carryOut, openDataFor } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';
import { findDataset } from './find-dataset.ts';

/** Takes a scrubbed copy for a step, of which a clone was seen to boot, with its sha256 and the key of the step beside it; one that this key has taken is not taken again. */
export function takeSnapshotDeed(ground: DeedGround, wish: SnapshotDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const file = findPlace(context.workspace, wish.file);
    const standing = await readStanding(file, context.idempotencyKey);
    if (standing.state === 'whole')
      return toDone(`${wish.file}: was taken before by the same step`, { file: wish.file, sha256: standing.sha256 });
    const { sha256, tag, manifest } = await take(ground, { wish, file }, context);
    recordArchive(file, { sha256, key: context.idempotencyKey });
    const counts = { ...manifest.entity_counts };
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const detail = `${wish.file}: ${rows} rows of ${Object.keys(counts).length} entities without a value of a person, sha256 ${sha256}`;
    return toDone(detail, { file: wish.file, sha256, tag, counts });
  });
}

async function take(
  { store, scene }: DeedGround,
  { wish, file }: { wish: SnapshotDeed; file: string },
  context: StepContext,
): Promise<TakenSnapshot> {
  const { workspace, signal, forbidden } = context;
  const pseudonym = seedPseudonyms(Buffer.from(wish.seed));
  const datasets = wish.datasets.map((id) => findDataset(scene.launch.datasets, id));
  const { server: named, side, recipients } = wish;
  const server = named === null ? await startScratchServer() : nameScratchServer(named.url, named.password);
  const guard = {
    forbidden: [...new Set([...forbidden, ...productionHosts(scene.launch)])],
    productionDatabases: productionDatabases(scene.launch),
  };
  try {
    const copy = {
      environment: scene.environment.id,
      appGitSha: await readGitHead(scene.directory),
      launch: scene.launch.id,
      generatedAt: await readNow(store),
      datasets,
      side,
      open: openDataFor(scene, context).open,
      pseudonym,
      boot: (archive: Parameters<typeof bootClone>[0]) =>
        bootClone(archive, { server, guard, smoke: null, workspace, signal }),
    };
    const onRows = (entity: string, rows: number): void => context.progress(rows, null, entity);
    return await takeSnapshot(copy, file, { signal, recipients, onRows });
  } finally {
    await server.close();
  }
}
