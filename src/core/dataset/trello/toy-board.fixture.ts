import type { JsonObject } from '@tminus/verify';

const card = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  name: `Card ${id}`,
  desc: '',
  closed: false,
  isTemplate: false,
  idList: 'l1',
  idLabels: [],
  idMembers: [],
  due: null,
  dateLastActivity: '2024-04-02T10:00:00.000Z',
  shortLink: `short${id.slice(1)}`,
  url: `https://trello.com/c/canary-${id}`,
  attachments: [],
  customFieldItems: [],
  ...more,
});

/** A board with one trap of each kind. What must not leave it says canary. */
export const toyBoard: JsonObject = {
  id: 'b1',
  name: 'Events',
  desc: '',
  closed: false,
  idOrganization: 'canary-organization',
  shortUrl: 'https://trello.com/b/canary',
  prefs: { invitations: 'canary' },
  lists: [
    { id: 'l1', name: 'Preparation', closed: false },
    { id: 'l2', name: 'Ideas', closed: false },
    { id: 'l3', name: 'Announced', closed: true },
  ],
  labels: [{ id: 'g1', name: 'Meetup', color: 'green' }],
  members: [
    {
      id: 'member-01',
      fullName: 'Ada Lovelace',
      username: 'ada_canary',
      avatarUrl: 'https://example.org/canary.png',
      email: 'canary@example.org',
    },
    { id: 'member-02', fullName: 'Grace', username: 'grace_canary' },
  ],
  customFields: [{ id: 'f1', name: 'Budget', type: 'number', fieldGroup: 'canary' }],
  cards: [
    card('c1', {
      due: '2024-05-01T18:00:00.000Z',
      email: 'canary+card@boards.trello.com',
      desc: 'Ask Ada, or write to canary@example.org. Login: hunter2-canary. See https://trello.com/c/short2/x',
      idLabels: ['g1'],
      idMembers: ['member-01', 'member-02'],
      attachments: [
        {
          id: 'a1',
          name: 'Runbook of the process',
          url: 'https://trello.com/1/cards/c1/attachments/a1/download/canary.pdf',
          previews: [{ url: 'https://canary' }],
        },
        { id: 'a2', name: 'Signed', url: 'https://files.example.org/x?X-Amz-Signature=canary' },
        { id: 'a3', name: 'Wiki', url: 'http://wiki.internal/canary' },
        { id: 'a4', name: 'Broken', url: 'canary' },
      ],
      customFieldItems: [{ id: 'v1', idCustomField: 'f1', value: { number: '12.50' } }],
    }),
    card('c2', { name: 'Talk on 03/04/2024' }),
    card('c3', { isTemplate: true }),
    card('c4', { closed: true }),
    card('c5', { idList: 'l2' }),
    card('c6', { idList: 'l3' }),
    card('c7', { idList: 'gone' }),
    card('c2', { name: 'Twice' }),
  ],
  checklists: [
    {
      id: 'k1',
      idCard: 'c1',
      name: 'To do',
      checkItems: [
        { id: 'i1', name: 'Book the room', state: 'incomplete', idMember: 'member-01' },
        { id: 'i2', name: 'Waiting for the speaker', state: 'incomplete' },
        { id: 'i3', name: 'Proof: screenshot of the page', state: 'incomplete' },
        { id: 'i4', name: 'Add proof', state: 'complete' },
        { id: 'i5', name: 'Follow up with sponsors', state: 'incomplete' },
      ],
    },
    { id: 'k2', idCard: 'c4', name: 'Old', checkItems: [{ id: 'i6', name: 'x', state: 'complete' }] },
  ],
  actions: [
    {
      id: 'm1',
      type: 'commentCard',
      date: '2024-04-01T10:00:00.000Z',
      idMemberCreator: 'member-01',
      memberCreator: { fullName: 'canary' },
      data: { text: 'Lovelace says yes, @ada_canary too', card: { id: 'c1' } },
    },
    {
      id: 'm2',
      type: 'commentCard',
      date: '2024-04-01T10:00:00.000Z',
      idMemberCreator: 'member-02',
      data: { text: 'x', card: { id: 'deleted' } },
    },
    { id: 'm3', type: 'updateCard', data: { old: { name: 'canary' } } },
  ],
};
