/** The ten criteria that a readiness review asks for where a team has none of its own (O18). Names only: each needs its own check. */
export const defaultCriteria: readonly { id: string; title: string }[] = [
  { id: 'functionality', title: 'It does what the launch promises' },
  { id: 'testing', title: 'Tests of every level pass on the candidate' },
  { id: 'performance', title: 'It is fast enough under the expected load' },
  { id: 'reliability', title: 'It survives the faults that will come' },
  { id: 'scalability', title: 'It grows with the load that is planned' },
  { id: 'observability', title: 'Operators see what it does, and are told when it fails' },
  { id: 'security', title: 'Access, secrets and dependencies are in order' },
  { id: 'documentation', title: 'Users and operators find what they need' },
  { id: 'infrastructure', title: 'The environment is the declared one' },
  { id: 'operations', title: 'People, runbook and undo are ready' },
];
