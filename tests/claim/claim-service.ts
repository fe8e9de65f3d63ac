import { scryptSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Client } from 'pg';

/** What the service does wrong. */
export interface ClaimFaults {
  /** Hands over an account whose address is dead, without anybody who looked. */
  skipsReview?: boolean;
  /** Takes any password for the right one. */
  takesAnyPassword?: boolean;
  /** Writes down another way than the one that was gone. */
  writesWrongWay?: boolean;
  /** Lets an address that differs by its case alone pass for another one. */
  mindsCase?: boolean;
}

/** A real service in which people claim the account that was moved for them: by its address, by its old password, or by staff where the address is dead. */
export interface ClaimService {
  url: string;
  faults: ClaimFaults;
  stop(): Promise<void>;
}

interface Account {
  id: string;
  email: string;
  email_dead: boolean;
  password_hash: string;
}
interface Claim {
  person?: string;
  email?: string;
  password?: string;
  decision?: string;
}
interface Answer {
  status: number;
  body: { [name: string]: unknown };
}

const tables = `
  create table people (id text primary key, email text not null, email_dead boolean not null, password_hash text not null);
  create table claims (person text primary key, way text not null, email_dead boolean not null, reviewed_by text);
  create table reviews (person text primary key)`;

const hashOf = (password: string): string => scryptSync(password, 'a salt for tests', 32).toString('hex');

/** Starts it on 127.0.0.1, over a database with its tables. `password` is the one that a test person had in the old system. */
export async function startClaimService(connectionString: string, password: string): Promise<ClaimService> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(tables);
  const faults: ClaimFaults = {};
  const ground = { client, faults, password };
  const server = createServer((request, response) => {
    answer(ground, request).then(
      (answered) => reply(response, answered),
      (error: unknown) => reply(response, { status: 500, body: { error: String(error) } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await client.end();
    },
  };
}

interface Ground {
  client: Client;
  faults: ClaimFaults;
  password: string;
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answer(ground: Ground, request: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const given = (chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())) as Claim;
  const path = request.url ?? '';
  switch (`${request.method} ${path.split('/', 2).join('/')}`) {
    case 'PUT /test-people':
      return putPeople(ground);
    case 'DELETE /test-people':
      return removePeople(ground);
    case 'POST /claims':
      return claim(ground, given);
    case 'GET /claims':
      return wayOf(ground, decodeURIComponent(path.slice('/claims/'.length)));
    case 'POST /reviews':
      return review(ground, given);
    default:
      return { status: 404, body: {} };
  }
}

async function removePeople({ client }: Ground): Promise<Answer> {
  for (const [table, column] of [
    ['claims', 'person'],
    ['reviews', 'person'],
    ['people', 'id'],
  ])
    await client.query(`delete from ${table} where ${column} like 'test-%'`);
  return { status: 204, body: {} };
}

async function putPeople(ground: Ground): Promise<Answer> {
  await removePeople(ground);
  const people: Account[] = ['email', 'password', 'dead'].map((name) => ({
    id: `test-${name}`,
    email: `Test-${name}@example.org`,
    email_dead: name === 'dead',
    password_hash: hashOf(ground.password),
  }));
  for (const { id, email, email_dead: dead, password_hash: hash } of people)
    await ground.client.query('insert into people values ($1, $2, $3, $4)', [id, email, dead, hash]);
  return countPeople(ground);
}

async function countPeople({ client }: Ground): Promise<Answer> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from people where id like 'test-%'`);
  return { status: 200, body: { count: Number(rows[0]?.count) } };
}

async function claim(ground: Ground, { person = '', email, password }: Claim): Promise<Answer> {
  const { client, faults } = ground;
  const { rows } = await client.query<Account>('select * from people where id = $1', [person]);
  const [account] = rows;
  if (!account) return { status: 404, body: {} };
  const known = await wayOf(ground, person);
  if (known.status === 200) return { status: 409, body: known.body };
  const isSame = faults.mindsCase
    ? email === account.email
    : email?.trim().toLowerCase() === account.email.toLowerCase();
  if (email !== undefined && isSame && !account.email_dead) return hand(ground, account, 'email');
  if (password !== undefined)
    return faults.takesAnyPassword || hashOf(password) === account.password_hash
      ? hand(ground, account, 'password')
      : { status: 403, body: { error: 'another password' } };
  if (!isSame) return { status: 403, body: { error: 'another address' } };
  if (faults.skipsReview) return hand(ground, account, 'email');
  await client.query('insert into reviews values ($1) on conflict do nothing', [person]);
  return { status: 202, body: { state: 'review' } };
}

async function review(ground: Ground, { person = '', decision }: Claim): Promise<Answer> {
  const open = await ground.client.query('select 1 from reviews where person = $1', [person]);
  const { rows } = await ground.client.query<Account>('select * from people where id = $1', [person]);
  const [account] = rows;
  if (open.rowCount !== 1 || !account || decision !== 'grant') return { status: 409, body: {} };
  const answered = await hand(ground, account, 'staff');
  await ground.client.query('delete from reviews where person = $1', [person]);
  return answered;
}

async function hand({ client, faults }: Ground, { id, email_dead: dead }: Account, way: string): Promise<Answer> {
  const written = faults.writesWrongWay && way === 'password' ? 'email' : way;
  const reviewer = way === 'staff' ? 'staff' : null;
  await client.query('insert into claims values ($1, $2, $3, $4)', [id, written, dead, reviewer]);
  return { status: 200, body: { way } };
}

async function wayOf({ client }: Ground, person: string): Promise<Answer> {
  const { rows } = await client.query<{ way: string }>('select way from claims where person = $1', [person]);
  const [found] = rows;
  return found ? { status: 200, body: { way: found.way } } : { status: 404, body: {} };
}
