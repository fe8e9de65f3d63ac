import type { MemberStore } from './member-store.ts';

const givenNames = ['Amal', 'Björn', 'Chloé', 'Dmitri', 'Eszter', 'Fatima', 'Goran', 'Hana', 'Iñigo', 'Jun'];
const familyNames = ['Okoye', 'Lindqvist', 'Marchand', 'Petrov', 'Nagy', 'Haddad', 'Kovač', 'Tanaka'];

/** Puts the members that the library has before the move into an empty store; the same on every machine. */
export function seedMembers(store: MemberStore, count: number): void {
  store.together(() => {
    for (let id = 1; id <= count; id += 1) {
      const name = `${givenNames[id % givenNames.length]} ${familyNames[id % familyNames.length]}`;
      store.put({ id, name, email: `member-${id}@readers.example`, joinedOn: 'old' });
    }
  });
}
