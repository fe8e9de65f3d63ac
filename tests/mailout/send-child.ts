import { sendMailout } from '../../src/engine/mailout/send-mailout.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { MailoutPlace } from '../../src/store/mailout.ts';
import type { Mailout, MailoutPlan } from '../../src/core/mailout/mailout.ts';

/** What a sending process of the tests is told, as JSON in its first argument. */
export interface ChildWish {
  databaseUrl: string;
  dataDirectory: string;
  place: MailoutPlace;
  mailout: Mailout;
  plan: MailoutPlan;
}

const { databaseUrl, dataDirectory, place, mailout, plan } = JSON.parse(process.argv[2] ?? '') as ChildWish;
const store = await openStore({ dataDirectory, databaseUrl });
const result = await sendMailout(
  store,
  { mailout, plan },
  {
    place,
    testMail: null,
    password: 'canary-pass',
    allow: ['127.0.0.1'],
    forbidden: [],
    signal: new AbortController().signal,
    progress: () => undefined,
  },
);
process.stdout.write(JSON.stringify(result));
await store.close();
