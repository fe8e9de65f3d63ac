import { bitsPerCharacter } from '../bits-per-character.ts';

/** Text that stands where a secret would: references, placeholders, calls and paths of code. */
const notASecret =
  /^(?:[$<{[(]|\*{3}|%[A-Za-z({]|x{4,}$|\.{3})|[({[]|\)[;,]?$|=>|::|\$\{|^(?:[A-Za-z_]\w*\??\.)+[A-Za-z_]\w*[;,]?$|^(?:your|my|the|some|example|dummy|changeme|redacted|masked|placeholder|todo)[_\-.]?/i;
const words = new Set(
  'true false null none undefined nil string number boolean any unknown void required optional missing empty yes no secret password token key value'.split(
    ' ',
  ),
);

/** Whether a value is a variable or a mask and not written out: `${...}`, `{{ ... }}`, `$NAME`, `<...>`, `PASSWORD`, `***`. */
export function isReference(value: string): boolean {
  return /^(?:\$[{(A-Za-z_]|\{\{|<|\*{3}|(?:PASSWORD|PASS|SECRET|TOKEN)$)/.test(value);
}

/** Whether a value in the place of a password is one: anything that is not a word of code, a reference or a placeholder. */
export function isPassword(value: string): boolean {
  return !notASecret.test(value.slice(0, 128)) && !words.has(value.replace(/[)\]}:;,.]{1,8}$/, '').toLowerCase());
}

/** Whether a value in the place of a key or token is one: mixed enough, and with a digit, as machines make them. */
export function isMachineMade(value: string): boolean {
  return isPassword(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && bitsPerCharacter(value.slice(0, 64)) >= 3;
}

/** Whether the payload of a Basic header (RFC 7617) is one: base64 of printable text with a colon. */
export function isBasicPayload(value: string): boolean {
  return /^[\x20-\x7e\x80-\xff]+:[\x20-\x7e\x80-\xff]*$/.test(Buffer.from(value, 'base64').toString('latin1'));
}
