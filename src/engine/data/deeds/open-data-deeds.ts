import type { DataDeeds } from '../../../core/step/step-kind.ts';
import { drillArchiveDeed, probeArchiveDeed, writeArchiveDeed } from './archive-deeds.ts';
import type { DeedGround } from './deed-ground.ts';
import { applyFixDeed, probeFixDeed, undoFixDeed } from './fix-deed.ts';
import { applyImportDeed, probeImportDeed, rollBackImportDeed } from './import-deed.ts';
import { probeMailoutDeed, sendMailoutDeed } from './mailout-deed.ts';
import { probeTrafficDeed, shiftTrafficDeed } from './rollout-deed.ts';
import { takeSnapshotDeed } from './snapshot-deed.ts';
import { takeBackTrafficDeed } from './take-back-deed.ts';

/** Returns the deeds about data that steps of a run may ask for. */
export function openDataDeeds(ground: DeedGround): DataDeeds {
  return {
    applyImport: (wish, context) => applyImportDeed(ground, wish, context),
    probeImport: (wish, context) => probeImportDeed(ground, wish, context),
    rollBackImport: (wish, context) => rollBackImportDeed(ground, wish, context),
    writeArchive: (wish, context) => writeArchiveDeed(ground, wish, context),
    probeArchive: (wish, context) => probeArchiveDeed(ground, wish, context),
    drillArchive: (wish, context) => drillArchiveDeed(ground, wish, context),
    applyFix: (wish, context) => applyFixDeed(ground, wish, context),
    probeFix: (wish, context) => probeFixDeed(ground, wish, context),
    undoFix: (wish, context) => undoFixDeed(ground, wish, context),
    sendMailout: (wish, context) => sendMailoutDeed(ground, wish, context),
    probeMailout: (wish, context) => probeMailoutDeed(ground, wish, context),
    shiftTraffic: (wish, context) => shiftTrafficDeed(ground, wish, context),
    probeTraffic: (wish, context) => probeTrafficDeed(ground, wish, context),
    takeBackTraffic: (wish, context) => takeBackTrafficDeed(ground, wish, context),
    takeSnapshot: (wish, context) => takeSnapshotDeed(ground, wish, context),
  };
}
