import type { Launch, Procedure, Step } from '../../core/launch/launch.ts';
import { listCriteria } from '../../core/launch/find-criterion.ts';
import { actionClasses } from '../../core/procedure/action-classes.ts';
import { isCounting } from '../../core/rollback/is-counting.ts';
import { listObservers } from '../../core/rollback/list-observers.ts';
import type { RollbackTerms } from '../../core/rollback/rollback-terms.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Finding, Severity } from './finding.ts';

/** What a declared way back can lack, for the reference page; `findRollbackGaps` finds it. */
export const rollbackRules: readonly { code: string; severity: Severity; summary: string; why: string }[] = [
  {
    code: 'rollback-without-kind',
    severity: 'warning',
    summary:
      'A rollout names a procedure as its way back, and the procedure does not say which kind of way back it is.',
    why: 'It has no limit, and nobody can drill it by itself.',
  },
  {
    code: 'rollback-unverified',
    severity: 'blocking',
    summary: 'A declared way back does not end with a step that looks.',
    why: 'Its clock could never stop: nobody would know whether it worked.',
  },
  {
    code: 'rollback-irreversible',
    severity: 'blocking',
    summary: 'A declared way back has a step that cannot be taken back itself.',
    why: 'It would be a second point of no return, crossed in a hurry.',
  },
  {
    code: 'rollback-too-long',
    severity: 'warning',
    summary: 'The limits of the steps of a way back add up to more than it may take.',
    why: 'One slow step, and it is late without anybody being told.',
  },
  {
    code: 'rollback-keeps-traffic',
    severity: 'blocking',
    summary: 'A graceful way back does not lower the traffic step by step to nothing.',
    why: 'It would end with users on the version that it was begun for.',
  },
  {
    code: 'rollback-uncounted',
    severity: 'blocking',
    summary:
      'A data recovery names no step that counts before and after, or a way back names one that shows no number.',
    why: 'Whether anything was lost or doubled would be a matter of belief.',
  },
  {
    code: 'rollback-unobservable',
    severity: 'blocking',
    summary: 'Nobody who is asked to watch the drills of a way back is a human with a key.',
    why: 'No drill of it could ever be attested, and none would count (T31).',
  },
  {
    code: 'surface-without-drill',
    severity: 'blocking',
    summary: 'A surface of high risk has no criterion that a drill or a rehearsal proves.',
    why: 'Its undo or kill switch would be tried for the first time when it is needed (F05).',
  },
];

/** Returns what ways back and kill switches lack. */
export function findRollbackGaps(launch: Launch, kinds: readonly StepReader[]): Finding[] {
  return [
    ...launch.procedures.flatMap((procedure) =>
      procedure.goesBack === undefined
        ? []
        : [
            ...gapsOf(procedure, { terms: procedure.goesBack, kinds }),
            ...observerGaps(launch, procedure, procedure.goesBack),
          ],
    ),
    ...launch.rollouts.flatMap(({ wayBack }) => unnamed(launch, wayBack)),
    ...findSurfaceGaps(launch),
  ];
}

function gapsOf(
  procedure: Procedure,
  { terms, kinds }: { terms: RollbackTerms; kinds: readonly StepReader[] },
): Finding[] {
  const { id, steps } = procedure;
  const last = steps.at(-1);
  const fixed = steps.filter(({ reversible }) => !reversible);
  return [
    ...(last !== undefined && isLook(last, kinds)
      ? []
      : [
          toFinding('rollback-unverified', last ?? procedure, {
            message: `way back ${id} ends without looking whether it worked`,
            expected: 'a last step that only looks: a check, or class=long_read',
            got: last === undefined ? 'no step' : last.id,
            hint: 'add a step of kind check that would fail before the way back',
          }),
        ]),
    ...fixed.map((step) =>
      toFinding('rollback-irreversible', step, {
        message: `step ${step.id} of way back ${id} cannot be taken back`,
        expected: 'steps that can be taken back',
        got: 'reversible=no',
        hint: 'move it out of the way back, to where people have time',
      }),
    ),
    ...limitGaps(procedure, terms),
    ...(terms.kind === 'graceful' ? trafficGaps(procedure, kinds) : []),
    ...(isCounted(procedure, terms) ? [] : [uncounted(procedure, terms)]),
  ];
}

function observerGaps(launch: Launch, procedure: Procedure, { observer }: RollbackTerms): Finding[] {
  if (observer === null) return [];
  const asked = listObservers(launch, observer).people.filter(({ may }) => may);
  if (asked.some(({ automation, key }) => !automation && key !== null)) return [];
  return [
    toFinding('rollback-unobservable', procedure, {
      message: `nobody can attest a drill of way back ${procedure.id}`,
      expected: `somebody of ${observer} who is human and has a key`,
      got:
        asked.map(({ id, automation }) => `${id} ${automation ? '(automation)' : '(no key)'}`).join(', ') || 'nobody',
      hint: 'declare a key under people, or name another role',
    }),
  ];
}

function isCounted({ steps }: Procedure, { kind, ledger }: RollbackTerms): boolean {
  if (ledger === null) return kind !== 'recovery';
  return isCounting(steps.find(({ id }) => id === ledger)?.action ?? null);
}

function uncounted(procedure: Procedure, { ledger }: RollbackTerms): Finding {
  return toFinding('rollback-uncounted', procedure, {
    message: `way back ${procedure.id} counts nothing before and after`,
    expected: 'ledger: with a step of kind check that asks sql or prometheus for a number',
    got: ledger ?? 'none',
    hint: 'name the step of kind check that shows how much there is; what only succeeds says the same whatever was lost',
  });
}

function limitGaps(procedure: Procedure, { withinMs }: RollbackTerms): Finding[] {
  const limits = procedure.steps.map(({ rules }) => rules.limitMs ?? 0).reduce((sum, ms) => sum + ms, 0);
  if (limits <= withinMs) return [];
  return [
    toFinding('rollback-too-long', procedure, {
      message: `the steps of way back ${procedure.id} may take longer than it`,
      expected: `at most ${withinMs / 1_000} s in all`,
      got: `${limits / 1_000} s`,
      hint: 'lower timeout= of its steps, or say a longer within:',
    }),
  ];
}

function isLook({ human, action, rules }: Step, kinds: readonly StepReader[]): boolean {
  if (human || action === null) return false;
  if (rules.actionClass !== null) return !actionClasses[rules.actionClass].writes;
  const work = findStepWork(kinds, action);
  return typeof work !== 'string' && !actionClasses[work.kind.actionClass(work.spec)].writes;
}

/** Weights that fall, the last of them 0. */
function trafficGaps(procedure: Procedure, kinds: readonly StepReader[]): Finding[] {
  const weights = procedure.steps.flatMap(({ action }) => {
    const work = action === null ? 'none' : findStepWork(kinds, action);
    if (typeof work === 'string' || work.kind.kind !== 'rollout' || work.spec['do'] !== 'take-back') return [];
    return [Number(work.spec['to'] ?? 0)];
  });
  const falls = weights.every((weight, place) => place === 0 || weight < weights[place - 1]!);
  if (weights.length > 1 && falls && weights.at(-1) === 0) return [];
  return [
    toFinding('rollback-keeps-traffic', procedure, {
      message: `graceful way back ${procedure.id} does not lower traffic step by step to 0 %`,
      expected: 'steps of kind rollout with do: take-back and to: 50, 25, 0',
      got: weights.length === 0 ? 'none' : weights.join(', '),
      hint: 'write a step for each weight; one alone is an immediate way back',
    }),
  ];
}

function unnamed({ procedures }: Launch, wayBack: string | null): Finding[] {
  const found = procedures.find(({ id }) => id === wayBack);
  if (found === undefined || found.goesBack !== undefined) return [];
  return [
    toFinding('rollback-without-kind', found, {
      message: `${found.id} is the way back of a rollout, and does not say of which kind`,
      expected: 'a yaml rollback under its heading',
      got: 'none',
      hint: 'write kind: immediate, graceful or recovery in it',
    }),
  ];
}

const proofs: readonly string[] = ['drill', 'rehearsal'];

function findSurfaceGaps(launch: Launch): Finding[] {
  const criteria = listCriteria(launch);
  return launch.scope
    .filter(({ highRisk }) => highRisk)
    .flatMap((item) => {
      const kind = criteria.find(({ id }) => id === item.undoCriterion)?.check?.kind ?? null;
      if (kind !== null && proofs.includes(kind)) return [];
      return [
        toFinding('surface-without-drill', item, {
          message: `surface ${item.id} is of high risk, and no drill proves its undo or kill switch`,
          expected: 'an undo criterion with a check of kind drill or rehearsal',
          got:
            item.undoCriterion === null
              ? 'none'
              : kind === null
                ? 'a criterion without a check'
                : `a check of kind ${kind}`,
          hint: 'declare the kill switch with yaml rollback, drill it, and name the criterion that counts the drill',
        }),
      ];
    });
}

type Told = Pick<Finding, 'message' | 'expected' | 'got' | 'hint'>;

function toFinding(code: string, { at: { file, line, column } }: Pick<Step, 'at'>, told: Told): Finding {
  const severity = rollbackRules.find((rule) => rule.code === code)?.severity ?? 'blocking';
  return { code, severity, ...told, file, line, column, related: [] };
}
