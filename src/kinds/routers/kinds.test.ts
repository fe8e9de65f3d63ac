import { describe, expect, it } from 'vitest';

import { routerKindNames } from '../../core/rollout/kind-names.ts';
import { findRouterKind, routerKinds } from './kinds.ts';

describe('kinds of routers', () => {
  it('T7 are those that documents can name, each with options that say what they are for', () => {
    expect(routerKinds.map(({ kind }) => kind)).toEqual([...routerKindNames]);
    expect(findRouterKind('haproxy')?.kind).toBe('haproxy');
    expect(findRouterKind('no-such-router')).toBeNull();
    for (const { jsonSchema } of routerKinds)
      for (const option of Object.values(jsonSchema['properties'] as { [name: string]: { description?: string } }))
        expect(JSON.stringify(option)).toMatch(/"description":/);
  });
});
