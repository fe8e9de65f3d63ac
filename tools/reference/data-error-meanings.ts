/** The same for datasets: comparing, importing and mending them. */
export const dataErrorMeanings = {
  dataset_unknown: {
    meaning: 'The launch declares no dataset of that name, or one that has no target.',
    next: 'Name a dataset with source and target, as a `yaml dataset` fence declares it.',
  },
  import_unknown: {
    meaning: 'No import of the dataset was planned in this environment, or there is none with that id.',
    next: 'Run `tminus import plan`, or look at `tminus import status`.',
  },
  import_refused: {
    meaning:
      'An import may not go on: what it was approved for has changed, a proof is missing, or it stands in another state.',
    next: 'Read the reasons; plan it again where source, target or document have changed.',
  },
  import_running: {
    meaning: 'Another process imports this dataset. Nothing was written.',
    next: 'Wait for it, or stop it; what it has finished stays.',
  },
  ledger_damaged: {
    meaning: 'The ledger that imports keep beside the data of the target is not as they wrote it. Nothing was written.',
    next: 'Bring its tables back from a backup of the target.',
  },
  fix_unknown: {
    meaning: 'No fix of that id was planned in this launch and environment.',
    next: 'Look at the list of fixes of the dataset.',
  },
  fix_refused: {
    meaning: 'The fix may not do that now: the message says what it lacks or where it stands.',
    next: 'Mend what the message names; plan it again where the data has changed.',
  },
  datastore_unavailable: {
    meaning: 'A database or file of a dataset cannot be opened, read or written.',
    next: 'Look at what the message names, and run the same command again: it goes on where it stopped.',
  },
} as const;
