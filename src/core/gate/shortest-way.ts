import type { Action } from './decision.ts';
import type { Requirement } from './requirement.ts';

export function shortestWay(_requirement: Requirement): Action[] | null {
  return null;
}
