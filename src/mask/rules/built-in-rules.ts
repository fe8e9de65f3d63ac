import { cloudContexts, cloudShapes } from './cloud-shapes.ts';
import { codeContexts, codeShapes } from './code-shapes.ts';
import type { MaskRule } from './mask-rule.ts';
import { serviceContexts, serviceShapes } from './service-shapes.ts';
import { toContextRule, toTokenRule } from './token-shape.ts';
import { writtenRules } from './written-rules.ts';

/** Every shape with the id of its rule. */
export const tokenShapes: readonly (readonly [string, string])[] = [cloudShapes, codeShapes, serviceShapes].flatMap(
  (family) => Object.entries(family).flatMap(([id, shapes]) => shapes.map((shape) => [id, shape] as const)),
);

/** Every vendor whose keys only their context gives away, with the shape of the value. */
export const contextShapes: readonly (readonly [string, string])[] = [
  ...cloudContexts,
  ...codeContexts,
  ...serviceContexts,
];

/** The rules for secrets that nobody handed out: tokens by shape first, since they name what they mask, then names, headers and URLs. */
export const builtInRules: readonly MaskRule[] = [
  ...tokenShapes.map(([id, shape]) => toTokenRule(id, shape)),
  ...contextShapes.map(([vendor, shape]) => toContextRule(vendor, shape)),
  ...writtenRules,
];
