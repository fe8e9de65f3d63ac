/** The same for what only the API, its people and its webhooks can come to. */
export const apiErrorMeanings = {
  signed_out: {
    meaning: 'The request comes from nobody: no session, an ended one, or a token that is unknown, expired or revoked.',
    next: 'Sign in again, or use another token.',
  },
  step_up_wanted: {
    meaning: 'What is asked for wants a second factor that was shown a few minutes ago at most.',
    next: 'Show a passkey or a code again, then repeat the request.',
  },
  version_conflict: {
    meaning: 'Somebody else changed it since it was read. Nothing was written.',
    next: 'Read it again, look at what changed, and decide again.',
  },
  request_invalid: {
    meaning: 'The request cannot be read: a field is missing, unknown, or of the wrong form.',
    next: 'Mend the field that the message names; the API description has its form.',
  },
  route_unknown: {
    meaning: 'The API has no such address or method.',
    next: 'Look at `/api/openapi.json`.',
  },
  origin_refused: {
    meaning: 'A browser sent a change from a page of another origin.',
    next: 'Open the cockpit at the address that the server was started with, or start it with `--url`.',
  },
  key_reused: {
    meaning:
      'The idempotency key stands for another request of the last 24 hours, or the first one is still under way.',
    next: 'Take a new key for a new request; for the same request wait and repeat it.',
  },
  too_many_requests: {
    meaning: 'More requests came in a minute than one account or address may make.',
    next: 'Wait as long as `Retry-After` says.',
  },
  overloaded: {
    meaning: 'The server has more to do than it can, and refuses work rather than do it late.',
    next: 'Repeat the request after `Retry-After`.',
  },
  leaving: {
    meaning: 'The server is ending and takes no new work.',
    next: 'Repeat the request; another server, or this one after its restart, will answer.',
  },
  sign_in_refused: {
    meaning:
      'Who wants to sign in, or to change how an account is opened, did not prove who they are. The answer is the same for an address that has no account.',
    next: 'Check what was typed; ask an administrator for a reset.',
  },
  setup_closed: {
    meaning: 'The first account of this store was made, so setup is closed for ever.',
    next: 'Sign in, or ask an administrator for an invitation.',
  },
  code_invalid: {
    meaning: 'A code of setup, of an invitation or of a reset is wrong, used or too old.',
    next: 'Check the letters; ask for a new code. That of setup is printed at each start of the server.',
  },
  password_weak: {
    meaning: 'The password is shorter than 12 characters, longer than 128, or says little but whose it is.',
    next: 'Take a few words that belong together for nobody else.',
  },
  account_unknown: {
    meaning: 'There is no account of this id.',
    next: 'List the accounts.',
  },
  account_exists: {
    meaning: 'The e-mail address has an account already.',
    next: 'Look for it among the accounts.',
  },
  person_taken: {
    meaning: 'Another account in use stands for this person: two would be two votes.',
    next: 'Switch the other account off first, or name another person.',
  },
  own_account: {
    meaning: 'An administrator tried to change the own account in a way that only another one may.',
    next: 'Ask another administrator.',
  },
  token_refused: {
    meaning: 'The token would live longer than a year, have no scope, or one that only a human may use.',
    next: 'Ask for less, or for a shorter time.',
  },
  acceptance_unknown: {
    meaning: 'The launch has no acceptance pass of that id.',
    next: 'Open the acceptance page of the launch, or begin a pass.',
  },
  acceptance_refused: {
    meaning: 'The acceptance pass is of somebody else, is over, or one of its six actions was not done yet.',
    next: 'Do what is missing, or begin a new pass.',
  },
  webhook_unknown: {
    meaning: 'No webhook has that name.',
    next: 'Look at `tminus webhook list`.',
  },
  webhook_exists: {
    meaning: 'A webhook has that name already.',
    next: 'Take another name, or remove the other one.',
  },
  webhook_invalid: {
    meaning: 'The address, the secret reference or the cursor cannot be used for a webhook.',
    next: 'Mend what the message names.',
  },
  provider_unavailable: {
    meaning: 'The identity provider does not say how to sign in with it.',
    next: 'Repeat it later; check `TMINUS_OIDC_ISSUER`.',
  },
} as const;
