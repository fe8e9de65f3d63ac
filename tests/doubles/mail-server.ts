import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A mail as it was taken. */
export interface TakenMail {
  from: string;
  to: string[];
  /** Headers and body as they came. */
  data: string;
}

/** A real server that speaks as much of SMTP (RFC 5321) as a client needs; addresses that begin with `no-` are refused, and it says nothing where it is `silent`. */
export interface MailServer {
  host: string;
  mails: TakenMail[];
  /** Names and passwords that were signed in with, by AUTH PLAIN. */
  logins: string[];
  stop(): Promise<void>;
}

/** Starts it on a port of 127.0.0.1. */
export async function startMailServer({ silent = false } = {}): Promise<MailServer> {
  const mails: TakenMail[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (!silent) talk(socket, { mails, logins });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    logins,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function talk(socket: Socket, { mails, logins }: { mails: TakenMail[]; logins: string[] }): void {
  let mail: TakenMail = { from: '', to: [], data: '' };
  let isData = false;
  let buffered = '';
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const answer = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    const rest = line.slice(5);
    const address = /<([^>]*)>/.exec(rest)?.[1] ?? '';
    if (verb === 'EHLO') return say('250-mail.test\r\n250 AUTH PLAIN');
    if (verb === 'AUTH') {
      logins.push(
        Buffer.from(rest.split(' ')[1] ?? '', 'base64')
          .toString()
          .split('\0')
          .slice(1)
          .join(' '),
      );
      return say('235 2.7.0 signed in');
    }
    if (verb === 'MAIL') mail = { from: address, to: [], data: '' };
    if (verb === 'RCPT' && address.startsWith('no-')) return say('550 5.1.1 nobody of that name');
    if (verb === 'RCPT') mail.to.push(address);
    if (verb === 'DATA') {
      isData = true;
      return say('354 go on');
    }
    if (verb === 'QUIT') return void socket.end('221 bye\r\n');
    say('250 fine');
  };
  socket.on('data', (chunk: Buffer) => {
    buffered += chunk.toString('latin1');
    for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      if (!isData) answer(line);
      else if (line !== '.') mail.data += `${line.replace(/^\./, '')}\r\n`;
      else {
        isData = false;
        mails.push(mail);
        say('250 taken');
      }
    }
  });
  say('220 mail.test ESMTP');
}
