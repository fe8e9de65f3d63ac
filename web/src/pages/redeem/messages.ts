/** Texts of this page. */
export const messages = {
  title: 'Choose a password',
  lead: 'With the code that an administrator handed you. It is good once.',
  code: 'Code',
  password: 'New password',
  passwordHelp: 'At least 12 characters; a few words that belong together for nobody else.',
  again: 'Password again',
  differ: 'The two are not the same.',
  verb: 'Set the password',
  codeInvalid: 'This code was not issued, was used, or is too old. Ask for a new one.',
  doneTitle: 'The password is set',
  done: '{name}, you can sign in as {email} now. Every session that the account had was ended.',
  signIn: 'Sign in',
} as const;
