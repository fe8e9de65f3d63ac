// oxlint-disable-next-line import/no-unassigned-import -- the certificate package needs this polyfill loaded before it
import 'reflect-metadata';

import { webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

/** A certificate and its key as PEM, and the authority that signed it. */
export interface TestCertificate {
  cert: string;
  key: string;
  ca: string;
}

export interface CertificateWish {
  /** DNS names and IP addresses; the first is the subject. */
  names: string[];
  validFrom: Date;
  validTo: Date;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Makes an authority and one certificate under it, valid exactly as wished: expired, not yet valid or for another name. */
export async function makeCertificate({ names, validFrom, validTo }: CertificateWish): Promise<TestCertificate> {
  x509.cryptoProvider.set(webcrypto);
  const authorityKeys = await makeKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Tminus test authority',
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2120-01-01T00:00:00Z'),
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const keys = await makeKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: `CN=${names[0]}`,
    issuer: authority.subject,
    notBefore: validFrom,
    notAfter: validTo,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.:]+$/.test(value) ? 'ip' : 'dns', value })),
      ),
    ],
  });
  return { cert: leaf.toString('pem'), key: await toPem(keys.privateKey), ca: authority.toString('pem') };
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function toPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
