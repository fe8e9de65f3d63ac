/** The same for rollouts. */
export const rolloutErrorMeanings = {
  rollout_unknown: {
    meaning: 'The launch declares no rollout of that name, or none of that id was started.',
    next: 'Name one as a `yaml rollout` fence declares it, or look at `tminus rollout status`.',
  },
  rollout_refused: {
    meaning: 'A rollout may not begin or do that now; the message has every reason.',
    next: 'Mend what is named; `tminus rollout plan` says what stands against it, and moves nothing.',
  },
};
