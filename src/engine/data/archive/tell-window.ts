import type { ArchiveWindow } from '../../../core/dataset/archive/manifest.ts';

/** Returns in words which records a partial archive holds, and how many may be missing. */
export function tellWindow({ since, until, because, entities }: ArchiveWindow): string {
  const undated = Object.entries(entities).flatMap(([entity, { by, undated: count }]) =>
    count > 0 ? [`${count} of ${entity} without a ${by}, which are not in it`] : [],
  );
  const end = until === null ? '' : ` until ${until}`;
  return [`since ${since}${end} (${because})`, ...undated].join('; ');
}
