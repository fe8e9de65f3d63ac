import ipaddr from 'ipaddr.js';

import { type MaskRule, toRule } from './mask-rule.ts';

/** Where masked text goes. People's data is masked in all of them but the audit log, which has to say who acted and from where. */
export type SinkProfile = 'log' | 'event' | 'evidence' | 'error' | 'export' | 'message' | 'audit';

/** What a sink masks beside secrets. Addresses of machines stay in what operators work with and leave with nothing that goes outside. */
export const personalData: Readonly<Record<SinkProfile, { email: boolean; ip: boolean; numbers: boolean }>> = {
  log: { email: true, ip: false, numbers: true },
  event: { email: true, ip: false, numbers: true },
  evidence: { email: true, ip: false, numbers: true },
  error: { email: true, ip: false, numbers: true },
  export: { email: true, ip: true, numbers: true },
  message: { email: true, ip: true, numbers: true },
  audit: { email: false, ip: false, numbers: true },
};

/** E-mail addresses as people write them; the pattern is tried at the `@` and masks what stands before it, too. */
export const emailRule: MaskRule = {
  ...toRule(
    'email',
    ['@'],
    /@(?=[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}(?![A-Za-z0-9_-]|\.\w))[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}/y,
  ),
  accepts: (value) => !/\.(?:png|jpe?g|gif|svg|webp|ico|[cm]?js|[jt]sx?|css|json|html|ya?ml|t?gz|zip)$/i.test(value),
  extendsLeft: /[\w.%+\x80-\xff-]/,
};

/** Digits that may be separated as people separate them: cards, social security numbers, IPv4 addresses. */
const numbers = /(?<![\w.:+-])\d(?:[ .-]?\d){6,18}(?![\w-]|\.\d)/g;
const ipv6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\.\d{1,3}){0,3}(?![\w:])/gi;

/** Calls `found` with what is a person's number or a machine's address in this sink. */
export function findNumbers(
  text: string,
  sink: SinkProfile,
  found: (id: string, from: number, to: number) => void,
): void {
  const { ip, numbers: masksNumbers } = personalData[sink];
  for (const match of text.matchAll(numbers)) {
    const id = classify(match[0]);
    if (id === null || !(id === 'ip' ? ip : masksNumbers)) continue;
    found(id, match.index, match.index + match[0].length);
  }
  if (!ip) return;
  for (const { 0: address, index } of text.matchAll(ipv6))
    if (/::.|.::|(?:[^:]+:){7}/.test(address) && ipaddr.IPv6.isValid(address))
      found('ip', index, index + address.length);
}

function classify(text: string): 'card' | 'ssn' | 'ip' | null {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return ipaddr.IPv4.isValidFourPartDecimal(text) ? 'ip' : null;
  if (/^(?!000|666|9)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}$/.test(text)) return 'ssn';
  return isCard(text) ? 'card' : null;
}

/** ISO/IEC 7812: an issuer that exists, a length it uses, grouped as on a card or not at all, and a check digit that fits (Luhn). */
function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (text !== digits && !/^\d{4}([ -])\d{4,6}\1\d{4,5}(?:\1\d{4})?$/.test(text)) return false;
  if (
    !/^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14})$/.test(
      digits,
    )
  )
    return false;
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, place) => {
      const doubled = digit * 2;
      return total + (place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}
