/** Texts of signing. */
export const sign = {
  cancel: 'Cancel',
  signer: 'Signed by',
  digest: 'SHA-256 of what is signed',
  key: 'Declared key',
  none: 'none',
  needFile: 'The launch declares a key file for {person}. Load it once; it stays in this browser and only signs.',
  file: 'Key file (.pem)',
  'file-other': 'This is another key than the one that the launch declares. It was not kept.',
  'file-unreadable': 'This is no private key as "tminus key create" writes it, or this browser does not know Ed25519.',
  fault: {
    'no-key-declared':
      'The launch declares no key for you. Add the line that Settings, Keys shows to the document, and commit it.',
    'no-key-here': 'Your key file is not in this browser.',
    'digest-differs':
      'The digest that the server named is not that of the statement. Nothing was signed; tell whoever runs this server.',
    refused: 'The passkey did not sign: it was cancelled, or it is none of this site.',
    unsupported: 'This browser cannot sign.',
  },
} as const;
