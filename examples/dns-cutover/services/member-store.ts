import { DatabaseSync } from 'node:sqlite';

/** A member as both sites know it. `joinedOn` is the site that the member registered with. */
export interface Member {
  id: number;
  name: string;
  email: string;
  joinedOn: 'old' | 'new';
}

/** The members of one site. */
export interface MemberStore {
  all(): Member[];
  find(id: number): Member | null;
  count(): number;
  put(member: Member): void;
  /** Registers somebody under the next number. */
  register(name: string, email: string, joinedOn: Member['joinedOn']): Member;
  /** Keeps everything that `work` puts, or nothing of it where it throws. */
  together(work: () => void): void;
  close(): void;
}

/** Opens the members in a SQLite file; the table is made where there is none. */
export function openMemberStore(path: string): MemberStore {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec('create table if not exists members (id integer primary key, name text not null, email text not null, joined_on text not null)');
  const columns = 'select id, name, email, joined_on as joinedOn from members';
  const all = database.prepare(`${columns} order by id`);
  const one = database.prepare(`${columns} where id = ?`);
  const total = database.prepare('select count(*) as total, coalesce(max(id), 0) as last from members');
  const put = database.prepare('insert or replace into members values (?, ?, ?, ?)');
  const store: MemberStore = {
    all: () => all.all() as unknown as Member[],
    find: (id) => (one.get(id) as unknown as Member | undefined) ?? null,
    count: () => Number(total.get()?.['total']),
    put: ({ id, name, email, joinedOn }) => void put.run(id, name, email, joinedOn),
    register(name, email, joinedOn) {
      const member = { id: Number(total.get()?.['last']) + 1, name, email, joinedOn };
      store.put(member);
      return member;
    },
    together(work) {
      database.exec('begin immediate');
      try {
        work();
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    close: () => database.close(),
  };
  return store;
}
