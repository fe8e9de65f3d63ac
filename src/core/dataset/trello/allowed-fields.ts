/** Fields of an export that may be kept, by what they belong to. Everything else is dropped and counted: an export gains fields whenever its maker likes. */
export const allowedFields: { readonly [entity: string]: readonly string[] } = {
  board: ['id', 'name', 'desc', 'closed', 'dateLastActivity'],
  list: ['id', 'name', 'closed', 'pos'],
  card: [
    'id',
    'name',
    'desc',
    'closed',
    'isTemplate',
    'idList',
    'idLabels',
    'idMembers',
    'due',
    'dueComplete',
    'start',
    'pos',
    'dateLastActivity',
  ],
  checklist: ['id', 'idCard', 'name', 'pos'],
  checkItem: ['id', 'idCard', 'idChecklist', 'name', 'state', 'pos', 'due', 'idMember'],
  label: ['id', 'name', 'color'],
  member: ['id'],
  comment: ['id', 'date', 'idMemberCreator', 'text', 'idCard'],
  attachment: ['id', 'name', 'url', 'date', 'bytes', 'mimeType', 'idMember', 'idCard'],
  customField: ['id', 'name', 'type'],
  customFieldItem: ['id', 'idCustomField', 'idCard', 'value'],
};

/** Fields with words that people wrote: looked through for secrets, names and links. */
export const textFields: ReadonlySet<string> = new Set(['name', 'desc', 'text', 'value']);

/** Fields that name a person, by an id. */
export const personFields: ReadonlySet<string> = new Set(['idMember', 'idMemberCreator', 'idMembers']);
