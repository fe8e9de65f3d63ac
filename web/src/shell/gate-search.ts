/** What an address of a launch or gate says beside its path. */
export interface GateSearch {
  /** Environment that is looked at; the launch's own where it says none. */
  environment?: string;
  /** Criterion that is shown open. */
  criterion?: string;
}

/** The same of an address that anybody may have written. */
export function toGateSearch({ environment, criterion }: Record<string, unknown>): GateSearch {
  return {
    ...(typeof environment === 'string' && environment !== '' ? { environment } : {}),
    ...(typeof criterion === 'string' && criterion !== '' ? { criterion } : {}),
  };
}
