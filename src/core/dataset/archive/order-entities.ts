interface Related {
  name: string;
  relations: readonly { to: string }[];
}

/** Returns entities with parents before their children, else by name: the order in which they are written, read and restored. Circles stay as they come. */
export function orderEntities<Entity extends Related>(entities: readonly Entity[]): Entity[] {
  const left = new Map(entities.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((entity) => [entity.name, entity]));
  const ordered: Entity[] = [];
  while (left.size > 0) {
    const isFree = ({ name, relations }: Entity): boolean => relations.every(({ to }) => to === name || !left.has(to));
    const next = [...left.values()].find(isFree) ?? [...left.values()][0]!;
    ordered.push(next);
    left.delete(next.name);
  }
  return ordered;
}
