import { describe, expect, it } from 'vitest';

import { launchWith, problemLines, readTexts } from './problem-lines.ts';

/** Golden: each was read by a person. Every problem of a document is told at once, at its own place. */
const cases: [string, string | Parameters<typeof launchWith>[0], string[]][] = [
  [
    'D01 an unknown key of the front matter',
    { front: 'enviroment: production\n' },
    [
      '5:1 key_unknown: a launch document has no key enviroment - expected tminus, id, title, owner, t0, environment, candidate, roles, people, environments, secrets, datastores, routers, metrics, objectives, depends, quorum, fresh, windows, got enviroment; did you mean environment?',
    ],
  ],
  [
    'A17 a duplicate key',
    { front: 'title: a\ntitle: b\n' },
    [
      '6:1 key_duplicate: a key stands twice in one mapping - expected every key once, got the same key again; remove one of the two',
    ],
  ],
  [
    'A17 a __proto__ key',
    { front: 'environments: { __proto__: { url: x } }\n' },
    ['5:17 key_forbidden: the key __proto__ is not allowed - expected any other name, got __proto__; rename the key'],
  ],
  [
    'A17 an alias bomb',
    { front: 'x: &a ["l","l","l"]\ny: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n' },
    [
      '5:7 yaml_alias: anchors and aliases are not allowed - expected the value itself, got &a; write the value out where it is used',
    ],
  ],
  [
    'A17 a tag of a language',
    { front: 'owner: !!js/function "x"\n' },
    ['5:22 yaml_tag: tags are not allowed - expected a plain value, got tag:yaml.org,2002:js/function; remove the tag'],
  ],
  [
    'A17 a custom tag',
    { front: 'owner: !foo x\n' },
    ['5:13 yaml_tag: tags are not allowed - expected a plain value, got !foo; remove the tag'],
  ],
  [
    'A17 broken YAML',
    { front: 'owner: [a\n' },
    [
      '5:10 yaml_invalid: the YAML cannot be read - expected YAML 1.2, got flow sequence in block collection must be sufficiently indented and end with a ]; mend the syntax at this place',
    ],
  ],
  [
    'A17 deep flow lists',
    { front: 'owner: ' + '['.repeat(1000) + '\n' },
    ['5:58 yaml_invalid: the YAML is nested too deeply - expected at most 50 levels, got more; flatten it'],
  ],
  [
    'A17 deep block lists',
    { front: 'owner:\n ' + '- '.repeat(10000) + '\n' },
    ['6:1 yaml_invalid: the YAML is nested too deeply - expected at most 50 levels, got more; flatten it'],
  ],
  [
    'D01 a moment without offset',
    { front: 't0: 2026-12-05T14:00\n' },
    [
      '5:5 value_invalid: t0 is no moment - expected date, time and offset, such as 2026-12-05T14:00:00-05:00, got 2026-12-05T14:00; write the offset from UTC, or leave t0 out until the date is set',
    ],
  ],
  [
    'D01 a day that is none',
    { front: 't0: 2026-02-30T14:00:00Z\n' },
    [
      '5:5 value_invalid: t0 is no moment - expected date, time and offset, such as 2026-12-05T14:00:00-05:00, got 2026-02-30T14:00:00Z; write the offset from UTC, or leave t0 out until the date is set',
    ],
  ],
  [
    'D01 literal secrets',
    { front: 'secrets: { dns: hunter2, api: { env: "ghp_0123456789abcdefghijABCDEFGHIJ" }, x: { vlt: a }, y: {} }\n' },
    [
      '5:17 secret_literal: secret dns is not a reference - expected a reference such as { env: DNS_KEY } or { file: ../secrets/dns }, got a value that may be the secret itself; take the value out of the document, change the secret, and write where it is kept',
      '5:38 secret_literal: secret api is not a reference - expected a reference such as { env: DNS_KEY } or { file: ../secrets/dns }, got a value that may be the secret itself; take the value out of the document, change the secret, and write where it is kept',
      '5:78 key_missing: secret x does not say where it is kept - expected one of env, file, age, vault, aws, got 0 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
      '5:83 key_unknown: secret x has no key vlt - expected env, file, age, vault, aws, key, version, got vlt; did you mean vault?',
      '5:93 key_missing: secret y does not say where it is kept - expected one of env, file, age, vault, aws, got 0 of them; write a reference such as { env: DNS_KEY }; there is a provider for env, file, age, vault, aws and for nothing else',
    ],
  ],
  [
    'D04 a person with a key that is none',
    { front: 'people: { alice: { nam: A, key: abc } }\n' },
    [
      '5:20 key_unknown: person alice has no key nam - expected name, key, human, automation, got nam; did you mean name?',
      '5:33 value_invalid: the key of person alice cannot be read - expected "ed25519:", "webauthn-es256:RPID:" or "webauthn-ed25519:RPID:" and base64, got abc; paste the line that "tminus key create", or the page of this person in the browser, shows',
    ],
  ],
  [
    'D01 an environment that is not declared',
    { front: 'environment: prod\nenvironments: { production: {}, staging: { simulated: maybe } }\n' },
    [
      '5:14 reference_unknown: environment of the launch names a environment that does not exist - expected one of production, staging, got prod; known are production, staging',
      '6:55 value_invalid: simulated of environment staging cannot be read - expected yes or no, got maybe; write yes or no',
    ],
  ],
  [
    'D03 a dependency of unknown state',
    { front: 'depends: { a: finished }\n' },
    [
      '5:15 value_invalid: the state of dependency a cannot be read - expected open | done, got finished; known are open, done',
    ],
  ],
  [
    'D04 human criteria without a known role',
    { front: 'people: { alice: Alice }\n', gate: '- [ ] [HUMAN] x {role=leed}\n- [ ] [HUMAN] y' },
    [
      '12:18 reference_unknown: role of criterion x names a role that does not exist - expected one of lead, got leed; did you mean lead?',
      '13:1 role_missing: criterion y does not say which role may close it - expected role= on a [HUMAN] criterion, got none; add the role in braces at the end of the line, such as {role=lead}',
    ],
  ],
  [
    'C15 a role that nobody holds',
    '---\ntminus: launch\nid: k\nroles: { lead: [] }\n---\n## Gate: T-0\n- x\n',
    [
      '4:10 role_empty: nobody holds role lead - expected at least one person, got none; name a person, or remove the role',
    ],
  ],
  [
    'D04 attributes that cannot be read',
    {
      gate: '- [ ] x {frsh=1h}\n- y {fresh=soon}\n- z {waivable}\n- w {proof="x}\n- v {id=a #b #c}\n- u {need=3}\n  - [ ] k',
    },
    [
      '11:10 attribute_unknown: a criterion has no attribute frsh - expected role, proof, owner, fresh, by, waivable, need, got frsh; did you mean fresh?',
      '12:6 attribute_invalid: fresh of a criterion cannot be read - expected a duration such as 15m, 2h or 7d, got soon; write fresh= with a duration such as 15m, 2h or 7d',
      '13:6 attribute_invalid: an attribute cannot be read - expected #id or key=value, got waivable; write waivable=..., or #waivable for an id; put the braces in backticks if they are text',
      '14:6 attribute_invalid: an attribute cannot be read - expected #id or key=value, got proof="x; close the quotation mark',
      '15:6 attribute_unknown: a criterion has no attribute id - expected role, proof, owner, fresh, by, waivable, need, got id; write the id with a # and without id=',
      '15:14 attribute_duplicate: id is given twice - expected one id, got two; remove one of them',
      '16:6 attribute_invalid: criterion u needs more parts than it has - expected at most 1, got 3; lower need=, or add parts',
    ],
  ],
  [
    'D06 a gate without criteria and phase',
    { body: '## Gate: later\n\ntext\n' },
    [
      '13:1 gate_phase_missing: gate later does not say which phase it guards - expected an offset in the title, or phase=, got later; write "ready for T-0" in the title, or {phase=t-0}',
      '13:1 gate_empty: gate later has no criteria - expected at least one list item under the heading, got none; add a bullet for each thing that must hold',
    ],
  ],
  [
    'D04 checks that no kind reads',
    {
      gate: '- a\n\n  ```htpp\n  GET x\n  ```\n\n- b\n\n  ```yaml check\n  kind: htp\n  ```\n- c\n\n  ```yaml chek\n  kind: http\n  ```\n- d\n\n  ```yaml\n  kind: http\n  ```\n- e\n\n  ```yaml check\n  kind: http\n  ulr: x\n  expect: []\n  ```\n- f\n\n  ```http\n  GET http://x/\n\n  expect staus = 200\n  ```\n- g\n\n  ```yaml check fresh=1h\n  - a\n  ```\n- h\n\n  ```sql\n  select 1\n  ```\n\n  ```http\n  GET http://x\n  ```\n',
    },
    [
      '13:3 kind_unknown: no check kind reads a htpp fence - expected yaml check, http, sql, got htpp; did you mean http?',
      '20:9 kind_unknown: there is no check kind htp - expected one of http, sql, got htp; did you mean http?',
      '24:3 kind_unknown: no check kind reads a yaml chek fence - expected yaml check, http, sql, got yaml chek; did you mean check?',
      '29:3 kind_unknown: no check kind reads a yaml fence - expected yaml check, http, sql, got yaml; known are http, sql',
      '37:3 check_invalid: expect holds no expectation - expected a list of lines such as status == 200, got an empty list; write each expectation as one quoted line, or leave expect out',
      '44:16 check_invalid: check of criterion f cannot be read - expected one of == != < <= > >= contains matches in exists missing, got = 200; write == for equality',
      '48:17 attribute_unknown: a yaml check has no attribute fresh - expected none, got fresh; write it in the braces of the criterion, or as a key inside the fence',
      '49:3 check_invalid: check of criterion g is no mapping - expected kind: and the keys of the kind, got list; begin with a line such as kind: http',
      '53:9 check_invalid: check of criterion h cannot be read - expected on or url, got nothing; name a datastore by on, or add its url',
      '57:3 check_duplicate: criterion h has more than one check - expected one fence, got 2; make a criterion of its own for each check, nested under this one',
    ],
  ],
  [
    'D04 a check beside its item',
    { gate: '- a\n\n```yaml check\nkind: http\n```\n' },
    [
      '13:1 fence_ownerless: a yaml check stands under no item - expected a criterion of a gate above it, got none; indent the fence to the text of its item, with an empty line before it',
    ],
  ],
  [
    'D07 F05 names that lead nowhere and cells that say nothing',
    {
      body: '## Runbook\n\n1. a {needs=b,done undo=c}\n2. bb {reversible=maybe proof=ur}\n\n## Scope\n\n| item | class | undo | state |\n|-|-|-|-|\n| x | critcal | dne | finished |\n| | critical | | |\n\n| risk | likelihood | impact | proof |\n|-|-|-|-|\n| r | 9 | high | dona |\n',
    },
    [
      '15:7 reference_unknown: needs of step a names a step or criterion that does not exist - expected one of a, bb, done, got b; known are a, bb, done',
      '15:20 reference_unknown: undo of step a names a step that does not exist - expected one of a, bb, got c; known are a, bb',
      '16:8 attribute_invalid: reversible of a step cannot be read - expected yes or no, got maybe; write reversible= with yes or no',
      '16:25 attribute_invalid: proof of a step cannot be read - expected url | file | artifact | comment | external-status, got ur; write proof= with url | file | artifact | comment | external-status',
      '22:7 cell_invalid: class cannot be read - expected critical, launch-critical, blocker, launch blocker, adjacent, launch-adjacent, post-launch, post launch, unsupported, ?, tbd, got critcal; did you mean critical?',
      '22:17 reference_unknown: undo of scope item x names a criterion that does not exist - expected one of done, got dne; did you mean done?',
      '22:23 cell_invalid: state cannot be read - expected open, in progress, closed, done, deferred, got finished; known are open, in progress, closed, done, deferred',
      '23:1 cell_invalid: a row has no item - expected a text under item, got nothing; fill the cell, or remove the row',
      '27:7 cell_invalid: likelihood cannot be read - expected 1 to 5, or low, medium, high, got 9; write a number from 1 to 5',
      '27:18 reference_unknown: proof of risk r names a criterion that does not exist - expected one of done, got dona; did you mean done?',
    ],
  ],
  [
    'T01 steps in a circle',
    { body: '## Runbook\n\n1. a {needs=c}\n2. b {needs=a}\n3. c {needs=b}\n4. d {needs=d}\n' },
    [
      '15:1 needs_cycle: steps wait for each other in a circle - expected an order, got a -> c -> b -> a; remove one of these needs',
      '18:1 needs_cycle: steps wait for each other in a circle - expected an order, got d -> d; remove one of these needs',
    ],
  ],
  [
    'D04 ids that two things bear',
    { body: '## Runbook\n\n1. Verify\n2. Verify\n3. z {#done}\n' },
    [
      '16:1 id_duplicate: verify is the id of two things - expected one verify, got a step at launch.md:15:1, and this step; give one of them another id, such as {#name} at the end of its line',
      '17:7 id_duplicate: done is the id of two things - expected one done, got a criterion at launch.md:11:27, and this step; give one of them another id, such as {#name} at the end of its line',
    ],
  ],
  [
    'C14 steps that would not run',
    {
      body: '## Runbook\n\n- bullet {role=lead}\n1. a\n   1. b {role=lead}\n2. c\n\n   ```sh timout=1m\n   x\n   ```\n   ```sql\n   y\n   ```\n3. d\n\n   ```yaml check\n   kind: http\n   ```\n',
    },
    [
      '15:10 attribute_ownerless: this item is no step, so its braces mean nothing - expected a numbered item, got a bullet; number the item, or remove the braces',
      '17:4 step_nested: an item inside step a would never run - expected steps side by side, got braces or a fence on a nested item; make it a step of its own',
      '20:10 attribute_unknown: the fence of step c has no attribute timout - expected undo, undo-after-return, timeout, on-timeout, on-fail, late, recycle, asset, class, interrupted, retries, and of its kind one of cwd, sandbox, network, handover, grace, output, fileSize, processes, memory, got timout; did you mean timeout?',
      '23:4 action_duplicate: step c does more than one thing - expected one fence, and at most one probe, got two; make a step of its own of the second fence, or mark it as text if it is an example',
      '28:4 kind_unknown: a step has no yaml check - expected yaml step, got yaml check; move the check to a criterion of a gate',
    ],
  ],
  [
    'D04 braces that mean nothing',
    { body: '## Notes\n\n- thing {#x role=lead}\n' },
    [
      '15:9 attribute_ownerless: this item is neither a step nor a criterion, so its braces mean nothing - expected a heading such as "Gate: ..." or "Runbook" above it, got thing; move the item under a gate or a runbook, or remove the braces',
    ],
  ],
  [
    'D10 declarations that declare nothing',
    { body: '```yaml dataset\n- a\n```\n\n```yaml dataste\nid: a\n```\n\n> **Stop if:**\n' },
    [
      '14:1 declaration_invalid: yaml dataset is no mapping - expected key: value lines, got a list; write key: value lines',
      '17:1 kind_unknown: there is no yaml dataste - expected check, step, rollout, rollback, dataset, metric, got dataste; did you mean dataset?',
      '21:3 declaration_invalid: stop if says nothing - expected a sentence behind the label, got nothing; write what it is that one can see',
    ],
  ],
  [
    'F17 an unresolved merge',
    { body: '<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n' },
    [
      '13:1 merge_conflict: an unresolved merge conflict stands in the file - expected one side, got <<<<<<< a; resolve the conflict and remove the <<<<<<<, ======= and >>>>>>> lines',
    ],
  ],
  [
    'D01 no launch at all',
    '# hi\n',
    [
      '1:1 launch_missing: no document declares a launch - expected a document whose front matter says tminus: launch, got one document without it; begin a document with --- tminus: launch and an id',
    ],
  ],
  [
    'D01 a kind of document that is none',
    '---\ntminus: lunch\n---\n',
    [
      '2:9 value_invalid: the document does not say what it is - expected launch | runbook | procedure | doc, got lunch; did you mean launch?',
    ],
  ],
];

describe('problems', () => {
  it('D04 evidence without a limit of age', () => {
    const gate = (heading: string, criterion: string): string[] =>
      problemLines(
        readTexts({
          'launch.md': launchWith({
            body: `## Gate: T+1d ${heading}\n\n- [ ] a\n  - [ ] [HUMAN] b {role=lead ${criterion}}\n`,
          }),
        }),
      );
    expect(gate('{#later}', '')).toEqual([
      'launch.md:16:3 fresh_missing: nobody says how old evidence for criterion b may be - expected fresh= on the criterion or on gate later, got none; write a limit for all criteria behind the heading of the gate, such as {#later fresh=1d}',
    ]);
    expect(gate('{#later}', 'fresh=1h')).toEqual([]);
    expect(gate('{fresh=1h}', '')).toEqual([]);
  });

  it.each(cases)('%s', (_name, parts, expected) => {
    const text = typeof parts === 'string' ? parts : launchWith(parts);
    expect(problemLines(readTexts({ 'launch.md': text }))).toEqual(expected.map((line) => `launch.md:${line}`));
  });

  it('D01 says which of two launch documents is one too many', () => {
    expect(problemLines(readTexts({ 'a.md': launchWith({}), 'b.md': launchWith({}) }))).toEqual([
      'b.md:1:1 launch_duplicate: there are two launch documents - expected one document with tminus: launch, got a.md and this one; make this one tminus: runbook, procedure or doc',
    ]);
  });
});
