/** Whether an event is of one of these types or families: `step` covers `step.failed`. Null covers every type. */
export function coversType(types: readonly string[] | null, type: string): boolean {
  return types === null || types.some((each) => type === each || type.startsWith(`${each}.`));
}

/** What a webhook wants to be sent. */
export interface WebhookFilter {
  /** Null for all. */
  launches: readonly string[] | null;
  types: readonly string[] | null;
}

/** Whether an event goes to a webhook. Events of the system belong to no launch: they go where all launches go. */
export function coversEvent(
  { launches, types }: WebhookFilter,
  { launch, type }: { launch: string | null; type: string },
): boolean {
  if (launches !== null && (launch === null || !launches.includes(launch))) return false;
  return coversType(types, type);
}
