/** Exit codes of the command line: 0 done or GO, 1 unexpected, 2 usage, 3 document invalid, 4 NO-GO, 5 held for a person, 6 refused by policy, 130 interrupted. */
export const errorCodes = {
  usage: { exit: 2, retry: 'no' },
  interrupted: { exit: 130, retry: 'later' },
  internal: { exit: 1, retry: 'no' },
  launch_invalid: { exit: 3, retry: 'no' },
  launch_missing: { exit: 3, retry: 'no' },
  document_unreadable: { exit: 3, retry: 'no' },
  gate_unknown: { exit: 2, retry: 'no' },
  criterion_unknown: { exit: 2, retry: 'no' },
  candidate_unknown: { exit: 3, retry: 'no' },
  person_unknown: { exit: 6, retry: 'no' },
  role_missing: { exit: 6, retry: 'no' },
  signature_invalid: { exit: 6, retry: 'no' },
  key_unreadable: { exit: 2, retry: 'no' },
  evidence_unknown: { exit: 2, retry: 'no' },
  log_broken: { exit: 1, retry: 'no' },
  bundle_invalid: { exit: 4, retry: 'no' },
  bundle_unreadable: { exit: 2, retry: 'no' },
  store_unavailable: { exit: 1, retry: 'later' },
  store_in_use: { exit: 1, retry: 'later' },
  store_damaged: { exit: 1, retry: 'no' },
  store_version: { exit: 1, retry: 'no' },
  disk_full: { exit: 1, retry: 'later' },
  output_exists: { exit: 2, retry: 'no' },
  platform_unsupported: { exit: 1, retry: 'no' },
} as const satisfies Record<string, { exit: number; retry: 'no' | 'later' }>;

export type ErrorCode = keyof typeof errorCodes;
