/** Texts about what tells a person, and how. */
export const noticeMessages = {
  notices: {
    title: 'What tells you',
    intro:
      'Everything is on Home. What you tick here also comes by mail, once each. Putting a notice away changes nothing about what it is about.',
    to: 'Mail goes to',
    noAddress: 'nowhere: no account with an address stands for you',
    from: 'It comes from',
    asleep: 'No worker sends mail at the moment',
    asleepText: 'Your choice is kept. Mail goes out as soon as a worker runs with TMINUS_SMTP and TMINUS_MAIL_FROM.',
    kind: {
      'task-due': 'Something of yours is due',
      'task-overdue': 'Something of yours is overdue',
      'follow-up-due': 'Something that you wait for is late',
      'missing-evidence': 'Your word or proof is missing',
      'recurring-due': 'Something that recurs is due or was missed',
      'stage-change': 'A run began, ended or passed the point of no return',
      'automation-failure': 'Something failed or needs a decision',
    },
    save: 'Save',
    saved: 'Saved.',
    unsaved: 'changed, not saved',
    test: 'Send a test message',
    testing: 'The test message is on its way; see below.',
    recent: 'Sent lately',
    none: 'Nothing was mailed to you yet',
    noneHint: 'What is sent, held back or refused is listed here.',
    state: { waiting: 'on its way', sent: 'sent', quiet: 'held back', failed: 'failed' },
  },
} as const;
