import type { CheckReader } from '../../core/check/check.ts';
import { axeReader } from './axe/reader.ts';
import { backupAgeReader } from './backup-age/reader.ts';
import { commandReader } from './command/reader.ts';
import { coverageReader } from './coverage/reader.ts';
import { ctrfReader } from './ctrf/reader.ts';
import { dataRulesReader } from './data-rules/reader.ts';
import { dbtReader } from './dbt/reader.ts';
import { dnsReader } from './dns/reader.ts';
import { jsonReader, yamlReader } from './document/reader.ts';
import { drillReader } from './drill/reader.ts';
import { figuresReader } from './figures/reader.ts';
import { fileReader } from './file/reader.ts';
import { gitReader } from './git/reader.ts';
import { greatExpectationsReader } from './great-expectations/reader.ts';
import { httpReader } from './http/reader.ts';
import { junitReader } from './junit/reader.ts';
import { k6Reader } from './k6/reader.ts';
import { lighthouseReader } from './lighthouse/reader.ts';
import { manualReader } from './manual/reader.ts';
import { playwrightReader } from './playwright/reader.ts';
import { prometheusReader } from './prometheus/reader.ts';
import { reconcileReader } from './reconcile/reader.ts';
import { redirectsReader } from './redirects/reader.ts';
import { rehearsalReader } from './rehearsal/reader.ts';
import { restoreDrillReader } from './restore-drill/reader.ts';
import { rolloutReader } from './rollout/reader.ts';
import { samlReader } from './saml/reader.ts';
import { sarifReader } from './sarif/reader.ts';
import { sloReader } from './slo/reader.ts';
import { sqlReader } from './sql/reader.ts';
import { tlsReader } from './tls/reader.ts';

/**
 * The pure half of every check kind, by name. This is all that the offline verifier needs, so nothing here may import
 * a file with IO: a kind adds one line, its `reader.ts`.
 */
export const checkReaders: readonly CheckReader[] = [
  axeReader,
  backupAgeReader,
  commandReader,
  coverageReader,
  ctrfReader,
  dataRulesReader,
  dbtReader,
  dnsReader,
  drillReader,
  figuresReader,
  fileReader,
  gitReader,
  greatExpectationsReader,
  httpReader,
  jsonReader,
  junitReader,
  k6Reader,
  lighthouseReader,
  manualReader,
  playwrightReader,
  prometheusReader,
  reconcileReader,
  redirectsReader,
  rehearsalReader,
  restoreDrillReader,
  rolloutReader,
  samlReader,
  sarifReader,
  sloReader,
  sqlReader,
  tlsReader,
  yamlReader,
];
