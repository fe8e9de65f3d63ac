import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import { samlKind } from './kind.ts';
import { toSource } from './reader.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-saml-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const name = (text: string, more = ''): string =>
  `<a:Subject><a:NameID Format="urn:x"${more}>${text}</a:NameID></a:Subject>`;
const assertion = (inside: string, id = 'a1'): string =>
  `<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}">${inside}</a:Assertion>`;
const response = (inside: string): string =>
  `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="r1">${inside}</p:Response>`;
const signature = (uri: string): string =>
  `<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:Reference URI="${uri}"/></d:Signature>`;
const plain = response(assertion(name('tester@example.org')));
/** Another sign-in of the same user. */
const before = response(assertion(name('tester@example.org'), 'a0'));

writeFileSync(join(workspace, 'before.xml'), before);
writeFileSync(join(workspace, 'same.b64'), Buffer.from(plain).toString('base64'));
writeFileSync(join(workspace, 'other.xml'), plain.replace('tester', 'Tester'));
writeFileSync(join(workspace, 'huge.xml'), ' '.repeat(2_000_000));
const at = (file: string) => () => ({ written: { baseline: 'before.xml', assertion: file }, workspace });

checkKindContract({
  kind: samlKind,
  success: at('same.b64'),
  refusal: at('other.xml'),
  slow: { none: 'two files of at most one mebibyte are read at once' },
  garbage: at('../outside'),
  huge: at('huge.xml'),
  misspelt: { written: { baseline: 'a', assertio: 'b' }, wrong: 'assertio', meant: 'assertion' },
});

const parse = (now: string, then = before) =>
  samlKind.parse({}, [toSource('baseline', Buffer.from(then)), toSource('assertion', Buffer.from(now))]);

describe('whether a user is the same as before', () => {
  it('C11 one byte that differs fails, and is shown in hex', () => {
    expect(parse(plain.replace('tester', 'testar'))).toMatchObject({
      state: 'readable',
      facts: {
        same: false,
        differences: {
          nameId: {
            at: 4,
            before: expect.stringContaining('74 65 73 74 65 72') as string,
            after: expect.stringContaining('74 65 73 74 61 72') as string,
          },
        },
      },
    });
    expect(parse(response(assertion(name('tester@example.org '))))).toMatchObject({ facts: { same: false } });
    expect(parse(response(assertion(name('tester@example.org', ' NameQualifier=""'))))).toMatchObject({
      facts: { same: false, differences: { nameQualifier: 'absent on one side' } },
    });
    expect(parse(plain.replace('urn:x', 'urn:y'))).toMatchObject({ facts: { same: false } });
  });

  it('C11 another way to write the same XML is the same user', () => {
    expect(parse(plain.replaceAll('a:', 'saml:').replace('xmlns:a=', 'xmlns:saml='))).toMatchObject({
      facts: { same: true },
    });
    expect(parse(assertion(signature('#a1') + name('tester@example.org')))).toMatchObject({ facts: { same: true } });
  });

  it.each([
    ['a comment inside NameID', response(assertion(name('tester<!-- -->@example.org')))],
    ['CDATA inside NameID', response(assertion(name('<![CDATA[tester]]>@example.org')))],
    ['an element inside NameID', response(assertion(name('<x/>tester@example.org')))],
    ['a DOCTYPE', `<!DOCTYPE r>${plain}`],
    ['an entity of its own', `<!DOCTYPE r [<!ENTITY e "tester">]>${response(assertion(name('&e;@example.org')))}`],
    ['an unknown entity', response(assertion(name('&e;@example.org')))],
    ['two assertions', response(assertion(name('tester@example.org')) + assertion(name('evil@example.org'), 'a2'))],
    ['two subjects', response(assertion(name('tester@example.org') + name('evil@example.org')))],
    ['an ID that stands twice', response(assertion(name('tester@example.org'), 'r1'))],
    [
      'an assertion wrapped aside',
      response(`<x>${assertion(name('evil@example.org'), 'a2')}</x>${assertion(name('tester@example.org'))}`),
    ],
    ['a signature of another element', response(assertion(signature('#moved') + name('tester@example.org')))],
    ['an encrypted assertion', response('<a:EncryptedAssertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/>')],
    ['a NameID without its namespace', response(assertion('<Subject><NameID>tester@example.org</NameID></Subject>'))],
    ['an empty NameID', response(assertion(name(' ')))],
  ])('C11 %s is unreadable, on either side, and never equal to itself', (_, xml) => {
    expect(parse(xml)).toMatchObject({ state: 'unreadable' });
    expect(parse(before, xml)).toMatchObject({ state: 'unreadable' });
    expect(parse(xml, xml)).toMatchObject({ state: 'unreadable' });
  });
});

it('C11 an assertion that is held against itself, or has no ID to tell it by, proves nothing', () => {
  expect(parse(plain, plain)).toMatchObject({ state: 'unreadable', trouble: { code: 'same_assertion' } });
  expect(parse(Buffer.from(plain).toString('base64'), plain)).toMatchObject({ trouble: { code: 'same_assertion' } });
  expect(parse(plain.replace(' ID="a1"', ''))).toMatchObject({ state: 'unreadable', trouble: { code: 'malformed' } });
  expect(parse(plain)).toMatchObject({ state: 'readable', facts: { same: true } });
});

const samples = '../shared/samples/imports/saml';
describe.skipIf(!existsSync(samples))(
  'assertions that others attack with (skipped where the samples are not beside the project)',
  () => {
    it.each(['response_node_text_attack', 'signature_wrapping_attack'])('C11 %s is unreadable', (attack) => {
      const bytes = readFileSync(join(samples, `SAML-Toolkits-php-saml__${attack}.xml.base64`));
      expect(parse(bytes.toString('latin1'), bytes.toString('latin1'))).toMatchObject({ state: 'unreadable' });
    });

    it('C11 a response of others with an ampersand in it can be read', () => {
      const bytes = readFileSync(join(samples, 'SAML-Toolkits-php-saml__response_with_ampersands.xml')).toString(
        'utf8',
      );
      const now = Buffer.from(bytes, 'base64').toString('utf8');
      const id = /<(?:saml:)?Assertion\b[^>]*\bID="([^"]*)/.exec(now)![1]!;
      const then = now.replaceAll(id, 'before');
      expect(then).not.toBe(now);
      expect(parse(bytes, then)).toMatchObject({ state: 'readable', facts: { same: true } });
    });
  },
);
