import { judge } from '../../core/check/judge.ts';
import { readSources } from '../../core/check/read-sources.ts';
import { resolveTemplates } from '../../core/check/resolve-templates.ts';
import { toTemplateValues } from '../../core/check/template-values.ts';
import type { CheckKind } from '../../core/check/check.ts';
import type { QuoteDeclaration } from '../../core/launch/launch.ts';
import type { Store } from '../../store/open-store.ts';
import { readClock } from '../../store/store-clock.ts';
import { observeWithData } from '../observe-with-data.ts';
import type { Scene } from '../scene.ts';

/** Whether a point of no return is behind, as the data itself says it now (C16). */
export interface SeenPoint {
  text: string;
  /** `unasked`: no count of records is declared, so that only what runs saw is known. */
  state: 'ahead' | 'crossed' | 'unknown' | 'unasked';
  /** What was counted, or why it could not be. */
  detail: string;
  /** RFC 3339; null where it was not asked. */
  at: string | null;
}

const limitMs = 10_000;
const kept = new Map<string, { atMs: number; seen: Promise<SeenPoint[]> }>();

/**
 * Asks the databases whether the points of no return of a launch are behind. Only what is declared as `sql` is asked: no program is run because somebody looks at a page.
 * What could not be counted is unknown. What was counted less than `keptMs` ago is not counted again.
 */
export async function seeReturnPoints(
  store: Store,
  scene: Scene,
  { kinds, keptMs }: { kinds: readonly CheckKind[]; keptMs: number },
): Promise<SeenPoint[]> {
  const now = await readClock(store);
  const key = `${store.dataDirectory} ${scene.planHash} ${scene.environment.id}`;
  const known = kept.get(key);
  if (known !== undefined && now() - known.atMs < keptMs) return known.seen;
  for (const [old, { atMs }] of kept) if (now() - atMs >= keptMs) kept.delete(old);
  const points = scene.launch.pointsOfNoReturn;
  const seen = Promise.all(points.map((point, index) => seePoint(point, { store, scene, kinds, index, now })));
  kept.set(key, { atMs: now(), seen });
  return seen;
}

interface Looking {
  store: Store;
  scene: Scene;
  kinds: readonly CheckKind[];
  index: number;
  now: () => number;
}

async function seePoint(
  { text, detect }: QuoteDeclaration,
  { store, scene, kinds, index, now }: Looking,
): Promise<SeenPoint> {
  const kind = detect === null ? undefined : kinds.find((one) => one.kind === detect.kind);
  if (detect === null || kind === undefined || detect.kind !== 'sql')
    return { text, state: 'unasked', detail: 'no sql counts it', at: null };
  const at = new Date(now()).toISOString();
  const asked = resolveTemplates(detect, toTemplateValues(scene));
  if (!asked.ok) return { text, state: 'unknown', detail: asked.faults[0]?.got ?? '', at };
  const criterion = `return-${index + 1}`;
  const signal = AbortSignal.timeout(limitMs);
  const context = { store, scene, criterion, now, signal };
  const observation = await observeWithData(kind, asked.spec, context).catch((error: unknown) => ({
    sources: [],
    trouble: { code: 'observe_failed', message: error instanceof Error ? error.message : String(error) },
  }));
  if (observation.trouble) return { text, state: 'unknown', detail: observation.trouble.message, at };
  const { outcome, findings } = judge(asked.expectations, readSources(kind, asked.spec, observation.sources));
  const detail = findings.map(({ rule, got }) => `${rule}: got ${got}`).join('; ');
  return { text, state: ({ pass: 'crossed', fail: 'ahead', unknown: 'unknown' } as const)[outcome], detail, at };
}
