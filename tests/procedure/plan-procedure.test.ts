import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { planFaults } from '../../src/core/procedure/plan-fault.ts';
import { planProcedure } from '../../src/core/procedure/plan-procedure.ts';
import { launchWith, problemLines, readTexts } from '../spec/problem-lines.ts';

const runbook = `## Runbook

### T-1d Prepare

1. Stop changes {#freeze role=lead undo=thaw}

   \`\`\`sh timeout=5m
   touch frozen
   \`\`\`

2. Tell everybody {#tell}

### T-0 Switch

1. Move {#move needs=freeze}

   \`\`\`sh
   mv a b
   \`\`\`

## Rollback

1. Allow changes {#thaw}

   \`\`\`sh
   rm frozen
   \`\`\`

2. Nobody asks for this {#idle}

   \`\`\`sh
   true
   \`\`\`
`;

function readPlain(): Launch {
  const result = readTexts({ 'launch.md': launchWith({ body: runbook }) });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
}

/** The launch with other attributes on the fence of its first step, or with other fences. */
function readWith(attributes: string, more = ''): Launch {
  const body = runbook.replace(
    'sh timeout=5m\n   touch frozen\n   ```\n',
    `sh ${attributes}\n   touch frozen\n   \`\`\`\n${more}`,
  );
  const result = readTexts({ 'launch.md': launchWith({ body }) });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
}

function plan(launch: Launch): ReturnType<typeof planProcedure> {
  return planProcedure(launch, launch.procedures.find(({ kind }) => kind === 'runbook')?.id ?? 'none');
}

describe('planProcedure', () => {
  it('C14 fills in order, offsets, limits and what an interruption does', () => {
    const day = -86_400_000;
    expect(plan(readPlain())).toMatchObject({
      steps: [
        {
          id: 'freeze',
          needs: [],
          timer: { kind: 'offset', offsetMs: day },
          limitMs: 300_000,
          actionClass: 'long_modify',
          interrupted: 'ask',
          maxAttempts: 1,
          human: false,
        },
        {
          id: 'tell',
          needs: ['freeze'],
          timer: { kind: 'offset', offsetMs: day },
          human: true,
          actionClass: 'human',
          onTimeout: 'escalate',
        },
        { id: 'move', needs: ['freeze'], timer: { kind: 'offset', offsetMs: 0 }, limitMs: 120_000, onTimeout: 'hold' },
      ],
      undoSteps: [{ id: 'thaw', needs: [] }],
      deciders: ['lead'],
    });
  });

  it('D06 a step may need a criterion: it is no step that a run waits for, and the order of the document still holds', () => {
    const needing = (needs: string): ReturnType<typeof plan> => {
      const result = readTexts({
        'launch.md': launchWith({ body: runbook.replace('needs=freeze', `needs=${needs}`) }),
      });
      if (!result.ok) throw new Error(problemLines(result).join('\n'));
      return plan(result.launch);
    };
    expect(needing('done')).toMatchObject({
      steps: [{ id: 'freeze' }, { id: 'tell' }, { id: 'move', needs: ['tell'] }],
    });
    expect(needing('done,freeze')).toMatchObject({ steps: [{}, {}, { id: 'move', needs: ['freeze'] }] });
    const planned = needing('done');
    expect('faults' in planned ? planned.faults : planFaults(planned)).toEqual([]);
  });

  it('D11 an environment that nobody declared is taken for production', () => {
    expect(plan({ ...readPlain(), environment: 'elsewhere' })).toMatchObject({
      environment: { id: 'elsewhere', production: true },
    });
  });

  it('O08 a class, a probe and what a bad end does are read from the step', () => {
    const launch = readWith('class=fast_read on-fail=fail on-timeout=escalate asset=db,dns');
    expect(plan(launch)).toMatchObject({
      steps: [
        {
          limitMs: 5_000,
          writes: false,
          interrupted: 'rerun',
          maxAttempts: 2,
          onFail: 'fail',
          onTimeout: 'escalate',
          assets: ['db', 'dns'],
          onRecycle: 'repeat',
        },
        {},
        {},
      ],
    });
    const probe = '\n   ```sh probe\n   test -e frozen\n   ```\n';
    expect(plan(readWith('timeout=5m', probe))).toMatchObject({
      steps: [{ interrupted: 'verify', maxAttempts: 5, probe: { kind: 'sh', text: 'test -e frozen' } }, {}, {}],
    });
  });

  it('law 6 begins a step again as often as the document says, and once where nobody can tell', () => {
    expect(plan(readWith('interrupted=rerun retries=1 late=ask:10m recycle=repeat'))).toMatchObject({
      steps: [{ maxAttempts: 2, askWhenLateMs: 600_000, onRecycle: 'repeat' }, {}, {}],
    });
    expect(plan(readWith('interrupted=ask'))).toMatchObject({
      steps: [{ maxAttempts: 1, askWhenLateMs: null, onRecycle: 'keep' }, {}, {}],
    });
  });

  it('C14 takes holds, recycle points, deciders and limits from the document', () => {
    const front = 'people: { alice: Alice, bob: Bob }\nroles: { lead: [alice], second: [bob] }\n';
    const heading =
      '## Runbook {deciders=second limit=4h queue=30m}\n\n### T-20m Weather {#weather hold=10m release=person recycle}\n';
    const text = launchWith({ body: runbook.replace('## Runbook\n', heading) }).replace(
      'roles: { lead: [alice] }\n',
      front,
    );
    const result = readTexts({ 'launch.md': text });
    if (!result.ok) throw new Error(problemLines(result).join('\n'));
    expect(plan(result.launch)).toMatchObject({
      deciders: ['second'],
      limitMs: 14_400_000,
      queueLimitMs: 1_800_000,
      builtInHolds: [{ id: 'weather', atMs: -1_200_000, forMs: 600_000, release: 'person' }],
      recyclePoints: [{ id: 'weather-recycle', atMs: -1_200_000 }],
    });
  });

  it('refuses a procedure that is not there', () => {
    expect(planProcedure(readPlain(), 'none')).toMatchObject({ faults: [{ code: 'procedure_unknown' }] });
  });

  it('law 10 a step that waits for time is planned as a pause, whatever it says of limits', () => {
    const fence = '```yaml step timeout=5m\n   kind: wait\n   for: 2h\n   ```';
    const body = runbook.replace('```sh timeout=5m\n   touch frozen\n   ```', fence);
    const result = readTexts({ 'launch.md': launchWith({ body }) });
    if (!result.ok) throw new Error(problemLines(result).join('\n'));
    expect(plan(result.launch)).toMatchObject({
      steps: [
        { id: 'freeze', pause: { kind: 'for', ms: 7_200_000 }, writes: false, limitMs: null, human: false },
        { id: 'tell', pause: null },
        { id: 'move', pause: null },
      ],
    });
  });
});
