/** Why a forecast has no figures. Codes are compared, texts are read. */
export interface ForecastGap {
  code: 'never_measured' | 'longer_than_ever' | 'stands_still' | 'held' | 'no_t0' | 'ended' | 'nothing_ahead';
  /** Null where it is about the whole run. */
  step: string | null;
  text: string;
}

/** The gap of a step whose length nobody measured. */
export function neverMeasured(step: string): ForecastGap {
  return { code: 'never_measured', step, text: `${step} was never measured` };
}
