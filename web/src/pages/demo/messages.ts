/** Texts of this page. */
export const messages = {
  title: 'From NO-GO to the way back',
  lead: 'A launch that looks done. Two real shops run beside this page, with 200 orders to move. You can be any of its people.',
  story: 'The story',
  people: 'Who you are',
  you: 'you',
  nobody: 'Nobody yet. Take a step of the story, or choose somebody.',
  be: 'Be {name}',
  roles: '{roles}',
  shop: 'What was done to the shop',
  as: 'as {name}',
  notDemo: 'This server is not a demo',
  notDemoHint: 'Start one with "tminus demo".',
  failed: 'exit {exit, number}',
  fixing: 'The team is at work',
  trial: {
    title: 'Try it with the orders',
    import:
      'Import them into staging: every record of the legacy shop is written or left out for a reason that is counted.',
    doImport: 'Go to the import',
    spoil:
      'Once the shop is mended, write the name of one customer in the wrong character set. Counts, sums and smoke tests stay green; compared record by record, the order and the cause are named, fixed once somebody else has approved it, and the fix is undone. Checked again, the gate says NO-GO.',
    doSpoil: 'Spoil an order',
    doCompare: 'Go to the comparison',
  },
  step: {
    look: {
      title: 'Somebody says that all is done. Look.',
      text: 'The migration ended with exit 0, the smoke report says that all is well. What do the checks see?',
      do: 'Run the checks',
    },
    decide: {
      title: 'Can we go?',
      text: 'The decision says why not, down to the bytes, and the shortest way to GO.',
      do: 'Read the decision',
    },
    fix: {
      title: 'The team mends what the decision names',
      text: 'It deploys the candidate, moves the orders again, tests again, backs up, and really restores an export.',
      do: 'Mend it',
    },
    check: {
      title: 'Look again',
      text: 'Only what is due is asked again; what was seen before stays in the log.',
      do: 'Run the checks',
    },
    rehearse: {
      title: 'Nobody has gone the way back yet',
      text: 'Drill it in staging, where it harms nobody: forward, back, and with faults planted. Of this candidate, and of today.',
      do: 'Go to the rehearsals',
    },
    word: {
      title: 'A person says what no machine can see',
      text: 'Carol has done a day of work in the new shop, and signs it.',
      do: 'Sign as Carol',
    },
    vote: {
      title: 'Two people vote on exactly what is shown',
      text: 'Alice as lead, Carol as operator. Change one byte, and their votes are void.',
      do: 'Go to the poll',
    },
    order: {
      title: 'GO. Dave asks for the run',
      text: 'The dry run lists every effect. Whoever asks does not approve.',
      do: 'Order the run',
    },
    run: {
      title: 'Machines and people take their turns',
      text: 'Alice and Bob approve; then the count begins. What waits says for whom, until when, and what happens then. At T-0 the first customers go over.',
      do: 'Open the run',
    },
    mend: {
      title: 'The new shop fails its first customers',
      text: 'No test saw it. One customer in twenty did, and all of them are back at the legacy shop before anybody was asked. Take the rest of the run back; then let the team mend it. That is another candidate: nothing is proven for it yet.',
      do: 'Mend the new shop',
    },
    shift: {
      title: 'All customers go over, phase by phase',
      text: '5, 25, 50, 100 in a hundred: each phase as soon as the requests of its customers prove the new shop good.',
      do: 'Watch the customers go over',
    },
    back: {
      title: 'Something is wrong. Back.',
      text: 'Before the first customer has ordered, everything can be taken back: newest first, machines and people.',
      do: 'Open the run',
    },
  },
} as const;
