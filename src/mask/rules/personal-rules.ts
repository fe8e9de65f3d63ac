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
  numbers.lastIndex = 0;
  for (let match = numbers.exec(text); match !== null; match = numbers.exec(text)) {
    const id = classify(match[0]);
    if (id === null || !(id === 'ip' ? ip : masksNumbers)) continue;
    found(id, match.index, match.index + match[0].length);
  }
  if (!ip) return;
  for (const { 0: address, index } of text.matchAll(ipv6))
    if (isIpv6(address)) found('ip', index, index + address.length);
}

/** RFC 4291 section 2.2: eight groups, or fewer and one `::`; the last two may be an IPv4 address. */
function isIpv6(address: string): boolean {
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0 || address === '::') return false;
  const last = address.slice(address.lastIndexOf(':') + 1);
  const isMixed = last.includes('.');
  if (isMixed && !ipaddr.IPv4.isValidFourPartDecimal(last)) return false;
  const groups = [head, tail ?? ''].flatMap((part) => (part === '' ? [] : part.split(':')));
  const count = groups.length + (isMixed ? 1 : 0);
  const areGroups = groups.every((group) => group === last || (group.length > 0 && group.length <= 4));
  return areGroups && (tail === undefined ? count === 8 : count < 8);
}

function classify(text: string): 'card' | 'ssn' | 'ip' | null {
  const digits = countDigits(text);
  if (digits === 9)
    return /^(?!000|666|9)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}$/.test(text) ? 'ssn' : classifyDotted(text);
  if (digits < 13) return classifyDotted(text);
  return digits <= 16 && isChecked(text) && isCard(text) ? 'card' : null;
}

function classifyDotted(text: string): 'ip' | null {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) ? 'ip' : null;
}

function countDigits(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (isDigit(text.charCodeAt(at))) count += 1;
  return count;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether the check digit fits (Luhn): nine of ten numbers end here. */
function isChecked(text: string): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) continue;
    const value = (code - 0x30) * (isDoubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7812: an issuer that exists, a length it uses, grouped as on a card or not at all. */
function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (text !== digits && !/^\d{4}([ -])\d{4,6}\1\d{4,5}(?:\1\d{4})?$/.test(text)) return false;
  return /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14})$/.test(
    digits,
  );
}
