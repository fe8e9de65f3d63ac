import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { JsonObject } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import type { ReadLaunch } from '../../src/spec/launch/read-launch.ts';
import { lintDocuments } from '../../src/spec/lint/lint-documents.ts';
import { runInside } from '../e2e/run-inside.ts';
import type { TminusRun } from '../e2e/run-tminus.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-import-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const readers = { checks: checkReaders, steps: stepReaders };

const importFile = (command: 'slo' | 'rollout', file: string): Promise<TminusRun> =>
  runInside(folder, [command, 'import', file, '--source', 'prom']);

function importText(command: 'slo' | 'rollout', text: string | Uint8Array): Promise<TminusRun> {
  writeFileSync(join(folder, 'written.yaml'), text);
  return importFile(command, 'written.yaml');
}

interface Entries {
  [id: string]: JsonObject;
}

/** Nobody is asked for bad events where good ones are counted. */
function withoutBad(objective: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(objective).filter(([key]) => key !== 'bad'));
}

/** What an import printed, put into a launch document as a person would: front matter, criteria of the gate, fences of rollouts. */
function documentOf({ stdout }: TminusRun, answer: { objective: JsonObject; measure: JsonObject }): string {
  const blocks = [...stdout.matchAll(/^(`{3,})(yaml(?: rollout)?)\n([\s\S]*?)\n\1$/gm)];
  const ofLanguage = (language: string): JsonObject[] =>
    blocks.filter(([, , info]) => info === language).map(([, , , text]) => parse(text!) as JsonObject);
  const declared = ofLanguage('yaml').map(({ objectives }) => objectives as Entries);
  const criteria = [...stdout.matchAll(/^- \[ \] .*\n\n(?: {2}.*\n)+/gm)].map(([text]) => text);
  const rollouts = ofLanguage('yaml rollout').map((rollout, at) => {
    const measures = Object.entries(rollout['measures'] as Entries);
    const filled = { ...rollout, id: `shift-${at}`, routers: ['edge'], ...fillMeasures(measures, answer.measure) };
    const phases = rollout['phases'] === undefined ? { preset: 'default' } : {};
    return `- Shift ${at}\n\n  \`\`\`yaml rollout\n${stringify({ ...filled, ...phases }, { lineWidth: 0 }).replaceAll(/^(?=.)/gm, '  ')}  \`\`\`\n`;
  });
  const front = {
    tminus: 'launch',
    id: 'shop',
    environment: 'production',
    candidate: { commit: '4f2c91e' },
    environments: { production: { url: 'http://127.0.0.1', allow: ['127.0.0.1'] } },
    roles: { operator: ['carol'] },
    routers: { edge: { kind: 'haproxy', socket: 'h.sock' } },
    metrics: { prom: { kind: 'prometheus', url: 'http://127.0.0.1:9090' } },
    objectives: Object.fromEntries(
      declared.flatMap((each) =>
        Object.entries(each).map(([id, one]) => [
          id,
          {
            ...('good' in one ? withoutBad(answer.objective) : answer.objective),
            ...one,
            ...fixedWindow(one, answer.objective),
          },
        ]),
      ),
    ),
  };
  const gate = '## Gate: ready for T-0 {#ready quorum=1 fresh=15m}\n\n- [ ] [HUMAN] It is done {#done role=operator}\n';
  return `---\n${stringify(front, { lineWidth: 0 })}---\n\n# Shop\n\n${gate}${criteria.join('')}\n## Rollouts\n\n${rollouts.join('\n')}`;
}

/** A window that cannot be read is a question, too. */
function fixedWindow(one: JsonObject, answer: JsonObject): JsonObject {
  return answer['window'] !== undefined && !/^"\d+[hd]"$/.test(JSON.stringify(one['window'] ?? '1d'))
    ? { window: '30d' }
    : {};
}

function fillMeasures(measures: readonly [string, JsonObject][], answer: JsonObject): JsonObject {
  const some: readonly [string, JsonObject][] =
    measures.length > 0 || answer['total'] === undefined ? measures : [['errors', { source: 'prom' }]];
  return {
    measures: Object.fromEntries(
      some.map(([id, one]) => [
        id,
        {
          ...(one['buckets'] === undefined ? answer : {}),
          ...one,
          gating: one['gating'] !== false || some.length === 1,
        },
      ]),
    ),
  };
}

const nothing = { objective: {}, measure: {} };
const counters = { total: 't_total{arm="$arm"}', bad: 't_total{arm="$arm",code="500"}' };
const everything = {
  objective: { total: 't_total', bad: 't_total{code="500"}', goal: '99%', window: '30d' },
  measure: counters,
};

function read(text: string): ReadLaunch {
  return readLaunch([{ path: 'launch.md', bytes: new TextEncoder().encode(text) }], readers);
}

const problemsOf = (text: string): string[] => read(text).problems.map(({ code, message }) => `${code}: ${message}`);

const samples = resolve(import.meta.dirname, '../../../shared/samples/imports');
const filesOf = (folders: readonly string[]): string[] =>
  existsSync(samples)
    ? folders.flatMap((name) => readdirSync(join(samples, name)).map((file) => `${name}/${file}`))
    : [];
const shipyards = /shipyard/;

describe.skipIf(!existsSync(samples))(
  'what is imported reads back (skipped where the samples are not beside the project)',
  () => {
    const files = [
      ...filesOf(['openslo', 'sloth', 'prometheus']).map((file) => ['slo', file] as const),
      ...filesOf(['argo-rollouts', 'flagger', 'keptn', 'kayenta'])
        .filter((file) => !shipyards.test(file))
        .map((file) => ['rollout', file] as const),
    ];

    it.each(files)(
      'T12 T28 %s %s: unanswered it is refused where something is open, answered it reads and lints',
      async (command, file) => {
        const run = await importFile(command, join(samples, file));
        const { imported } = JSON.parse(
          (await runInside(folder, [command, 'import', join(samples, file), '--json'])).stdout,
        ) as { imported: { open: string[] }[] };
        const isAsked = imported.some(({ open }) =>
          open.some((line) => /: write (?!.*30 days where)|no phases|no measures/.test(line)),
        );
        expect(run.exit).toBe(
          imported.some(({ open }) => open.length > 0) || run.stdout.includes('not taken over') ? 1 : 0,
        );
        expect(problemsOf(documentOf(run, nothing)).length > 0).toBe(isAsked);
        const answered = documentOf(run, everything);
        expect(problemsOf(answered)).toEqual([]);
        const linted = lintDocuments([{ path: 'launch.md', bytes: new TextEncoder().encode(answered) }], {
          readers,
          exists: () => false,
        });
        expect(linted.documents[0]!.findings.filter(({ severity }) => severity === 'blocking')).toEqual([]);
      },
    );

    it('T12 what was complete there is complete here: counters, goal and window reach the launch', async () => {
      const run = await importFile('slo', join(samples, 'openslo/slok-sloth__openslo-kubernetes-apiserver.yml'));
      const result = read(documentOf(run, { ...nothing, objective: everything.objective }));
      const byId = (wanted: string) => (result.ok ? result.launch.objectives.find(({ id }) => id === wanted) : null);
      expect(byId('requests-latency-openslo')).toMatchObject({
        total: 'apiserver_request_duration_seconds_count{verb!="WATCH"}',
        counted: { good: 'apiserver_request_duration_seconds_bucket{le="0.4",verb!="WATCH"}' },
        goal: 0.99,
      });
      const found = byId('requests-availability-openslo');
      expect(found).toMatchObject({
        source: 'prom',
        total: 'apiserver_request_total',
        counted: { bad: 'apiserver_request_total{code=~"(5..|429)"}' },
        goal: 0.999,
        windowMs: 30 * 86_400_000,
      });
    });

    it.each(filesOf(['keptn']).filter((file) => shipyards.test(file)))('T28 %s is refused in words', async (file) => {
      const { exit, stdout, stderr } = await importFile('rollout', join(samples, file));
      expect([exit, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/Shipyard, which says in which stages .* that is a procedure/);
    });
  },
);

const slo = (name: string, more = ''): string =>
  `version: prometheus/v1\nservice: ${name}\nslos:\n- name: a\n  objective: 99\n  sli: { events: { error_query: 'sum(rate(e[5m]))', total_query: 'sum(rate(t[5m]))' } }\n${more}`;

describe('files that nobody should have to trust', () => {
  it('T12 documents of one file are read one by one, and what is none of ours is named', async () => {
    const { exit, stdout } = await importText(
      'slo',
      `---\n${slo('shop')}---\n---\napiVersion: v1\nkind: Service\n---\n${slo('till')}`,
    );
    expect(exit).toBe(1);
    expect(stdout).toMatch(/sloth shop: [\s\S]*sloth till: [\s\S]*document 2 is not taken over: it is v1 Service/);
  });

  it('T12 what is taken over by a merge key is read, and an alias of it, too', async () => {
    const events = "&e { error_query: 'sum(rate(e[5m]))', total_query: 'sum(rate(t[5m]))' }";
    const text = `version: prometheus/v1\nservice: shop\nx: &base { objective: 99.5, sli: { events: ${events} } }\nslos:\n- { <<: *base, name: a }\n- { name: b, objective: 90, sli: { events: *e } }\n`;
    const { imported } = JSON.parse((await runInside(folder, ['slo', 'import', writeText(text), '--json'])).stdout) as {
      imported: { objectives: JsonObject[] }[];
    };
    expect(imported[0]?.objectives).toMatchObject([
      { id: 'shop-a', total: 't', bad: 'e', goal: '99.5%' },
      { id: 'shop-b', total: 't', bad: 'e', goal: '90%' },
    ]);
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'
      .split('')
      .map((letter, at) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(',')}]`),
  ].join('\n');
  const wide = `a: &a [${Array(20_000).fill('1').join(',')}]\nb: [${Array(40).fill('*a').join(',')}]\n`;

  it.each<[string, string | Uint8Array, RegExp]>([
    ['an alias bomb', bomb, /alias/i],
    ['aliases of something large', wide, /more than 100000 values/],
    ['brackets without an end', '['.repeat(50_000), /more than 128 nested values/],
    [
      'nesting by indentation',
      Array.from({ length: 300 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      /nested values/,
    ],
    ['an alias of itself', 'a: &a [*a]\n', /got .+/],
    ['a key that stands twice', `${slo('shop')}version: prometheus/v1\n`, /unique/i],
    ['a tag of its own', 'a: !!js/function "x"\n', /tag/i],
    ['a megabyte and more', `a: ${'x'.repeat(1024 * 1024)}\n`, /more than 1048576 bytes/],
    ['bytes that are no text', new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]), /encoded data was not valid/],
    ['nothing', '', /it is empty/],
    ['more documents than anybody writes', '---\na: 1\n'.repeat(300), /more than 200 documents/],
  ])('T12 %s is refused in words, at once', async (_, text, why) => {
    for (const command of ['slo', 'rollout'] as const) {
      // What this process did for it: the clock would also count what else the machine did meanwhile.
      const began = process.cpuUsage();
      const { exit, stdout, stderr } = await importText(command, text);
      const { user, system } = process.cpuUsage(began);
      expect([exit, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(why);
      expect((user + system) / 1_000).toBeLessThan(5_000);
    }
  });

  it('T12 names that would close a fence, or speak to a terminal, do neither', async () => {
    const { stdout } = await importText(
      'slo',
      `groups:\n- name: "g\\e[2J"\n  rules:\n  - alert: "A]{#x} \`\`\`"\n    expr: "a{x=\\"\`\`\`\\"} > 1"\n`,
    );
    expect(stdout).not.toContain('\u001B');
    expect(stdout).toContain('````yaml check');
    expect(problemsOf(documentOf({ exit: 0, stdout, stderr: '' }, everything))).toEqual([]);
  });
});

function writeText(text: string): string {
  writeFileSync(join(folder, 'written.yaml'), text);
  return 'written.yaml';
}
