import { describe, expect, it } from 'vitest';

import { isGatingIn } from '../../src/core/rollout/judge-measure.ts';
import { optionsIn } from '../../src/core/rollout/rollout.ts';
import { launchWith, problemLines, readTexts } from './problem-lines.ts';

const front =
  'environments: { production: { url: "https://kiosk.example" }, staging: { production: no } }\nenvironment: staging\nsecrets: { reader: { env: READER } }\nrouters: { edge: { kind: haproxy, socket: h.sock } }\nmetrics: { prom: { kind: prometheus, url: "http://127.0.0.1:9090" } }\n';
const dark = 'phases: [{ weight: 0, id: dark }, { weight: 5 }, { weight: 100, bake: 24h }]\n';
const measures = 'measures: { errors: { source: prom, total: t, bad: b } }\n';
const addresses =
  'listen: "127.0.0.1:8080", report: "http://127.0.0.1:8081", stable: "http://127.0.0.1:9001", canary: { staging: "http://127.0.0.1:9002", production: "http://127.0.0.1:9003" }';
const text = (lines: string): string =>
  launchWith({ front, body: `## Rollout\n\n\`\`\`yaml rollout\nid: shop\nrouters: edge\n${lines}\`\`\`\n` });
const read = (lines: string) => readTexts({ 'launch.md': text(lines) });
const problems = (lines: string): string[] =>
  problemLines(read(lines)).map((line) => line.replace(/^launch\.md:\d+:\d+ /, ''));

describe('the shadow of a rollout', () => {
  it('O25 brings its metric source and the measure by which phases without weight are judged, and no other phase waits for it', () => {
    const shadow = `shadow: { ${addresses}, sample: 10%, ignore: [body.at, header ETag], secret: reader, differences: { cap: "0.5%" } }\n`;
    const result = read(`${dark}${measures}${shadow}`);
    if (!result.ok) throw new Error(problemLines(result).join('\n'));
    const { rollouts, metricSources } = result.launch;
    const [rollout] = rollouts;
    expect(rollout!.shadow).toMatchObject({
      sample: 0.1,
      methods: ['GET', 'HEAD'],
      compare: ['content-type', 'location'],
      ignore: ['body.at', 'header etag'],
      credential: { header: 'authorization', secret: 'reader' },
    });
    expect(optionsIn(rollout!.shadow!.options, 'staging')['canary']).toBe('http://127.0.0.1:9002');
    expect(metricSources.find(({ id }) => id === 'shadow:shop')).toMatchObject({
      kind: 'shadow',
      options: { url: { '*': 'http://127.0.0.1:8081' } },
    });
    const measure = rollout!.measures.find(({ id }) => id === 'shadow')!;
    expect(measure).toMatchObject({ cap: 0.005, margin: 1.5, exclude: 3, by: 'route', gating: true, phases: ['dark'] });
    expect(rollout!.phases.map((phase) => isGatingIn(measure, phase, rollout!.measures))).toEqual([true, false, false]);
  });

  it.each([
    [
      'without addresses',
      `${dark}${measures}shadow: { listen: "127.0.0.1:1" }\n`,
      'key_missing: shadow of rollout shop has no stable',
    ],
    [
      'without a phase of weight 0',
      `phases: [{ weight: 100 }]\n${measures}shadow: { ${addresses} }\n`,
      'value_invalid: shadow of rollout shop has no phase to work in',
    ],
    [
      'that copies nothing',
      `${dark}${measures}shadow: { ${addresses}, sample: 0% }\n`,
      'value_invalid: sample of shadow of rollout shop',
    ],
    [
      'with methods that are none',
      `${dark}${measures}shadow: { ${addresses}, methods: [get] }\n`,
      'value_invalid: methods of shadow',
    ],
    [
      'with a limit of nothing',
      `${dark}${measures}shadow: { ${addresses}, differences: { cap: "0%" } }\n`,
      'value_invalid: cap of differences of shadow',
    ],
    [
      'with a header and no secret',
      `${dark}${measures}shadow: { ${addresses}, header: x }\n`,
      'key_missing: shadow of rollout shop names a header',
    ],
    [
      'beside a measure of its name',
      `${dark}measures: { shadow: { source: prom, total: t, bad: b } }\nshadow: { ${addresses} }\n`,
      'id_duplicate: rollout shop has a measure of the name',
    ],
    [
      'that alone judges',
      `${dark}shadow: { ${addresses} }\n`,
      'key_missing: rollout shop has phases that nothing is judged in',
    ],
    [
      'with an unknown key',
      `${dark}${measures}shadow: { ${addresses}, write: yes }\n`,
      'key_unknown: shadow of rollout shop has no key write',
    ],
    [
      'with a measure of a phase that does not exist',
      `${dark}measures: { errors: { source: prom, total: t, bad: b, phases: [drak] } }\n`,
      'reference_unknown: phases of measure errors',
    ],
  ])('O25 one %s is a problem', (_, lines, expected) => {
    expect(problems(lines)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });

  it('O26 O27 limits differ by phase, and each phase has one', () => {
    const of = (id: string, cap: string, phases: string) =>
      `  ${id}: { source: prom, total: t, bad: b, cap: "${cap}", phases: [${phases}] }\n`;
    const lines = `${dark}measures:\n${of('dark-errors', '1%', 'dark')}${of('canary-errors', '0.5%', 'at-5')}${of('full-errors', '0.1%', 'at-100')}`;
    const result = read(lines);
    if (!result.ok) throw new Error(problemLines(result).join('\n'));
    const [rollout] = result.launch.rollouts;
    const caps = rollout!.phases.map((phase) =>
      rollout!.measures.filter((one) => isGatingIn(one, phase, rollout!.measures)).map(({ cap }) => cap),
    );
    expect(caps).toEqual([[0.01], [0.005], [0.001]]);
  });
});
