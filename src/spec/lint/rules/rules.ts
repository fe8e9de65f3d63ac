import type { Rule } from '../rule.ts';
import { commandRules } from './command-rules.ts';
import { countRules } from './count-rules.ts';
import { decisionRules } from './decision-rules.ts';
import { dependencyRules } from './dependency-rules.ts';
import { linkRules } from './link-rules.ts';
import { measureRules } from './measure-rules.ts';
import { omissionRules } from './omission-rules.ts';
import { orderRules } from './order-rules.ts';
import { placeholderRules } from './placeholder-rules.ts';
import { structureRules } from './structure-rules.ts';
import { textRules } from './text-rules.ts';
import { tickRules } from './tick-rules.ts';
import { valueRules } from './value-rules.ts';
import { versionRules } from './version-rules.ts';

/** All rules, in the order of the reference page. */
export const rules: readonly Rule[] = [
  ...decisionRules,
  ...tickRules,
  ...countRules,
  ...measureRules,
  ...dependencyRules,
  ...orderRules,
  ...omissionRules,
  ...commandRules,
  ...linkRules,
  ...placeholderRules,
  ...valueRules,
  ...structureRules,
  ...versionRules,
  ...textRules,
];
