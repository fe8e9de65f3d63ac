import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
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

/** The launch with other attributes on the fence of its first step. */
function withAttributes(attributes: { [key: string]: string }): Launch {
  const launch = readPlain();
  const procedures = launch.procedures.map((procedure) => ({
    ...procedure,
    steps: procedure.steps.map((step) =>
      step.id === 'freeze' && step.action ? { ...step, action: { ...step.action, attributes } } : step,
    ),
  }));
  return { ...launch, procedures };
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

  it('D11 an environment that nobody declared is taken for production', () => {
    expect(plan({ ...readPlain(), environment: 'elsewhere' })).toMatchObject({
      environment: { id: 'elsewhere', production: true },
    });
  });

  it('O08 a class, a probe and what a bad end does are read from the step', () => {
    const launch = withAttributes({ class: 'fast_read', 'on-fail': 'fail', 'on-timeout': 'escalate', asset: 'db,dns' });
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
    expect(plan(withAttributes({ probe: 'test -e frozen' }))).toMatchObject({
      steps: [{ interrupted: 'verify', maxAttempts: 5 }, {}, {}],
    });
  });

  it.each([
    ['class', 'quick'],
    ['timeout', 'soon'],
    ['timeout', '0s'],
    ['on-fail', 'ignore'],
    ['interrupted', 'maybe'],
  ])('law 10 refuses %s=%s, and says what it expected', (key, value) => {
    const refused = plan(withAttributes({ [key]: value }));
    expect(refused).toMatchObject({ faults: [{ code: 'attribute_invalid' }] });
    expect(JSON.stringify(refused)).toContain(`step freeze, ${key}: expected`);
  });

  it('refuses a procedure that is not there', () => {
    expect(planProcedure(readPlain(), 'none')).toMatchObject({ faults: [{ code: 'procedure_unknown' }] });
  });
});
