/** Why a deploy may go on without a budget (T27). */
export const overrideReasons = [
  'security_vulnerability',
  'data_loss_prevention',
  'gdpr_compliance_fix',
  'production_outage_fix',
] as const;

/**
 * Returns what is missing in the reason of a waiver that sets an error budget aside, or null. It names one of the four reasons, the incident and the
 * post-mortem: `production_outage_fix: incident INC-12, post-mortem https://wiki.example/pm-12`. The signature of the waiver is that of the approver.
 */
export function overrideFault(reason: string): string | null {
  const named = overrideReasons.find((word) => reason.startsWith(`${word}:`));
  if (named === undefined)
    return `an error budget is set aside for ${overrideReasons.join(', ')} only, named before a colon`;
  const said = reason.slice(named.length + 1);
  if (!/\bincident:?\s+[\w#][\w#/:.-]*/i.test(said)) return 'it names no incident';
  return /\bpost-?mortem:?\s+[\w#][\w#/:.-]*/i.test(said) ? null : 'it names no post-mortem';
}
