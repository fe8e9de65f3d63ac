import { describe, expect, it } from 'vitest';

import type { Launch, Step } from '../../src/core/launch/launch.ts';
import { windowFault } from '../../src/core/launch/window.ts';
import { launchWith, problemLines, readTexts } from './problem-lines.ts';

function launchOf(parts: Parameters<typeof launchWith>[0], more: { [path: string]: string } = {}): Launch {
  const result = readTexts({ 'launch.md': launchWith(parts), ...more });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
}

const hashOf = (text: string): string => {
  const result = readTexts({ 'launch.md': text });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.planHash;
};

const front = `environments:
  production: { comms: on }
  staging: { production: no, comms: test, testAddress: [tests@kiosk.example, "https://hooks.kiosk.example/t"] }
  dev: { production: no }
windows:
  - { days: [wed, tue], from: "10:00", to: "14:00", zone: UTC, except: [emergency, cab] }
secrets: { dns: { age: keys/dns.age }, db: { vault: kv/db, key: password } }
`;
const body = `## Runbook {deciders=lead limit=4h queue=30m}

### T-30m Fuel {#fuel recycle}

### T-20m Hold for the weather {#weather-hold hold=10m release=person}

### T-0 Switch

1. Move {#move asset=orders,customers undo-after-return=keep-new undo=put-back}

   \`\`\`sh timeout=5m class=long_deploy on-fail=fail on-timeout=escalate late=ask:10m recycle=repeat sandbox=required network=none
   mv "{{ environment.id }}/a" b
   \`\`\`

   \`\`\`bash probe
   test -e b
   \`\`\`

2. Wait 30 minutes {wait=30m}
3. Wait for the night

   \`\`\`yaml step
   kind: wait
   until: T+6h
   \`\`\`

4. Count {#count}

   \`\`\`yaml step interrupted=rerun retries=3
   kind: command
   argv: [count, "{{ candidate.url }}"]
   \`\`\`

5. [HUMAN] Point the name {#point role=lead timeout=30m on-timeout=hold late=ask:1h recycle=repeat asset=dns}

> **Stop if:** a page is down
>
> \`\`\`yaml check every=10s
> kind: http
> url: https://kiosk.example/
> expect: ["status != 200"]
> \`\`\`

> **Stop if:** it stays down
>
> \`\`\`http
> GET https://kiosk.example/
> \`\`\`

## Rollback

1. Put back {#put-back undo-after-return=same}

   \`\`\`sh
   mv b a
   \`\`\`

2. Keep what is new {#keep-new}

   \`\`\`sh
   cp b c
   \`\`\`
`;

describe('what a run needs, as a document says it', () => {
  const launch = launchOf({ front, body });
  const step = (id: string): Step | undefined =>
    launch.procedures.flatMap(({ steps }) => steps).find((each) => each.id === id);

  it('O08 O13 the words of a fence become rules of the step, and the kind gets only its own', () => {
    expect(step('move')).toMatchObject({
      undo: 'put-back',
      action: { kind: 'sh', attributes: { sandbox: 'required', network: 'none' }, spec: null },
      rules: {
        actionClass: 'long_deploy',
        limitMs: 300_000,
        retries: null,
        interrupted: null,
        onFail: 'fail',
        onTimeout: 'escalate',
        undoAfterReturn: 'keep-new',
        assets: ['orders', 'customers'],
        askWhenLateMs: 600_000,
        onRecycle: 'repeat',
        probe: { kind: 'bash', attributes: {}, text: 'test -e b' },
      },
    });
    expect(step('put-back')?.rules).toMatchObject({ undoAfterReturn: 'same', actionClass: 'long_modify', probe: null });
  });

  it('O08 the words of the braces say how long a person has', () => {
    expect(step('point')?.rules).toMatchObject({
      actionClass: null,
      limitMs: 1_800_000,
      onTimeout: 'hold',
      askWhenLateMs: 3_600_000,
      onRecycle: 'repeat',
      assets: ['dns'],
    });
  });

  it('C14 a yaml step is read by its kind, templates stay as written', () => {
    expect(step('wait-30-minutes')?.action).toMatchObject({ kind: 'wait', spec: { for: '30m' }, text: '' });
    expect(step('wait-for-the-night')?.action).toMatchObject({ kind: 'wait', spec: { until: 'T+6h' } });
    expect(step('count')).toMatchObject({
      action: { kind: 'command', attributes: {}, spec: { argv: ['count', '{{ candidate.url }}'] } },
      rules: { retries: 3, interrupted: 'rerun' },
    });
  });

  it('C14 C15 holds, recycle points, deciders and limits belong to the procedure', () => {
    const [, runbook] = launch.procedures;
    expect(runbook).toMatchObject({
      deciders: ['lead'],
      limitMs: 14_400_000,
      queueLimitMs: 1_800_000,
      holds: [{ id: 'weather-hold', offsetMs: -1_200_000, forMs: 600_000, release: 'person' }],
      recyclePoints: [{ id: 'fuel', offsetMs: -1_800_000 }],
    });
    expect(launch.procedures[0]).toMatchObject({ deciders: null, limitMs: null, holds: [], recyclePoints: [] });
  });

  it('C14 phases outside of any procedure belong to the runbook, and a document may be one as a whole', () => {
    expect(launchOf({ body: '## T-10m Look {hold=5m}\n\n## T-0\n\n1. go\n' }).procedures).toMatchObject([
      { id: 'runbook', holds: [{ id: 't-10m-look', release: null }] },
    ]);
    const night =
      '---\ntminus: runbook\nid: night\ndeciders: lead\nlimit: 2h\n---\n\n## T-10m Look {recycle}\n\n1. go\n';
    expect(launchOf({}, { 'night.md': night }).procedures).toMatchObject([
      { id: 'night', deciders: ['lead'], limitMs: 7_200_000, recyclePoints: [{ offsetMs: -600_000 }] },
    ]);
  });

  it('C16 what detects a stop is a check, asked every half a minute unless it says otherwise', () => {
    expect(launch.stops).toMatchObject([
      { everyMs: 10_000, detect: { kind: 'http', expectations: [{ text: 'status != 200' }] } },
      { everyMs: 30_000, detect: { kind: 'http' } },
    ]);
  });

  it('C07 comms are on in production, off elsewhere, and a test has addresses', () => {
    const comms = launch.environments.map(({ id, comms: mode, testMail, testWebhook }) => [
      id,
      mode,
      testMail,
      testWebhook,
    ]);
    expect(comms).toEqual([
      ['dev', 'off', null, null],
      ['production', 'on', null, null],
      ['staging', 'test', 'tests@kiosk.example', 'https://hooks.kiosk.example/t'],
    ]);
    expect(launchOf({ front: 'environments: { production: {} }\n' }).environments[0]?.comms).toBe('on');
  });

  it('T29 windows are read as minutes of days, and judged', () => {
    expect(launch.windows).toMatchObject([
      { days: ['tue', 'wed'], fromMinute: 600, toMinute: 840, zone: 'UTC', except: ['cab', 'emergency'] },
    ]);
    expect(windowFault(launch, Date.parse('2026-12-01T10:00:00Z'), [])).toBeNull();
    expect(windowFault(launch, Date.parse('2026-12-03T10:00:00Z'), [])?.code).toBe('outside_window');
    expect(windowFault(launch, Date.parse('2026-12-03T10:00:00Z'), ['cab'])).toBeNull();
  });

  const text = launchWith({ front, body });
  const changes: [string, string][] = [
    ['deciders=lead ', ''],
    ['limit=4h', 'limit=5h'],
    ['queue=30m', 'queue=31m'],
    ['{#fuel recycle}', '{#fuel}'],
    ['hold=10m', 'hold=11m'],
    ['release=person', 'release=clock'],
    ['asset=orders,customers', 'asset=orders'],
    ['undo-after-return=keep-new', 'undo-after-return=same'],
    ['timeout=5m', 'timeout=6m'],
    ['class=long_deploy', 'class=long_modify'],
    ['on-fail=fail', 'on-fail=hold'],
    ['on-timeout=escalate', 'on-timeout=fail'],
    ['late=ask:10m', 'late=ask:11m'],
    ['recycle=repeat sandbox', 'recycle=keep sandbox'],
    ['sandbox=required', 'sandbox=preferred'],
    ['bash probe', 'sh probe'],
    ['test -e b', 'test -d b'],
    ['wait=30m', 'wait=31m'],
    ['until: T+6h', 'until: T+7h'],
    ['argv: [count,', 'argv: [sum,'],
    ['interrupted=rerun retries=3', 'interrupted=rerun retries=2'],
    ['every=10s', 'every=11s'],
    ['status != 200', 'status != 201'],
    ['comms: on', 'comms: off'],
    ['tests@kiosk', 'test@kiosk'],
    ['zone: UTC', 'zone: Europe/Paris'],
    ['[wed, tue]', '[wed]'],
    ['to: "14:00"', 'to: "14:01"'],
    ['emergency, cab', 'emergency'],
    ['keys/dns.age', 'keys/db.age'],
  ];

  it.each(changes)('C02 the plan hash changes when %j becomes %j', (from, to) => {
    expect(text.split(from)).toHaveLength(2);
    expect(hashOf(text.replace(from, () => to))).not.toBe(hashOf(text));
  });
});

describe('what recurs', () => {
  const daily = (words: string) =>
    launchOf({
      front,
      body: `${body}\n## SOP: daily {#daily ${words}}\n\n1. [HUMAN] Look {#look role=lead proof=comment writes=no}\n`,
    });
  const recurs = (words: string) => daily(words).procedures.find(({ id }) => id === 'daily')?.recurs;

  it('O34 reads every day, every week or a pattern, the zone, the name and what it follows', () => {
    const rest = { withinMs: null, requester: null, after: null };
    expect(recurs('every=1d')).toEqual({ cron: '0 0 * * *', timeZone: 'UTC', ...rest });
    expect(recurs('every=1w at=09:30 zone=Europe/Berlin within=8h after=runbook')).toEqual({
      cron: '30 9 * * 1',
      timeZone: 'Europe/Berlin',
      withinMs: 8 * 3_600_000,
      requester: null,
      after: 'runbook',
    });
    expect(recurs('every="0 9 * * 1-5"')?.cron).toBe('0 9 * * 1-5');
    expect(recurs('limit=1h')).toBeUndefined();
  });

  it.each([
    ['every=3d', 'every of procedure daily cannot be read'],
    ['every="0 9 * * 1-5" at=09:00', 'every of procedure daily cannot be read'],
    ['every="0 0 30 2 *"', 'every of procedure daily cannot be read'],
    ['every=1d at=25:00', 'at of procedure daily cannot be read'],
    ['every=1d zone=Mars/Base', 'zone of procedure daily cannot be read'],
    ['every=1d within=0m', 'within of procedure daily cannot be read'],
    ['at=09:00', 'at of procedure daily means nothing without every='],
    ['every=1d after=nothing', 'after of procedure daily names a step or procedure that does not exist'],
    ['every=1d as=nobody', 'as of procedure daily names a person that does not exist'],
  ])('O34 refuses %s', (words, message) => {
    expect(() => daily(words)).toThrow(message);
  });

  it('T26 a document that does not use it keeps its plan hash: absent is not null', () => {
    expect(launchOf({ front, body }).procedures.every((procedure) => !('recurs' in procedure))).toBe(true);
    expect(
      launchOf({ front, body })
        .procedures.flatMap(({ steps }) => steps)
        .every(({ rules }) => !('looks' in rules)),
    ).toBe(true);
  });

  it('O34 writes=no says that a person only looks; a machine says it by its class', () => {
    const looking = daily('every=1d').procedures.find(({ id }) => id === 'daily')!.steps[0]!;
    expect(looking.rules.looks).toBe(true);
    expect(() =>
      launchOf({
        front,
        body: `${body}\n## SOP: x {#x}\n\n1. Look {#y writes=no}\n\n   \`\`\`sh\n   true\n   \`\`\`\n`,
      }),
    ).toThrow('is done by a machine');
  });
});
