import type { Trouble } from '@tminus/verify';

import { toPlainText } from './unreadable.ts';

/** Codes of Node, OpenSSL and the HTTP parser, by the one word that evidence keeps for them. */
const codes = new Map(
  Object.entries({
    EGRESS_BLOCKED: 'egress_blocked',
    ECONNREFUSED: 'refused',
    ECONNRESET: 'reset',
    EPIPE: 'reset',
    ETIMEDOUT: 'timeout_connect',
    ENOTFOUND: 'dns_failed',
    EAI_AGAIN: 'dns_failed',
    EAI_FAIL: 'dns_failed',
    ENODATA: 'dns_failed',
    EHOSTUNREACH: 'unreachable',
    ENETUNREACH: 'unreachable',
    EADDRNOTAVAIL: 'unreachable',
    CERT_HAS_EXPIRED: 'tls_expired',
    CERT_NOT_YET_VALID: 'tls_not_yet_valid',
    ERR_TLS_CERT_ALTNAME_INVALID: 'tls_wrong_name',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_untrusted',
    SELF_SIGNED_CERT_IN_CHAIN: 'tls_untrusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_untrusted',
    UNABLE_TO_GET_ISSUER_CERT: 'tls_untrusted',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_untrusted',
    CERT_REVOKED: 'tls_untrusted',
    HPE_HEADER_OVERFLOW: 'headers_too_large',
    ERR_STREAM_PREMATURE_CLOSE: 'body_short',
  }),
);

/** The one translator of foreign network failures: an error becomes trouble that evidence can keep. */
export function toNetworkTrouble(error: unknown, subject: string): Trouble {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const known = codes.get(code) ?? familyOf(code, message);
  return { code: known, message: toPlainText(`${subject}: ${message || code}`, 300) };
}

function familyOf(code: string, message: string): string {
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP')) return 'protocol_error';
  if (
    code.startsWith('ERR_SSL') ||
    code.startsWith('ERR_TLS') ||
    code === 'EPROTO' ||
    /certificate|ssl|tls/i.test(message)
  )
    return 'tls_failed';
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_FORMAT'))
    return 'encoding_error';
  return 'network_error';
}
