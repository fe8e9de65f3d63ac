import type { messages as decide } from '../decide/messages.ts';
import type { messages as acceptance } from '../pages/acceptance/messages.ts';
import type { messages as audit } from '../pages/audit/messages.ts';
import type { messages as data } from '../pages/data/messages.ts';
import type { messages as demo } from '../pages/demo/messages.ts';
import type { messages as documents } from '../pages/documents/messages.ts';
import type { messages as evidence } from '../pages/evidence/messages.ts';
import type { messages as evidenceRecord } from '../pages/evidence-record/messages.ts';
import type { messages as gate } from '../pages/gate/messages.ts';
import type { messages as gates } from '../pages/gates/messages.ts';
import type { messages as home } from '../pages/home/messages.ts';
import type { messages as launch } from '../pages/launch/messages.ts';
import type { messages as queue } from '../pages/queue/messages.ts';
import type { messages as redeem } from '../pages/redeem/messages.ts';
import type { messages as runbook } from '../pages/runbook/messages.ts';
import type { messages as rollouts } from '../pages/rollouts/messages.ts';
import type { messages as runs } from '../pages/runs/messages.ts';
import type { messages as settings } from '../pages/settings/messages.ts';
import type { messages as setup } from '../pages/setup/messages.ts';
import type { messages as signIn } from '../pages/sign-in/messages.ts';
import type { messages as status } from '../pages/status/messages.ts';
import { kit } from './kit.ts';
import { shared } from './shared.ts';
import { shell } from './shell.ts';
import { sign } from './sign.ts';
import { stepUp } from './step-up.ts';

/** What is there before any page: texts of the kit, the shell, and words that pages share. */
export const baseMessages = { kit, shared, shell, sign, stepUp };

/** Every text by its namespace. Those of a page come with the page (`shell/load-page.tsx`), so that the first page carries its own alone. */
export interface Messages {
  kit: typeof kit;
  shared: typeof shared;
  shell: typeof shell;
  sign: typeof sign;
  stepUp: typeof stepUp;
  decide: typeof decide;
  acceptance: typeof acceptance;
  audit: typeof audit;
  data: typeof data;
  rollouts: typeof rollouts;
  demo: typeof demo;
  documents: typeof documents;
  evidence: typeof evidence;
  evidenceRecord: typeof evidenceRecord;
  gate: typeof gate;
  gates: typeof gates;
  home: typeof home;
  launch: typeof launch;
  queue: typeof queue;
  redeem: typeof redeem;
  runbook: typeof runbook;
  runs: typeof runs;
  settings: typeof settings;
  setup: typeof setup;
  signIn: typeof signIn;
  status: typeof status;
}

declare module 'use-intl/core' {
  interface AppConfig {
    Locale: 'en';
    Messages: Messages;
  }
}
