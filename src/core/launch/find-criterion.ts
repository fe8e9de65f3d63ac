import { ProductError } from '../error/product-error.ts';
import type { Criterion, Launch } from './launch.ts';

/** Every criterion of a launch, groups and their parts, in document order. */
export function listCriteria({ gates }: Pick<Launch, 'gates'>): Criterion[] {
  const visit = (criterion: Criterion): Criterion[] => [criterion, ...criterion.children.flatMap(visit)];
  return gates.flatMap(({ criteria }) => criteria.flatMap(visit));
}

/** The criterion of that id; throws `criterion_unknown` with the ones there are. */
export function findCriterion(launch: Pick<Launch, 'gates'>, id: string): Criterion {
  const all = listCriteria(launch);
  const found = all.find((criterion) => criterion.id === id);
  if (found) return found;
  const known = all.map((criterion) => criterion.id).join(', ') || 'none';
  throw new ProductError('criterion_unknown', `criterion ${id}: expected one of ${known}`, {
    hint: 'name a criterion by the id that the document gives it',
  });
}
