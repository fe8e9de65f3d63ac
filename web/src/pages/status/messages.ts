/** Texts of this page. */
export const messages = {
  title: 'Status',
  level: {
    operational: 'Everything works',
    degraded: 'Works, with less than usual',
    partial: 'A part does not work',
    major: 'Does not work',
    unknown: 'Nobody can tell',
  },
  partLevel: {
    operational: 'works',
    degraded: 'works, with less than usual',
    partial: 'does not work',
    major: 'does not work',
    unknown: 'unknown',
  },
  part: { database: 'Database', engine: 'Runs', queue: 'Queue', workers: 'Workers', metrics: 'Measurements' },
  at: 'Looked at',
  details: 'Why, for those who are signed in',
  signIn: 'Sign in',
} as const;
