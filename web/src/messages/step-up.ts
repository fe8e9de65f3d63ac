/** Texts of the window that asks for a second factor. */
export const stepUp = {
  title: 'Show that it is you',
  why: 'This makes somebody powerful, or changes how an account is opened. It wants proof that is not older than ten minutes.',
  nobody: 'You are signed out. Sign in again.',
  passkey: 'Use a passkey',
  code: 'Code of your authenticator',
  codeHelp: 'Six digits, or one of your recovery codes.',
  showCode: 'Show the code',
  password: 'Password',
  passwordHelp: 'Your account has no second factor, so its password counts. Set one up under Settings.',
  showPassword: 'Show the password',
} as const;
