import type { JsonObject } from '@tminus/verify';

import type { CheckKind, Expectation } from '../../core/check/check.ts';
import { judge } from '../../core/check/judge.ts';
import { readSources } from '../../core/check/read-sources.ts';
import { namesHost } from '../../core/procedure/rehearsal-faults.ts';
import type { StepContext } from '../../core/step/step-kind.ts';
import { fillExpectations, judgeFilled } from './expectations.ts';
import { openTemplates } from './open-templates.ts';
import type { WrittenCheckSpec } from './written-check.ts';

/** What one look gave: whether all of it holds, or why that is not known. `stopped` is a look that was cut short. */
export type Look = { state: 'seen'; outcome: 'pass' | 'fail' | 'unknown'; seen: string } | { state: 'stopped' };

/**
 * Observes a check once and judges it. It passes only where it could have failed: where the same expectations hold of a broken target, too, nothing
 * was seen. A kind that breaks is unknown, never a pass.
 */
export async function observeAndJudge(kind: CheckKind, check: WrittenCheckSpec, context: StepContext): Promise<Look> {
  const { kind: _, expect, ...own } = check;
  const opened = await openTemplates(own, context);
  if (!opened.ok) return { state: 'seen', outcome: 'unknown', seen: opened.end.detail };
  const filled = fillExpectations(expect, context);
  if (!filled.ok) return { state: 'seen', outcome: 'unknown', seen: filled.missing };
  const { spec } = opened;
  const forbidden = findForbidden(spec, context.forbidden);
  if (forbidden !== null)
    return { state: 'seen', outcome: 'unknown', seen: `${forbidden} is production, which must not be touched` };
  const { signal, workspace, allow, data } = context;
  const now = (): number => context.now();
  const given = { signal, workspace, allow, now, ...(data && { data }) };
  const observation = await kind.observe(spec, given).catch((error: unknown) => ({
    sources: [],
    trouble: { code: 'observe_failed', message: error instanceof Error ? error.message : String(error) },
  }));
  if (signal.aborted) return { state: 'stopped' };
  if (observation.trouble !== null) {
    const { code, message } = observation.trouble;
    return { state: 'seen', outcome: 'unknown', seen: `${code}: ${message}` };
  }
  const judged = judgeFilled(filled.expectations, readSources(kind, spec, observation.sources));
  if (judged.outcome !== 'pass' || couldFail(kind, spec, filled.expectations)) return { state: 'seen', ...judged };
  return { state: 'seen', outcome: 'unknown', seen: 'the expectations hold of a broken target, too: they cannot fail' };
}

function couldFail(kind: CheckKind, spec: JsonObject, expectations: readonly Expectation[]): boolean {
  return judge(expectations, readSources(kind, spec, kind.negativeControl(spec))).outcome === 'fail';
}

/**
 * The host of production that a spec names, or null; to be asked before a check is: its kind knows of allowed hosts only. Where the port stands apart
 * from the host, or nowhere, it may be the forbidden one.
 */
export function findForbidden(spec: JsonObject, forbidden: readonly string[]): string | null {
  const text = JSON.stringify(spec);
  return forbidden.find((host) => namesHost(text, host)) ?? null;
}
