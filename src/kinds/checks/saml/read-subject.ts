import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';

import { decodeXml } from '../decode-text.ts';
import { Unreadable } from '../unreadable.ts';

/** Who an assertion speaks of, as an application sees it (SAML 2.0 core, section 2.2.2). */
export interface SamlSubject {
  /** ID of the assertion, which no two assertions share (SAML 2.0 core, section 1.3.4). */
  assertionId: string;
  nameId: string;
  format: string | null;
  nameQualifier: string | null;
  spNameQualifier: string | null;
}

const names = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
};

/**
 * Returns the one subject of a response or assertion. Whatever could be read in two ways throws `Unreadable`: a DOCTYPE, several assertions or subjects, an assertion
 * anywhere but at the top of the response, anything but plain text inside NameID, an ID that stands twice, a signature that speaks of another element.
 */
export function readSubject(bytes: Uint8Array): SamlSubject {
  const reading = new SubjectReading();
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on('error', (error) => {
    throw new Unreadable('malformed', `expected well-formed XML, got an error at ${error.message.split(': ', 1)[0]}`);
  });
  parser.on('doctype', () => refuse('entities_refused', 'no DOCTYPE', 'one'));
  parser.on('opentag', (tag) => reading.open(tag));
  parser.on('closetag', () => reading.close());
  parser.on('text', (text) => reading.text(text));
  parser.on('comment', () => reading.refuseInside('a comment'));
  parser.on('processinginstruction', () => reading.refuseInside('a processing instruction'));
  parser.on('cdata', () => reading.refuseInside('a CDATA section'));
  parser.write(decodeXml(toXml(bytes))).close();
  return reading.subject();
}

/** The HTTP POST binding carries base64 (SAML 2.0 bindings, section 3.5.4). */
function toXml(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(/\s+/g, '');
  return text !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : bytes;
}

/** Collects what stands where, and refuses what may stand nowhere else. */
class SubjectReading {
  #way: string[] = [];
  #ids = new Set<string>();
  #signed: string[] = [];
  #found: Omit<SamlSubject, 'assertionId'>[] = [];
  #tops: string[] = [];
  #assertionId: string | null = null;

  open(tag: SaxesTagNS): void {
    this.refuseInside('an element');
    const name = `${prefixOf(tag.uri)}${tag.local}`;
    this.#way.push(name);
    if (this.#way.length > 64) refuse('too_deep', 'at most 64 nested elements', 'more');
    const id = valueOf(tag, 'ID');
    if (id !== null && this.#ids.has(id)) refuse('ambiguous', 'each ID once', 'one twice');
    if (id !== null) this.#ids.add(id);
    if (name === 'ds:Reference') this.#signed.push(valueOf(tag, 'URI') ?? '');
    if (name === 'saml:EncryptedAssertion' || name === 'saml:EncryptedID')
      refuse('encrypted', 'an assertion in the clear', 'an encrypted one');
    if (name === 'saml:Assertion' || name === 'samlp:Response') this.#openTop(name, id);
    if (name === 'saml:Subject' && !this.#way.join(' ').endsWith('saml:Assertion saml:Subject'))
      refuse('ambiguous', 'a subject inside the assertion', 'one elsewhere');
    if (name === 'saml:NameID') this.#openName(tag);
  }

  close(): void {
    this.#way.pop();
  }

  text(text: string): void {
    const found = this.#found.at(-1);
    if (found && this.#way.at(-1) === 'saml:NameID') found.nameId += text;
  }

  refuseInside(what: string): void {
    if (this.#way.at(-1) === 'saml:NameID') refuse('ambiguous', 'plain text inside NameID', what);
  }

  subject(): SamlSubject {
    const [found] = this.#found;
    if (found === undefined || this.#found.length !== 1)
      refuse('ambiguous', 'one assertion with one NameID', `${this.#found.length} of them`);
    // Whoever moves a signed assertion aside leaves its signature pointing there.
    if (this.#signed.some((uri) => !this.#tops.some((id) => uri === `#${id}`)))
      refuse('ambiguous', 'signatures of the response or its assertion', 'one of another element');
    if (found.nameId.trim() === '') refuse('empty', 'a NameID', 'an empty one');
    if (this.#assertionId === null) refuse('malformed', 'an assertion with an ID', 'one without');
    return { assertionId: this.#assertionId, ...found };
  }

  #openTop(name: string, id: string | null): void {
    const way = this.#way.join(' ');
    if (!['samlp:Response', 'saml:Assertion', 'samlp:Response saml:Assertion'].includes(way))
      refuse('ambiguous', 'an assertion at the top of the response', `${name.split(':')[1]} elsewhere`);
    if (name === 'saml:Assertion') this.#assertionId = id;
    if (id !== null) this.#tops.push(id);
  }

  #openName(tag: SaxesTagNS): void {
    const way = this.#way.slice(-3).join(' ');
    if (way !== 'saml:Assertion saml:Subject saml:NameID')
      refuse('ambiguous', 'NameID inside the subject', 'one elsewhere');
    this.#found.push({
      nameId: '',
      format: valueOf(tag, 'Format'),
      nameQualifier: valueOf(tag, 'NameQualifier'),
      spNameQualifier: valueOf(tag, 'SPNameQualifier'),
    });
  }
}

function prefixOf(uri: string): string {
  if (uri === names.assertion) return 'saml:';
  if (uri === names.protocol) return 'samlp:';
  return uri === names.signature ? 'ds:' : 'other:';
}

function valueOf(tag: SaxesTagNS, name: string): string | null {
  return tag.attributes[name]?.value ?? null;
}

function refuse(code: string, expected: string, got: string): never {
  throw new Unreadable(code, `expected ${expected}, got ${got}`);
}
