import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { dbtReader } from './reader.ts';

const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json', dbt_version: '1.12.0' };
const node = (status: JsonValue, id = 'test.shop.a'): JsonObject => ({ unique_id: id, status });

function read(given: JsonValue): JsonObject {
  const bytes = new TextEncoder().encode(JSON.stringify(given));
  const reading = dbtReader.parse({ path: 'x' }, [{ name: 'x', mediaType: 'application/json', bytes }]);
  return reading.state === 'unreadable' ? { code: reading.trouble.code } : reading.facts;
}

describe('parseDbt', () => {
  it.each<[string, JsonObject]>([
    ['success', { passed: 1 }],
    ['warn', { warned: 1, passed: 0 }],
    ['fail', { failed: 1, names: ['test.shop.a'] }],
    ['runtime error', { errors: 1, names: ['test.shop.a'] }],
    ['partial success', { errors: 1 }],
    ['skipped', { skipped: 1, names: [] }],
  ])('T24 counts %s as %j', (status, facts) => {
    expect(read({ metadata, results: [node(status)] })).toMatchObject(facts);
  });

  it.each<[string, JsonValue, string]>([
    ['an unknown status', { metadata, results: [node('fine')] }, 'unknown_status'],
    ['a status that is a word of JavaScript', { metadata, results: [node('constructor')] }, 'unknown_status'],
    ['one node twice', { metadata, results: [node('pass'), node('fail')] }, 'totals_disagree'],
    ['no result', { metadata, results: [] }, 'nothing_ran'],
    [
      'a manifest',
      { metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json' }, results: [node('pass')] },
      'wrong_format',
    ],
  ])('U6 refuses %s', (_what, given, code) => {
    expect(read(given)).toEqual({ code });
  });
});
