import type { Rule } from '../rule.ts';
import { choiceRules } from './choice-rules.ts';
import { clockRules } from './clock-rules.ts';
import { commandRules } from './command-rules.ts';
import { copyRules } from './copy-rules.ts';
import { countRules } from './count-rules.ts';
import { dangerRules } from './danger-rules.ts';
import { decisionRules } from './decision-rules.ts';
import { dependencyRules } from './dependency-rules.ts';
import { inputRules } from './input-rules.ts';
import { linkRules } from './link-rules.ts';
import { measureRules } from './measure-rules.ts';
import { nameRules } from './name-rules.ts';
import { omissionRules } from './omission-rules.ts';
import { orderRules } from './order-rules.ts';
import { ownerRules } from './owner-rules.ts';
import { phraseRules } from './phrase-rules.ts';
import { placeholderRules } from './placeholder-rules.ts';
import { scopeRules } from './scope-rules.ts';
import { structureRules } from './structure-rules.ts';
import { sumRules } from './sum-rules.ts';
import { tableRules } from './table-rules.ts';
import { thresholdRules } from './threshold-rules.ts';
import { tickRules } from './tick-rules.ts';
import { undoRules } from './undo-rules.ts';
import { versionRules } from './version-rules.ts';

/** All rules, in the order of the reference page. */
export const rules: readonly Rule[] = [
  ...decisionRules,
  ...tickRules,
  ...countRules,
  ...sumRules,
  ...measureRules,
  ...dependencyRules,
  ...scopeRules,
  ...clockRules,
  ...orderRules,
  ...omissionRules,
  ...ownerRules,
  ...dangerRules,
  ...undoRules,
  ...commandRules,
  ...linkRules,
  ...placeholderRules,
  ...thresholdRules,
  ...inputRules,
  ...nameRules,
  ...structureRules,
  ...versionRules,
  ...copyRules,
  ...tableRules,
  ...choiceRules,
  ...phraseRules,
];
