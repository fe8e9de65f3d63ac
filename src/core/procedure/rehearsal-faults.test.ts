import { describe, expect, it } from 'vitest';

import type { Environment, StepAction } from '../launch/launch.ts';
import { productionHosts, rehearsalFaults } from './rehearsal-faults.ts';
import { humanStep, planOf, step } from './runs.fixture.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const hosts = ['shop.example.com', 'db.example.com:5432', '127.0.0.1:8443'];

function environment(id: string, url: string | null, over: Partial<Environment> = {}): Environment {
  const closed = { comms: 'off', testMail: null, testWebhook: null } as const;
  return { id, url, production: false, simulated: false, allow: [], at, ...closed, ...over };
}

function action(text: string, over: Partial<StepAction> = {}): StepAction {
  return { kind: 'sh', attributes: {}, text, spec: null, at, ...over };
}

/** Hosts that one step is refused for. */
function named(written: StepAction, values?: ReadonlyMap<string, string | null>): (string | null)[] {
  return rehearsalFaults(planOf([step('a', { action: written })]), hosts, values).map(({ host }) => host);
}

describe('productionHosts', () => {
  it('C07 are those of every environment that is production, and none that a rehearsal shares', () => {
    const production = { production: true, allow: ['DB.example.com:5432', '10.0.0.7'] };
    const environments = [
      environment('staging', 'https://staging.example.com', { allow: ['10.0.0.7'] }),
      environment('production', 'https://Shop.example.com/start', production),
      environment('second', 'http://127.0.0.1:8443', { production: true }),
      environment('third', null, { production: true }),
    ];
    expect(productionHosts({ environments, datastores: [] })).toEqual(hosts);
  });
});

describe('rehearsalFaults', () => {
  it('C07 refuses an environment that is production', () => {
    const plan = planOf([step('a')], { environment: { id: 'production', production: true } });
    expect(rehearsalFaults(plan, [])).toEqual([
      {
        code: 'production_target',
        step: null,
        host: null,
        reason: 'environment production: a rehearsal expects one that is not production',
      },
    ]);
  });

  it('C07 names the step and the host, of the way back too', () => {
    const plan = planOf([step('a', { action: action('true') }), humanStep('b')], {
      undoSteps: [step('u', { action: action('curl -X DELETE https://shop.example.com/cart') })],
    });
    expect(rehearsalFaults(plan, hosts)).toEqual([
      {
        code: 'production_target',
        step: 'u',
        host: 'shop.example.com',
        reason: 'step u: a rehearsal expects no host of production, got shop.example.com',
      },
    ]);
  });

  it.each([
    ['curl https://shop.example.com:8080/x', 'shop.example.com'],
    ['curl HTTPS://SHOP.example.com', 'shop.example.com'],
    ['curl https://user:pass@shop.example.com/', 'shop.example.com'],
    ['curl https://sh%6Fp.example.com/', 'shop.example.com'],
    ['ssh deploy@shop.example.com', 'shop.example.com'],
    ['echo see shop.example.com.', 'shop.example.com'],
    ['psql -h db.example.com', 'db.example.com:5432'],
    ['nc db.example.com:5432', 'db.example.com:5432'],
    ['curl http://127.0.0.1:8443/', '127.0.0.1:8443'],
    ['curl http://2130706433:8443/', '127.0.0.1:8443'],
  ])('C07 sees the host in %s', (text, host) => {
    expect(named(action(text))).toEqual([host]);
  });

  it.each([
    'curl https://staging.shop.example.com',
    'curl https://shop.example.com.test/',
    'curl https://my-shop.example.com',
    'nc db.example.com:5433',
    'curl http://127.0.0.1:9000/',
    'curl https://shopXexample.com',
  ])('C07 lets another host pass in %s', (text) => {
    expect(named(action(text))).toEqual([]);
  });

  it('C07 looks into attributes, into what a kind read, and through templates and their variables', () => {
    expect(named(action('', { attributes: { on: 'shop.example.com' } }))).toEqual(['shop.example.com']);
    expect(named(action('', { spec: { steps: [{ url: 'https://shop.example.com' }] } }))).toEqual(['shop.example.com']);
    const values = new Map([
      ['candidate.url', 'https://shop.example.com'],
      ['environment.url', 'https://staging.example.com'],
      ['candidate.version', null],
    ]);
    expect(named(action('curl {{ candidate.url }}/health'), values)).toEqual(['shop.example.com']);
    expect(named(action('curl "$TMINUS_CANDIDATE_URL"'), values)).toEqual(['shop.example.com']);
    expect(named(action('curl {{ environment.url }} {{ candidate.version }}'), values)).toEqual([]);
  });
});
