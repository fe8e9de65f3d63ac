/** What came of the mail to one address, by its hash. */
export interface NoticedAddress {
  hash: string;
  state: 'claimed' | 'sent' | 'refused';
  settledAt: string | null;
}

/** Whether everybody of a deletion was told in time, and how many were not. */
export interface NoticeProof {
  /** True only where there is somebody, and everybody was told long enough ago. */
  proven: boolean;
  reason: string;
  asked: number;
  noticed: number;
  /** Told, but too recently. */
  early: number;
  /** Never told, refused by the server, or not known. */
  without: number;
}

/**
 * Says whether a late deletion may begin: every address that it is about was sent the notice, and `noticeMs` have passed since. What was refused, what nobody knows,
 * a notice from the future and a deletion of nobody prove nothing.
 */
export function proveNotice(
  hashes: readonly string[],
  deliveries: readonly NoticedAddress[],
  { nowMs, noticeMs }: { nowMs: number; noticeMs: number },
): NoticeProof {
  const sent = new Map(deliveries.filter(({ state }) => state === 'sent').map((one) => [one.hash, one.settledAt]));
  const wanted = [...new Set(hashes)];
  const ages = wanted.map((hash) => nowMs - Date.parse(sent.get(hash) ?? ''));
  const noticed = ages.filter((age) => age >= noticeMs).length;
  const without = ages.filter((age) => Number.isNaN(age)).length;
  const counts = { asked: wanted.length, noticed, without, early: wanted.length - noticed - without };
  if (wanted.length === 0) return { proven: false, reason: 'nobody was named, so that nothing is proven', ...counts };
  if (noticed < wanted.length)
    return {
      proven: false,
      reason: `${wanted.length - noticed} of ${wanted.length} addresses have no notice that is old enough`,
      ...counts,
    };
  return { proven: true, reason: `all ${wanted.length} addresses were told in time`, ...counts };
}
