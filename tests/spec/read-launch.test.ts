import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { readDocument } from '../../src/spec/document/read-document.ts';
import { kiosk } from './kiosk.ts';
import { launchWith, problemLines, readTexts } from './problem-lines.ts';

function launchOf(texts: { [path: string]: string } | string): Launch {
  const result = readTexts(typeof texts === 'string' ? { 'launch.md': texts } : texts);
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
}

const steps = (launch: Launch) =>
  launch.procedures.flatMap((procedure) =>
    procedure.steps.map(({ id, phase }) => `${procedure.id} ${phase ?? '-'} ${id}`),
  );
const criteria = (launch: Launch) => launch.gates.flatMap((gate) => gate.criteria.map(({ id }) => id));

const partsOf = (gate: string) => launchOf(launchWith({ gate })).gates[0]?.criteria[0]?.children.map(({ id }) => id);

describe('a launch with one of everything', () => {
  const launch = launchOf(kiosk);

  it('D01 reads who, what, when and where from the front matter', () => {
    expect(launch).toMatchObject({
      id: 'kiosk-cutover',
      owner: 'dana',
      t0: '2026-12-05T14:00:00-05:00',
      environment: 'production',
      candidate: { commit: '{{ git.head }}', url: '{{ environment.url }}', version: null, extra: { build: '17' } },
      environments: [
        {
          id: 'production',
          url: 'https://kiosk.example',
          production: true,
          simulated: false,
          allow: ['127.0.0.1:8080'],
        },
      ],
      secrets: [{ id: 'dns/key', reference: { env: 'DNS_KEY' } }],
    });
  });

  it('D03 keeps dependencies with their declared state', () => {
    expect(launch.dependencies.map(({ id, state }) => `${id} ${state}`)).toEqual(['30 open', '7 done']);
  });

  it('D04 reads criteria with their check, role, proof and parts, and never a tick', () => {
    const [gate] = launch.gates;
    expect(gate).toMatchObject({ id: 'ready', phase: 't-0', quorum: 2, freshMs: 86_400_000 });
    expect(gate?.criteria).toMatchObject([
      {
        id: 'api-health',
        human: false,
        freshMs: 900_000,
        check: { kind: 'http', expectations: [{ text: 'status == 200' }] },
      },
      { id: 'sales', by: 't+1h', check: { kind: 'sql' } },
      { human: true, role: 'operator', proof: 'comment', title: "The shop manager can run a day's work", check: null },
      { id: 'two-of-these', need: 2, children: [{ id: 'a' }, { id: 'b', owner: 'dana' }, { id: 'c' }] },
    ]);
    expect(JSON.stringify(launch)).not.toContain('checked');
  });

  it('C14 reads phases with their offsets and steps in order, each with what it does', () => {
    expect(launch.phases.map(({ id, offsetMs }) => `${id} ${offsetMs}`)).toEqual([
      't-7d -604800000',
      't-0 0',
      't+1h 3600000',
    ]);
    expect(steps(launch)).toEqual([
      'rollback - raise-ttl',
      'runbook t-7d lower-the-ttl',
      'runbook t-7d post-it',
      'runbook t-0 delta',
      'runbook t-0 shift',
    ]);
    const [, , , delta, shift] = launch.procedures.flatMap((procedure) => procedure.steps);
    expect(delta?.needs).toEqual(['sales']);
    expect(shift).toMatchObject({ reversible: false, needs: ['delta'] });
    expect(launch.procedures[1]?.steps[0]).toMatchObject({
      undo: 'raise-ttl',
      action: { kind: 'sh', attributes: {}, text: 'nsupdate x', spec: null },
      rules: { limitMs: 60_000, actionClass: 'long_modify' },
    });
  });

  it('C16 reads the point of no return with the query that sees it, and stop conditions', () => {
    expect(launch.pointsOfNoReturn).toMatchObject([
      {
        text: 'first sale on the new side',
        everyMs: 60_000,
        detect: { kind: 'sql', spec: { url: 'sqlite:shop.db' }, expectations: [{ text: 'holds == true' }] },
      },
    ]);
    expect(launch.stops).toMatchObject([{ text: 'errors above 1 %', detect: null, everyMs: null }]);
  });

  it('F02 F04 F05 F06 D07 reads scope with class, link, deferral, undo and what users see', () => {
    expect(launch.scope).toMatchObject([
      {
        id: 'billing',
        class: 'critical',
        state: 'closed',
        highRisk: true,
        undoCriterion: 'api-health',
        deferral: null,
      },
      { id: 'cheques', class: 'unsupported', owner: 'dana', userSees: 'a note to pay by card', deferral: null },
      {
        id: 'reports',
        class: 'post-launch',
        state: 'deferred',
        followUp: '#12',
        userSees: null,
        deferral: { owner: 'dana', riskNote: 'low' },
      },
      { id: 'vouchers', class: 'post-launch', state: 'open', followUp: '#13', deferral: null },
    ]);
    expect(launch.risks).toMatchObject([{ likelihood: 2, impact: 5, mitigatedBy: 'sales' }]);
  });

  it('D10 reads scenarios and binds them by their links', () => {
    expect(launch.scenarios).toMatchObject([
      {
        title: 'A sale survives',
        given: 'a sale in the old till',
        when: 'the delta is imported',
        boundTo: ['api-health'],
      },
    ]);
  });

  it('D01 gives every declaration its place', () => {
    const lines = kiosk.split('\n');
    expect(launch.gates[0]?.at).toEqual({
      file: 'launch.md',
      line: lines.findIndex((line) => line.startsWith('## Gate')) + 1,
      column: 1,
    });
    expect(launch.gates[0]?.criteria[0]?.check?.at.line).toBe(lines.findIndex((line) => line.includes('```http')) + 1);
    expect(launch.gates[0]?.criteria[3]?.children[1]?.at).toMatchObject({
      line: lines.findIndex((line) => line.includes('] b {')) + 1,
      column: 3,
    });
  });
});

describe('spellings', () => {
  it.each([
    ['T-7d', -7],
    ['T-7 days: announce', -7],
    ['T–7d', -7],
    ['T−7', -7],
    ['T minus 7', -7],
    ['T-2w', -14],
    ['T + 90 days', 90],
    ['T+180d', 180],
    ['t-0', 0],
    ['T-0: go', 0],
    ['Cutover (T-24h)', -1],
  ])('C14 reads the offset of %s', (title, days) => {
    const launch = launchOf(launchWith({ body: `## Runbook\n\n### ${title}\n\n1. a\n` }));
    const phase = launch.procedures[0]?.steps[0]?.phase;
    expect(launch.phases.find(({ id }) => id === phase)?.offsetMs).toBe(days * 86_400_000);
  });

  it.each(['GET-7 days', 'PORT-80', 'at-7d', 'T-shirt', 'T-1000000d', 'Part-3'])(
    'C14 sees no offset in %s',
    (title) => {
      const launch = launchOf(launchWith({ body: `## Runbook\n\n### ${title}\n\n1. a\n` }));
      expect(launch.procedures[0]?.steps[0]?.phase).toBe(null);
    },
  );

  it('C14 reads numbered items under a phase without a runbook heading, and the lists that a fence cut apart', () => {
    expect(
      steps(launchOf(launchWith({ body: '## T-1d\n\n1. a\n\n```sh\nx\n```\n\n1. b\n\n## Notes\n\n1. no step\n' }))),
    ).toEqual(['runbook t-1d a', 'runbook t-1d b']);
  });

  it('C14 reads a named stage that criteria can be asked for by', () => {
    const launch = launchOf(launchWith({ gate: '- a {by=canary}', body: '## Stage: canary\n' }));
    expect(launch.gates[0]?.criteria[0]?.by).toBe('canary');
    expect(launch.phases.map(({ id, offsetMs }) => [id, offsetMs])).toEqual([
      ['t-0', 0],
      ['canary', null],
    ]);
  });

  it('C15 reads roles from a table and people by name', () => {
    const front = 'people: { al: { name: Alice Ames }, bo: Bob }\n';
    const text = launchWith({
      front,
      body: '| Role | Person | Responsibility |\n|-|-|-|\n| On call | Alice Ames, bo | watch |\n',
    }).replace('[alice]', '[al]');
    expect(launchOf(text).roles.map(({ id, people }) => [id, people])).toEqual([
      ['lead', ['al']],
      ['on-call', ['al', 'bo']],
    ]);
  });

  it('O21 reads the passkey of a person, and refuses one whose site or point is none', () => {
    const point = 'BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU=';
    const keyed = (key: string) => launchWith({ front: `people: { alice: { key: "${key}" } }\n` });
    const passkey = `webauthn-es256:tminus.example:${point}`;
    expect(launchOf(keyed(passkey)).people[0]?.key).toBe(passkey);
    for (const broken of [passkey.replace('tminus.', 'Tminus.'), passkey.replace('BGsX', 'BGsY')])
      expect(() => launchOf(keyed(broken))).toThrow('value_invalid');
  });

  it('D04 takes plain bullets under a box for notes, and for parts where it asks for some', () => {
    expect(partsOf('- [ ] a\n  - note\n')).toEqual([]);
    expect(partsOf('- [ ] a {need=any}\n  - b\n  - c\n')).toEqual(['b', 'c']);
    expect(partsOf('- [ ] a\n  - [ ] b\n')).toEqual(['b']);
    expect(partsOf('- a\n  - b\n')).toEqual(['b']);
  });

  it('D04 reads criteria under headings inside the gate, and none of the next section', () => {
    expect(criteria(launchOf(launchWith({ gate: '### Data\n\n- a\n', body: '## Other\n\n- b\n' })))).toEqual(['a']);
  });

  it('D10 reads scenarios from one paragraph, a list item and a gherkin fence', () => {
    const body =
      '## Scenarios\n\n- Given a till When it sells Then it prints\n\nGiven b\n\nWhen c\n\nThen d\n\n```gherkin\nScenario: G\n  Given e\n  When f\n  Then g\n```\n\nGiven the weather, we stay.\n';
    expect(launchOf(launchWith({ body })).scenarios.map(({ given, when, outcome }) => [given, when, outcome])).toEqual([
      ['a till', 'it sells', 'it prints'],
      ['b', 'c', 'd'],
      ['e', 'f', 'g'],
    ]);
  });

  it('D04 keeps braces in code and templates as text', () => {
    const launch = launchOf(launchWith({ gate: '- Reads `{id}`\n- Calls {{ candidate.url }}\n- Path /users/{id}' }));
    expect(launch.gates[0]?.criteria.map(({ title }) => title)).toEqual([
      'Reads {id}',
      'Calls {{ candidate.url }}',
      'Path /users/{id}',
    ]);
  });
});

describe('options', () => {
  const optionsOf = (text: string, path = 'launch.md') => {
    const texts = path === 'launch.md' ? { [path]: text } : { 'launch.md': launchWith({}), [path]: text };
    return launchOf(texts)
      .declarations.filter(({ kind }) => kind === 'option')
      .map(({ id, body }) => [id, body['recommended'], body['rejected']]);
  };
  const section = (...lines: string[]): string => `## Options\n\n${lines.map((line) => `- ${line}\n`).join('')}\n`;
  const inLaunch = (...lines: string[]) => optionsOf(`${launchWith({})}\n${section(...lines)}`);

  it('F07 keeps the rejected ones beside the recommended one, with what speaks for and against them', () => {
    const text = `${launchWith({})}\n${section('A - In one night\n  - Costs an hour of sales\n  - Is simple', 'B - **Recommended:** Bit by bit')}`;
    const kept = launchOf(text).declarations.filter(({ kind }) => kind === 'option');
    expect(kept.map(({ id, body }) => ({ id, ...body }))).toEqual([
      { id: 'bit-by-bit', title: 'Bit by bit', recommended: true, rejected: false, tradeOffs: [] },
      {
        id: 'in-one-night',
        title: 'In one night',
        recommended: false,
        rejected: true,
        tradeOffs: ['Costs an hour of sales', 'Is simple'],
      },
    ]);
  });

  it.each([
    ['A) Now', '**B) Later (Recommended)**'],
    ['Option A: Now', 'Option B: Later. **Recommended**'],
    ['A. Now', 'B – Recommended: Later'],
    ['A - Now, **not recommended**', 'B - Later __recommended__'],
  ])('F07 reads %j beside %j', (first, second) => {
    expect(inLaunch(first, second).map(([, ...flags]) => flags)).toEqual(
      expect.arrayContaining([
        [true, false],
        [false, true],
      ]),
    );
  });

  it('F07 rejects nothing while none or several are recommended', () => {
    expect(inLaunch('A - Now', 'B - Later').map(([, ...flags]) => flags)).toEqual([
      [false, false],
      [false, false],
    ]);
    const both = inLaunch('A - **Recommended:** Now', 'B - **Recommended:** Later', 'C - Never');
    expect(both).toEqual([
      ['later', true, false],
      ['never', false, false],
      ['now', true, false],
    ]);
  });

  it('F07 takes a list without letters, or under another heading, for prose', () => {
    expect(inLaunch('Now', 'A thing to think about')).toEqual([]);
    expect(optionsOf(`${launchWith({})}\n## Notes\n\n- A - Now\n- B - **Recommended:** Later\n`)).toEqual([]);
  });

  it('F07 keeps the options of a plan file under its name', () => {
    const plan = `---\nstatus: planned\n---\n\n# Prune\n\n${section('A - Now', 'B - **Recommended:** Later')}`;
    expect(optionsOf(plan, 'plans/prune.md')).toEqual([
      ['prune/later', true, false],
      ['prune/now', false, true],
    ]);
  });
});

describe('several documents', () => {
  const runbook =
    '---\ntminus: runbook\nid: night\ntitle: Night shift\n---\n\n# Night\n\n## T-1d\n\n1. dump {role=lead needs=done}\n';
  const plan = '---\nstatus: in-progress\ndepends: [x]\nissues: [4]\n---\n\n# Plan: prune\n';

  it('C01 T01 F01 reads runbooks beside the launch and plan files as scope, whatever the order', () => {
    const texts = {
      'launch.md': launchWith({}),
      'night.md': runbook,
      'plans/prune.md': plan,
      'notes.md': '# odd {x\n',
    };
    const launch = launchOf(texts);
    expect(steps(launch)).toEqual(['night t-1d dump']);
    expect(launch.scope).toMatchObject([{ id: 'prune', title: 'Plan: prune', state: 'open', class: null }]);
    expect(launch.documents.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'launch.md launch',
      'night.md runbook',
      'notes.md doc',
      'plans/prune.md plan',
    ]);
    expect(launchOf(Object.fromEntries(Object.entries(texts).toReversed()))).toEqual(launch);
  });

  it('C01 finds nothing wrong with front matter that is not ours', () => {
    expect(
      readTexts({
        'launch.md': launchWith({}),
        'jekyll.md': '---\nlayout: [broken\n---\n',
        'b.md': '---\na: &x 1\nb: *x\n---\n',
      }).problems,
    ).toEqual([]);
  });
});

describe('law 13', () => {
  it('F17 C02 gives the same launch whatever is ticked, and leaves the bytes as they are', () => {
    const bytes = new TextEncoder().encode(kiosk);
    const before = Buffer.from(bytes);
    const read = (text: string): Launch => ({ ...launchOf(text), documents: [] });
    expect(kiosk).toContain('[x]');
    expect(read(kiosk.replaceAll('[x]', '[ ]'))).toEqual(read(kiosk.replaceAll('[ ]', '[x]')));
    readDocument('launch.md', bytes);
    expect(Buffer.compare(before, bytes)).toBe(0);
  });
});

describe('a check that can never be asked', () => {
  const front = 'candidate: { commit: c0ffee, database: shop.test }\n';
  const http = (url: string, expected = 'status == 200') =>
    `- a {#a}\n\n  \`\`\`http timeout=5s\n  GET ${url}\n\n  expect ${expected}\n  \`\`\`\n`;
  const problemsOf = (gate: string) => problemLines(readTexts({ 'launch.md': launchWith({ front, gate }) }));

  it('D01 names that exist, with or without a value yet, are none', () => {
    expect(
      problemsOf(http('{{ candidate.url }}/{{ candidate.database }}', 'json.v == {{ candidate.version }}')),
    ).toEqual([]);
  });

  it('D01 a name that does not exist is a problem at its place, with the nearest one', () => {
    expect(problemsOf(http('https://{{ candidate.databse }}/', 'json.v == {{ lunch.id }}'))).toEqual([
      expect.stringMatching(
        /^launch\.md:15:15 check_invalid: check of criterion a can never be asked - expected one of candidate\.database, .*, got \{\{ candidate\.databse \}\}; did you mean \{\{ candidate\.database \}\}\?$/,
      ),
      expect.stringMatching(/^launch\.md:17:20 .*got \{\{ lunch\.id \}\}; did you mean \{\{ launch\.id \}\}\?$/),
    ]);
  });

  it('D01 finds the place in a yaml check and in an attribute, and of each of two', () => {
    const yaml =
      '- a {#a}\n\n  ```yaml check\n  kind: http\n  url: "{{ x }}/{{ x }}"\n  expect:\n    - "json.v == {{ y }}"\n  ```\n';
    const sql = '- b {#b}\n\n  ```sql url="postgres://shop@{{ z }}/shop"\n  select true\n  ```\n';
    expect(problemsOf(yaml + sql).map((line) => line.split(' ', 1)[0])).toEqual([
      'launch.md:16:9',
      'launch.md:16:17',
      'launch.md:18:18',
      'launch.md:22:10',
    ]);
  });

  it('A8 a secret is refused with the reason, and a template without an end', () => {
    expect(problemsOf(http('https://shop.test/{{ secret "dns/key" }}'))).toEqual([
      'launch.md:15:25 check_invalid: check of criterion a can never be asked - expected a value that may be recorded, got {{ secret "dns/key" }}; checks cannot use secrets yet: no secrets provider is configured for them',
    ]);
    expect(problemsOf(http('https://shop.test/{{secret'))).toEqual([expect.stringContaining('close the template')]);
  });
});
