import type { CheckKind } from '../../core/check/check.ts';
import { axeKind } from './axe/kind.ts';
import { backupAgeKind } from './backup-age/kind.ts';
import { commandKind } from './command/kind.ts';
import { coverageKind } from './coverage/kind.ts';
import { ctrfKind } from './ctrf/kind.ts';
import { dataRulesKind } from './data-rules/kind.ts';
import { dbtKind } from './dbt/kind.ts';
import { dnsKind } from './dns/kind.ts';
import { jsonKind, yamlKind } from './document/kind.ts';
import { drillKind } from './drill/kind.ts';
import { figuresKind } from './figures/kind.ts';
import { fileKind } from './file/kind.ts';
import { gitKind } from './git/kind.ts';
import { greatExpectationsKind } from './great-expectations/kind.ts';
import { httpKind } from './http/kind.ts';
import { junitKind } from './junit/kind.ts';
import { k6Kind } from './k6/kind.ts';
import { lighthouseKind } from './lighthouse/kind.ts';
import { manualKind } from './manual/kind.ts';
import { playwrightKind } from './playwright/kind.ts';
import { prometheusKind } from './prometheus/kind.ts';
import { reconcileKind } from './reconcile/kind.ts';
import { redirectsKind } from './redirects/kind.ts';
import { rehearsalKind } from './rehearsal/kind.ts';
import { restoreDrillKind } from './restore-drill/kind.ts';
import { rolloutKind } from './rollout/kind.ts';
import { samlKind } from './saml/kind.ts';
import { sarifKind } from './sarif/kind.ts';
import { sloKind } from './slo/kind.ts';
import { sqlKind } from './sql/kind.ts';
import { tlsKind } from './tls/kind.ts';

/** Every check kind with its observing half. A kind adds one line here, its `kind.ts`, and one in `readers.ts`. */
export const checkKinds: readonly CheckKind[] = [
  axeKind,
  backupAgeKind,
  commandKind,
  coverageKind,
  ctrfKind,
  dataRulesKind,
  dbtKind,
  dnsKind,
  drillKind,
  figuresKind,
  fileKind,
  gitKind,
  greatExpectationsKind,
  httpKind,
  jsonKind,
  junitKind,
  k6Kind,
  lighthouseKind,
  manualKind,
  playwrightKind,
  prometheusKind,
  reconcileKind,
  redirectsKind,
  rehearsalKind,
  restoreDrillKind,
  rolloutKind,
  samlKind,
  sarifKind,
  sloKind,
  sqlKind,
  tlsKind,
  yamlKind,
];
