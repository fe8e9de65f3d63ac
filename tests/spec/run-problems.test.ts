import { describe, expect, it } from 'vitest';

import { launchWith, problemLines, readTexts } from './problem-lines.ts';

type Parts = Parameters<typeof launchWith>[0] | { [path: string]: string };

const runbook = (items: string, heading = '## Runbook'): { body: string } => ({
  body: `${heading}\n\n### T-0 Go\n\n${items}`,
});
const sh = (info: string, braces = ''): { body: string } =>
  runbook(`1. a${braces}\n\n   \`\`\`sh ${info}\n   true\n   \`\`\`\n2. b\n`);
const yaml = (text: string, info = ''): { body: string } =>
  runbook(`1. a\n\n   \`\`\`yaml step${info}\n   ${text.replaceAll('\n', '\n   ')}\n   \`\`\`\n`);
const windows = (text: string): { front: string } => ({ front: `windows:\n${text}` });

/** Golden: each was read by a person. What a run would meet is refused while the document is read, at its place. */
const cases: [string, Parts, string[]][] = [
  [
    'O08 a class that is none',
    sh('class=quick'),
    [
      '19:10 attribute_invalid: class of a step cannot be read - expected fast_read | medium_read | medium_modify | long_read | long_modify | long_deploy, got quick; write class= with fast_read | medium_read | medium_modify | long_read | long_modify | long_deploy',
    ],
  ],
  [
    'O08 a class that only people have',
    sh('class=human'),
    [
      '19:10 attribute_invalid: class of a step cannot be read - expected fast_read | medium_read | medium_modify | long_read | long_modify | long_deploy, got human; write class= with fast_read | medium_read | medium_modify | long_read | long_modify | long_deploy',
    ],
  ],
  [
    'O08 limits that are no lengths of time',
    sh('timeout=soon', ' {late=10m}'),
    [
      '17:7 attribute_invalid: late of a step cannot be read - expected ask: and a duration, such as ask:10m, got 10m; write late= with ask: and a duration, such as ask:10m',
      '19:10 attribute_invalid: timeout of a step cannot be read - expected a duration above zero such as 30s, 15m or 2h, got soon; write timeout= with a duration above zero such as 30s, 15m or 2h',
    ],
  ],
  [
    'O08 a limit of nothing',
    sh('timeout=0s late=ask:0m'),
    [
      '19:10 attribute_invalid: timeout of a step cannot be read - expected a duration above zero such as 30s, 15m or 2h, got 0s; write timeout= with a duration above zero such as 30s, 15m or 2h',
      '19:21 attribute_invalid: late of a step cannot be read - expected ask: and a duration, such as ask:10m, got ask:0m; write late= with ask: and a duration, such as ask:10m',
    ],
  ],
  [
    'law 10 ends that nobody knows',
    sh('on-fail=ignore on-timeout=skip interrupted=maybe recycle=yes'),
    [
      '19:10 attribute_invalid: on-fail of a step cannot be read - expected fail | hold | escalate, got ignore; write on-fail= with fail | hold | escalate',
      '19:25 attribute_invalid: on-timeout of a step cannot be read - expected fail | hold | escalate, got skip; write on-timeout= with fail | hold | escalate',
      '19:41 attribute_invalid: interrupted of a step cannot be read - expected rerun | verify | ask, got maybe; write interrupted= with rerun | verify | ask',
      '19:59 attribute_invalid: recycle of a step cannot be read - expected repeat | keep, got yes; write recycle= with repeat | keep',
    ],
  ],
  [
    'law 10 the same said twice',
    sh('timeout=1m undo=b', ' {timeout=2m undo=b}'),
    [
      '19:10 attribute_duplicate: timeout is given twice - expected it in the braces or in the fence, got both; remove one of them',
      '19:21 attribute_duplicate: undo is given twice - expected it in the braces or in the fence, got both; remove one of them',
    ],
  ],
  [
    'law 10 a word of the step misspelled',
    sh('', ' {timout=2m}'),
    [
      '17:7 attribute_unknown: a step has no attribute timout - expected role, needs, reversible, proof, wait, writes, undo, undo-after-return, timeout, on-timeout, on-fail, late, recycle, asset, got timout; did you mean timeout?',
    ],
  ],
  [
    'law 6 a repeat that nobody called safe',
    sh('retries=2'),
    [
      '19:10 attribute_invalid: step a may not be begun again by itself - expected interrupted=rerun beside retries=, on a step that is safe to run twice, got interrupted=ask; say interrupted=rerun if running it twice does no harm, else remove retries=',
    ],
  ],
  [
    'law 6 a repeat beside a question',
    sh('retries=2 interrupted=ask'),
    [
      '19:10 attribute_invalid: step a may not be begun again by itself - expected interrupted=rerun beside retries=, on a step that is safe to run twice, got interrupted=ask; say interrupted=rerun if running it twice does no harm, else remove retries=',
    ],
  ],
  [
    'law 6 more repeats than anybody means',
    sh('retries=200 interrupted=rerun'),
    [
      '19:10 attribute_invalid: retries of a step cannot be read - expected a whole number up to 20, got 200; write retries= with a whole number up to 20',
    ],
  ],
  [
    'law 6 nothing to verify by',
    sh('interrupted=verify'),
    [
      '19:10 attribute_invalid: nothing can verify step a - expected a probe beside interrupted=verify, got none; add a fence sh probe under the item that exits 0 where the step took effect and 1, without a word on stderr, where it did not',
    ],
  ],
  [
    'C17 an undo that is no step',
    sh('', ' {undo-after-return=c}'),
    [
      '17:7 reference_unknown: undo-after-return of step a names a step that does not exist - expected one of a, b, got c; known are a, b',
    ],
  ],
  [
    'O04 an asset without a name',
    sh('asset=orders,,a/b'),
    [
      '19:10 attribute_invalid: asset of step a cannot be read - expected names of letters, digits and - _ . +, with commas between them, got nothing; write asset=orders or asset=orders,customers',
      '19:10 attribute_invalid: asset of step a cannot be read - expected names of letters, digits and - _ . +, with commas between them, got a/b; write asset=orders or asset=orders,customers',
    ],
  ],
  [
    'O06 a word of the program',
    sh('sandbox=maybe'),
    [
      '19:10 action_invalid: step a cannot be read - expected one of preferred, required, got "maybe"; did you mean required?',
    ],
  ],
  [
    'law 6 a probe alone, and one in a language without an exit status',
    runbook(
      '1. a\n\n   ```sh probe\n   true\n   ```\n2. b\n\n   ```sh\n   true\n   ```\n\n   ```sql probe\n   select 1\n   ```\n',
    ),
    [
      '19:4 fence_ownerless: step a has a probe and nothing that it could probe - expected a fence that acts above it, got none; remove the word probe if this fence is the step',
      '28:4 action_invalid: probe of step b cannot be read - expected sh or bash, got sql; write a script that exits 0 where the step took effect, 1 where it did not, and with anything else where it cannot tell',
    ],
  ],
  [
    'C14 a language that no kind reads',
    runbook('1. a\n\n   ```bahs\n   true\n   ```\n'),
    ['19:4 kind_unknown: no step kind reads a bahs fence - expected yaml step, sh, bash, got bahs; did you mean bash?'],
  ],
  [
    'C14 a script that says nothing',
    runbook('1. a\n\n   ```sh\n   # later\n   ```\n'),
    ['20:4 action_invalid: step a cannot be read - expected a command, got comments only; write the command'],
  ],
  [
    'C14 a kind of step that is none',
    yaml('kind: wiat\nfor: 30m'),
    [
      '20:10 kind_unknown: there is no step kind wiat - expected one of command, sh, wait, got wiat; did you mean wait?',
    ],
  ],
  [
    'C14 a step without a kind, and one that is a list',
    runbook('1. a\n\n   ```yaml step\n   for: 30m\n   ```\n2. b\n\n   ```yaml step\n   - for\n   ```\n'),
    [
      '20:4 kind_unknown: the step does not name its kind - expected kind: with one of command, sh, wait, got none; add a line such as kind: http',
      '25:4 action_invalid: step b is no mapping - expected kind: and the keys of the kind, got list; begin with a line such as kind: http',
    ],
  ],
  [
    'C14 keys of a step at their lines',
    yaml('kind: command\nargv: []\nenvv:\n  A: b'),
    [
      '21:4 action_invalid: step a cannot be read - expected at least 1 items, got []; correct the value',
      '22:4 action_invalid: step a cannot be read - expected one of argv, env, stdin, cwd, sandbox, network, handover, grace, output, fileSize, processes, memory, got envv; did you mean env?',
    ],
  ],
  [
    'C14 an attribute beside a yaml step',
    yaml('kind: wait\nfor: 30m', ' timeout=1m cwd=x'),
    [
      '19:28 attribute_unknown: a yaml step has no attribute cwd - expected what concerns the step, such as timeout, got cwd; write it as a key inside the fence',
    ],
  ],
  [
    'C14 waits that are none',
    runbook('1. a {wait=soon}\n2. [HUMAN] b {wait=1m role=lead}\n3. c {wait=1m}\n\n   ```sh\n   true\n   ```\n'),
    [
      '17:7 attribute_invalid: wait of step a cannot be read - expected a length above zero such as 90s, 2h or 1h 30m, got soon; correct the value',
      '18:15 action_duplicate: step b does more than wait - expected a step that only waits, got wait= on a [HUMAN] step; make a step of its own of the wait',
      '19:7 action_duplicate: step c does more than wait - expected a step that only waits, got wait= beside a fence; make a step of its own of the wait',
    ],
  ],
  [
    'C14 holds that nobody can place or release',
    {
      body: '## Runbook\n\n### Stage: canary {hold=10m}\n\n1. a\n\n### T-10m Wait {hold=0m}\n\n### T-5m Look {release=person}\n\n### T-4m Look {hold=5m release=nobody}\n\n### T-3m Look {recycle=perhaps}\n\n### T-2m Look {hodl=5m}\n',
    },
    [
      '15:20 attribute_invalid: the count has no place for this hold or recycle point - expected an offset in the title, such as T-20m, got a phase without a time; write the offset at the beginning of the heading',
      '19:17 attribute_invalid: hold of a phase cannot be read - expected a duration above zero such as 30s, 15m or 2h, got 0m; write hold= with a duration above zero such as 30s, 15m or 2h',
      '21:16 attribute_invalid: there is no hold to release here - expected hold= with a duration beside release=, got release= alone; add hold=10m, or remove release=',
      '23:24 attribute_invalid: release of a phase cannot be read - expected clock | person, got nobody; write release= with clock | person',
      '25:16 attribute_invalid: recycle of a phase cannot be read - expected yes or no, got perhaps; write recycle= with yes or no',
      '27:16 attribute_unknown: a phase has no attribute hodl - expected hold, release, recycle, got hodl; did you mean hold?',
    ],
  ],
  [
    'C14 two holds of one name',
    { body: '## Runbook\n\n### T-10m Wait {#w hold=1m}\n\n### T-5m Wait {#w hold=1m}\n' },
    [
      '17:16 id_duplicate: w is the id of two things - expected one w, got a phase at launch.md:15:17, and this phase; give one of them another id, such as {#name} at the end of its line',
      '17:16 id_duplicate: w is the id of two things - expected one w, got a hold or recycle point at launch.md:15:17, and this hold or recycle point; give one of them another id, such as {#name} at the end of its line',
    ],
  ],
  [
    'C14 a flag that headings only have',
    runbook('1. a {recycle}\n'),
    [
      '17:7 attribute_invalid: an attribute cannot be read - expected #id or key=value, got recycle; write recycle=..., or #recycle for an id; put the braces in backticks if they are text',
    ],
  ],
  [
    'C15 deciders and limits that are none',
    runbook('1. a\n', '## Runbook {deciders=leed limit=forever queue=0s}'),
    [
      '13:13 reference_unknown: deciders of procedure runbook names a role that does not exist - expected one of lead, got leed; did you mean lead?',
      '13:27 attribute_invalid: limit of a procedure cannot be read - expected a duration above zero such as 30s, 15m or 2h, got forever; write limit= with a duration above zero such as 30s, 15m or 2h',
      '13:41 attribute_invalid: queue of a procedure cannot be read - expected a duration above zero such as 30s, 15m or 2h, got 0s; write queue= with a duration above zero such as 30s, 15m or 2h',
    ],
  ],
  [
    'C15 the same in a document of its own',
    {
      'launch.md': launchWith({}),
      'night.md': '---\ntminus: runbook\nid: night\ndeciders: [leed]\nlimit: 0s\nqeue: 1m\n---\n\n1. a\n',
    },
    [
      'night.md:4:12 reference_unknown: deciders of procedure night names a role that does not exist - expected one of lead, got leed; did you mean lead?',
      'night.md:5:8 value_invalid: limit of the front matter cannot be read - expected a duration above zero such as 30s, 15m or 2h, got 0s; write a duration above zero such as 30s, 15m or 2h',
      'night.md:6:1 key_unknown: a runbook document has no key qeue - expected tminus, id, title, owner, deciders, limit, queue, every, at, zone, within, as, after, got qeue; did you mean queue?',
    ],
  ],
  [
    'C16 a fence that detects nothing',
    {
      body: '> **Stop if:** it burns\n>\n> ```htpp\n> GET x\n> ```\n\n> **Stop if:** it floods\n>\n> ```http every=never\n> GET {{ candidat.url }}/x\n>\n> expect staus = 200\n> ```\n\n> **Point of no return:** an order\n>\n> ```sql on=target\n> select 1\n> ```\n',
    },
    [
      '15:3 kind_unknown: no check kind reads a htpp fence - expected yaml check, http, sql, got htpp; did you mean http?',
      '21:11 attribute_invalid: every of a stop condition cannot be read - expected a duration above zero such as 30s, 15m or 2h, got never; write every= with a duration above zero such as 30s, 15m or 2h',
      '24:16 check_invalid: check of stop condition cannot be read - expected one of == != < <= > >= contains matches in exists missing, got = 200; write == for equality',
      '29:10 reference_unknown: check of point of no return names a datastore that does not exist - expected a datastore; none is declared, got target; declare it under datastores in the front matter, or write the url',
    ],
  ],
  [
    'C16 a template that nothing fills',
    { body: '> **Stop if:** it floods\n>\n> ```http\n> GET {{ candidat.url }}/x\n> ```\n' },
    [
      '16:7 check_invalid: check of stop condition can never be asked - expected one of candidate.commit, candidate.version, candidate.url, candidate.environment, candidate.sha256, environment.id, environment.url, launch.id, launch.title, launch.owner, launch.t0, launch.planHash, got {{ candidat.url }}; did you mean {{ candidate.url }}?',
    ],
  ],
  [
    'O06 stores that have no provider',
    { front: 'secrets: { a: { gcp: x }, b: { azure: x }, c: { sops: x }, d: { keychain: x } }\n' },
    [
      '5:12 key_missing: secret a does not say where it is kept - expected one of env, file, age, vault, aws, got 0 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
      '5:17 key_unknown: secret a has no key gcp - expected env, file, age, vault, aws, key, version, got gcp; known are env, file, age, vault, aws, key, version',
      '5:27 key_missing: secret b does not say where it is kept - expected one of env, file, age, vault, aws, got 0 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
      '5:32 key_unknown: secret b has no key azure - expected env, file, age, vault, aws, key, version, got azure; known are env, file, age, vault, aws, key, version',
      '5:44 key_missing: secret c does not say where it is kept - expected one of env, file, age, vault, aws, got 0 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
      '5:49 key_unknown: secret c has no key sops - expected env, file, age, vault, aws, key, version, got sops; known are env, file, age, vault, aws, key, version',
      '5:60 key_missing: secret d does not say where it is kept - expected one of env, file, age, vault, aws, got 0 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
      '5:65 key_unknown: secret d has no key keychain - expected env, file, age, vault, aws, key, version, got keychain; known are env, file, age, vault, aws, key, version',
    ],
  ],
  [
    'O06 keys that a store does not take, and two stores',
    { front: 'secrets: { a: { env: A, version: 3 }, b: { age: x.age, key: y }, c: { env: A, file: b } }\n' },
    [
      '5:25 key_unknown: secret a has no key version - expected env, got version; known are env',
      '5:56 key_unknown: secret b has no key key - expected age, got key; known are age',
      '5:66 key_missing: secret c does not say where it is kept - expected one of env, file, age, vault, aws, got 2 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
    ],
  ],
  [
    'C07 comms that nobody knows',
    {
      front:
        'environments:\n  production: { comms: of }\n  staging: { comms: test }\n  dev: { comms: test, testAddress: nobody }\n',
    },
    [
      '6:24 value_invalid: comms of environment production cannot be read - expected off | test | on, got of; did you mean off?',
      '7:21 key_missing: environment staging does not say where messages of a test go - expected testAddress: with a mail address or a URL, got none; add testAddress, or write comms: off',
      '8:36 value_invalid: testAddress of environment dev cannot be read - expected one mail address, one http URL, or a list of both, got nobody; write such as tests@shop.example',
    ],
  ],
  [
    'T29 windows that are never open, or nowhere',
    windows(
      '  - { days: [tues], from: "10:00", to: "25:00", zone: CET2 }\n  - { days: [tue], from: "10:00", to: "10:00", zone: "+02:00" }\n  - { from: 9 }\n  - { days: [wed], from: "24:00", to: "10:00", zone: UTC, unless: [cab] }\n',
    ),
    [
      '6:14 value_invalid: a day of a window cannot be read - expected sun, mon, tue, wed, thu, fri, sat, got tues; did you mean tue?',
      '6:40 value_invalid: to of a window is no time of the day - expected hours and minutes from "00:00" to "24:00", got 25:00; write two digits each and quote them, such as "09:30"',
      '6:55 value_invalid: the zone of a window is unknown - expected a name of the IANA time zone database, got CET2; write UTC, or a name such as America/New_York',
      '7:54 value_invalid: the zone of a window is unknown - expected a name of the IANA time zone database, got +02:00; write UTC, or a name such as America/New_York',
      '8:5 key_missing: a window has no days - expected days: with a list of days, such as [tue, wed], got none; a window says days, from, to and zone',
      '8:5 key_missing: a window has no to - expected to: with a time, such as "10:00", got none; a window says days, from, to and zone',
      '8:5 key_missing: a window has no zone - expected zone: with a time zone, such as UTC or America/New_York, got none; a window says days, from, to and zone',
      '8:13 value_invalid: from of a window is no time of the day - expected hours and minutes from "00:00" to "24:00", got 9; write two digits each and quote them, such as "09:30"',
      '9:39 value_invalid: a window is never open - expected an end that differs from the beginning, which lies before 24:00, got 24:00 to 10:00; write from: "00:00" and to: "24:00" for the whole day',
      '9:59 key_unknown: a window has no key unless - expected days, from, to, zone, except, got unless; known are days, from, to, zone, except',
    ],
  ],
  [
    'T29 an empty list of windows',
    { front: 'windows: []\n' },
    [
      '5:10 value_invalid: windows holds no window - expected at least one window, got an empty list; add one, or leave windows out where steps may begin at any time',
    ],
  ],
];

function read(parts: Parts): string[] {
  const texts = 'launch.md' in parts ? parts : { 'launch.md': launchWith(parts) };
  return problemLines(readTexts(texts));
}

describe('problems of what is run', () => {
  it.each(cases)('%s', (_name, parts, expected) => {
    expect(read(parts).map((line) => line.replace(/^launch\.md:/, ''))).toEqual(expected);
  });
});
