import type { StepAction } from '../../core/launch/launch.ts';
import type { Place } from '../../core/launch/place.ts';
import type { StepRules } from '../../core/launch/step-rules.ts';
import { actionClasses, isActionClass } from '../../core/procedure/action-classes.ts';
import type { Draft, Scene } from './draft.ts';
import { addProblem } from './problem.ts';
import type { ReadAction } from './read-action.ts';
import { readDuration } from './read-offset.ts';
import type { Attributes, WrittenAttribute } from './read-title.ts';
import { isId } from './slug.ts';
import { takeAttributes } from './take-attributes.ts';
import type { Taken } from './take-attributes.ts';

/** What concerns the step whoever does it: may stand in the braces of the item, or behind the language of its fence. */
export const stepWords = [
  'undo',
  'undo-after-return',
  'timeout',
  'on-timeout',
  'on-fail',
  'late',
  'recycle',
  'asset',
] as const;
/** What concerns the machine: stands behind the language of the fence. What else stands there is for the kind. */
const machineWords = ['class', 'interrupted', 'retries'] as const;
export const fenceWords: readonly string[] = [...stepWords, ...machineWords];

/** Returns the reader of what the braces and the fence of a step say about the step; one that is said in both is a problem. */
export function joinWords(
  draft: Draft,
  braces: Attributes | null,
  fence: { attributes: ReadonlyMap<string, WrittenAttribute>; at: Place } | null,
): Taken {
  const values = new Map([...(braces?.values ?? [])].filter(([key]) => (stepWords as readonly string[]).includes(key)));
  for (const [key, written] of fence?.attributes ?? []) {
    if (!fenceWords.includes(key)) continue;
    if (values.has(key))
      addProblem(draft.problems, 'attribute_duplicate', written.at, {
        message: `${key} is given twice`,
        expected: 'it in the braces or in the fence',
        got: 'both',
        hint: 'remove one of them',
      });
    values.set(key, written);
  }
  const at = braces?.at ?? fence?.at;
  return takeAttributes(draft, at === undefined ? null : { id: null, values, at }, 'a step', fenceWords);
}

const badEnds = ['fail', 'hold', 'escalate'] as const;
const ways = ['rerun', 'verify', 'ask'] as const;
const mostRetries = 20;
/** A step is a person's by what stands in its title, never by a word of its fence. */
const machineClasses = Object.keys(actionClasses).filter((name) => name !== 'human');

interface StepParts {
  owner: string;
  words: Taken;
  read: ReadAction | null;
  probe: StepAction | null;
}

/** Returns what a document says about how a step is run, every word validated. */
export function readRules({ draft }: Scene, { owner, words, read, probe }: StepParts): StepRules {
  const written = words.value('class', machineClasses.join(' | '), (word) =>
    isActionClass(word) && machineClasses.includes(word) ? word : null,
  );
  const rules: StepRules = {
    actionClass: written ?? (read === null ? null : read.reader.actionClass(read.spec)),
    limitMs: words.length('timeout'),
    retries: words.value('retries', `a whole number up to ${mostRetries}`, (text) =>
      /^\d{1,2}$/.test(text) && Number(text) <= mostRetries ? Number(text) : null,
    ),
    interrupted: words.word('interrupted', ways),
    onFail: words.word('on-fail', badEnds),
    onTimeout: words.word('on-timeout', badEnds),
    undoAfterReturn: null,
    assets: readAssets(draft, owner, words),
    askWhenLateMs: words.value('late', 'ask: and a duration, such as ask:10m', readLate),
    onRecycle: words.word('recycle', ['repeat', 'keep'] as const),
    probe,
  };
  refuseBlindRepeats(draft, { owner, words, read, rules });
  return rules;
}

function readLate(text: string): number | null {
  const written = /^ask:(.+)$/.exec(text)?.[1];
  return written === undefined ? null : readDuration(written) || null;
}

function readAssets(draft: Draft, owner: string, words: Taken): string[] {
  const assets = words.list('asset');
  for (const { value, at } of assets) {
    if (isId(value)) continue;
    addProblem(draft.problems, 'attribute_invalid', at, {
      message: `asset of ${owner} cannot be read`,
      expected: 'names of letters, digits and - _ . +, with commas between them',
      got: value || 'nothing',
      hint: 'write asset=orders or asset=orders,customers',
    });
  }
  return [...new Set(assets.map(({ value }) => value))];
}

/** A step that is begun again by itself must be safe to run twice, and one that verifies needs what it verifies by (law 6). */
function refuseBlindRepeats(
  draft: Draft,
  { owner, words, read, rules }: Omit<StepParts, 'probe'> & { rules: StepRules },
): void {
  const { interrupted, retries, probe, actionClass } = rules;
  const retry = words.text('retries');
  const writes = actionClass !== null && actionClasses[actionClass].writes;
  if (retry !== null && retries !== null && retries > 0 && (interrupted ?? (writes ? 'ask' : 'rerun')) !== 'rerun')
    addProblem(draft.problems, 'attribute_invalid', retry.at, {
      message: `${owner} may not be begun again by itself`,
      expected: 'interrupted=rerun beside retries=, on a step that is safe to run twice',
      got: `interrupted=${interrupted ?? 'ask'}`,
      hint: 'say interrupted=rerun if running it twice does no harm, else remove retries=',
    });
  const verify = words.text('interrupted');
  if (verify === null || interrupted !== 'verify' || probe !== null || read?.action.spec !== null) return;
  addProblem(draft.problems, 'attribute_invalid', verify.at, {
    message: `nothing can verify ${owner}`,
    expected: 'a probe beside interrupted=verify',
    got: 'none',
    hint: 'add a fence sh probe under the item that exits 0 where the step took effect and 1, without a word on stderr, where it did not',
  });
}
