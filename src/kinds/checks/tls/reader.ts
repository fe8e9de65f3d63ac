import { X509Certificate } from 'node:crypto';

import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { refuseFence } from '../no-fence.ts';
import { parseJson } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toPlainText, toReading, Unreadable } from '../unreadable.ts';
import { expiredCertificate } from './expired-certificate.ts';
import { tlsSchema } from './schema.ts';

/** The source `handshake.json`: what the certificate itself cannot say. */
const handshakeSchema = z.strictObject({
  protocol: z.string().nullable(),
  cipher: z.string().nullable(),
  /** Whether the chain, the dates and the name were accepted at the time of the handshake, and why not. */
  authorized: z.boolean(),
  authorizationError: z.string().nullable(),
  remoteAddress: z.string().nullable(),
  at: z.iso.datetime(),
});

export type Handshake = z.output<typeof handshakeSchema>;

const msPerDay = 86_400_000;
/** D25: days before the end of a certificate from which it is a warning, and an error. */
const warnDays = 60;
const errorDays = 14;

/** Reads one TLS handshake: `handshake.json` and the server's certificate in DER. */
export const tlsReader: CheckReader = {
  kind: 'tls',
  summary:
    'Makes a TLS handshake and reads the certificate: its names, its issuer, its end, and whether it is trusted.',
  jsonSchema: toJsonSchema(tlsSchema),
  readSpec: (written) => readSchema(tlsSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['authorized == true', `daysLeft > ${errorDays}`],
  parse: (_spec, sources) => toReading(() => toFacts(sources)),
  negativeControl: () =>
    toTlsSources(
      {
        protocol: null,
        cipher: null,
        authorized: false,
        authorizationError: 'CERT_HAS_EXPIRED',
        remoteAddress: null,
        at: '2000-01-02T00:00:00.000Z',
      },
      Buffer.from(expiredCertificate, 'base64'),
    ),
};

function toFacts(sources: readonly ObservedSource[]): JsonObject {
  const handshake = readHandshake(bytesOf(sources, 'handshake.json'));
  const certificate = readCertificate(bytesOf(sources, 'certificate.der'));
  const validTo = certificate.validToDate;
  const daysLeft = Math.floor((validTo.getTime() - Date.parse(handshake.at)) / msPerDay);
  return {
    authorized: handshake.authorized,
    authorizationError: handshake.authorizationError,
    protocol: handshake.protocol,
    cipher: handshake.cipher,
    validFrom: certificate.validFromDate.toISOString(),
    validTo: validTo.toISOString(),
    daysLeft,
    expiry: daysLeft <= errorDays ? 'error' : daysLeft <= warnDays ? 'warn' : 'ok',
    subject: toPlainText(certificate.subject ?? ''),
    issuer: toPlainText(certificate.issuer ?? ''),
    altNames: toAltNames(certificate.subjectAltName),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

function readHandshake(bytes: Uint8Array): Handshake {
  const read = handshakeSchema.safeParse(parseJson(bytes));
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new Unreadable('malformed', `handshake.json: ${issue.path.join('.') || 'document'}: ${issue.message}`);
}

function readCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    throw new Unreadable(
      'malformed',
      `certificate.der: expected an X.509 certificate, got ${bytes.byteLength} bytes that are none`,
    );
  }
}

/** `DNS:a.test, IP Address:10.0.0.1` as a list of names; a name with a comma comes quoted and is left so. */
function toAltNames(text: string | undefined): string[] {
  const parts = text?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return parts.slice(0, 200).map((part) => toPlainText(part.trim().replace(/^(?:DNS|IP Address):/, '')));
}

function bytesOf(sources: readonly ObservedSource[], wanted: string): Uint8Array {
  const source = sources.find(({ name }) => name === wanted);
  if (!source) throw new Unreadable('source_missing', `expected the source ${wanted}, got none`);
  return source.bytes;
}

/** The two sources of a handshake. */
export function toTlsSources(handshake: Handshake, certificate: Uint8Array): ObservedSource[] {
  return [
    {
      name: 'handshake.json',
      mediaType: 'application/json',
      bytes: new TextEncoder().encode(JSON.stringify(handshake)),
    },
    { name: 'certificate.der', mediaType: 'application/pkix-cert', bytes: certificate },
  ];
}
