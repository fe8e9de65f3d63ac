import { normalizeAddress } from './normalize-address.ts';

/**
 * Returns the addresses of a list (one a line, or in the first cell of a CSV), or those that failed for good in delivery reports (RFC 3464: `Action: failed`, a status
 * that begins with 5). Null where a line can be read as neither: a list that is half read lets mails through.
 */
export function readAddresses(text: string): Set<string> | null {
  if (/^(?:Final|Original)-Recipient:/im.test(text)) return readReports(text);
  const found = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const cell = (line.split(/[,;\t]/, 1)[0] ?? '').replaceAll('"', '').trim();
    if (cell === '' || (index === 0 && /^e-?mail/i.test(cell))) continue;
    const address = normalizeAddress(cell);
    if (address === null) return null;
    found.add(address);
  }
  return found;
}

function readReports(text: string): Set<string> | null {
  const found = new Set<string>();
  for (const block of text.split(/\r?\n\s*\r?\n/)) {
    const recipient = /^Final-Recipient:\s*rfc822\s*;\s*<?([^\s>]+)>?\s*$/im.exec(block)?.[1];
    if (recipient === undefined) continue;
    const isGone = /^Action:\s*failed\s*$/im.test(block) && /^Status:\s*5\./im.test(block);
    const address = normalizeAddress(recipient);
    if (address === null) return null;
    if (isGone) found.add(address);
  }
  return found;
}
