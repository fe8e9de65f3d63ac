import { describe, expect, it } from 'vitest';

import type { Fence } from '../../core/check/check.ts';
import { declareCheck } from '../../core/check/declare-check.ts';
import type { WrittenCheck } from '../../core/check/declare-check.ts';
import { commandReader } from './command/reader.ts';
import { httpReader } from './http/reader.ts';
import { checkKinds } from './kinds.ts';
import { checkReaders } from './readers.ts';

const at = { file: 'launch.md', line: 10, column: 3 };
const fence = (language: string, text: string, attributes: Fence['attributes'] = {}): WrittenCheck => ({
  form: 'fence',
  fence: { language, attributes, text },
});
const health =
  'GET {{ candidate.url }}/api/health\n\nexpect status == 200\nexpect json.version == {{ candidate.commit }}\nexpect latency < 500ms';

describe('a check as it is declared', () => {
  it('O18 reads the http fence of the format page', () => {
    const declared = declareCheck(httpReader, fence('http', health), at);
    expect(declared).toMatchObject({
      ok: true,
      check: {
        kind: 'http',
        spec: {
          method: 'GET',
          url: '{{ candidate.url }}/api/health',
          headers: {},
          body: null,
          follow: 0,
          timeout: 10_000,
        },
        expectations: [{ value: 200 }, { value: '{{ candidate.commit }}' }, { value: 500 }],
        at,
      },
    });
  });

  it('reads headers, a body that talks of expectations, and attributes', () => {
    const text =
      'POST https://a.test/x\nContent-Type: application/json\nX-Trial:  yes \n\n{"a":\n\n"expect b"}\nexpect nothing here\n{}\n\nexpect status in [200, 201]\n';
    expect(declareCheck(httpReader, fence('http', text, { timeout: '5s', follow: '3' }), at)).toMatchObject({
      ok: true,
      check: {
        spec: {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-trial': 'yes' },
          body: '{"a":\n\n"expect b"}\nexpect nothing here\n{}',
          timeout: 5000,
          follow: 3,
        },
        expectations: [{ value: [200, 201] }],
      },
    });
  });

  it('means the same as the mapping with the same content: one digest', () => {
    const mapping: WrittenCheck = {
      form: 'mapping',
      spec: { url: '{{ candidate.url }}/api/health' },
      expectations: ['status   == 200', 'json.version == {{ candidate.commit }}', 'latency < 0.5s'],
    };
    const [one, other] = [declareCheck(httpReader, fence('http', health), at), declareCheck(httpReader, mapping, at)];
    expect(one.ok && other.ok && one.check.sha256 === other.check.sha256).toBe(true);
    const changed = declareCheck(httpReader, { ...mapping, expectations: ['status == 200'] }, at);
    expect(changed.ok && other.ok && changed.check.sha256 !== other.check.sha256).toBe(true);
  });

  it('reads a script with expectations in the comments at its end', () => {
    const declared = declareCheck(
      commandReader,
      fence('sh', '# expect is a word here\ncurl -s x # expect no\n\n# expect exit == 0\n# expect json.rows > 5', {
        timeout: '1m',
      }),
      at,
    );
    expect(declared).toMatchObject({
      ok: true,
      check: {
        spec: { shell: 'sh', script: '# expect is a word here\ncurl -s x # expect no', timeout: 60_000 },
        expectations: [{ text: 'exit == 0' }, { text: 'json.rows > 5' }],
      },
    });
  });

  it('takes the defaults of the kind where nothing is expected, so that no check is without expectations', () => {
    expect(declareCheck(httpReader, fence('http', 'GET https://a.test/'), at)).toMatchObject({
      ok: true,
      check: { expectations: [{ text: 'status == 200' }] },
    });
  });

  it.each<[string, WrittenCheck, object]>([
    [
      'a request line',
      fence('http', '\nGETT https://a.test/'),
      { place: { in: 'fence', line: 1 }, hint: 'did you mean GET?' },
    ],
    [
      'no request line',
      fence('http', 'expect status == 200'),
      { place: { in: 'fence', line: 0 }, hint: 'begin the fence with METHOD url' },
    ],
    ['a header', fence('http', 'GET https://a.test/\nnot a header'), { place: { in: 'fence', line: 1 } }],
    [
      'a header that comes twice',
      fence('http', 'GET https://a.test/\nA: 1\na: 2'),
      { place: { in: 'fence', line: 2 } },
    ],
    [
      'an attribute',
      fence('http', 'GET https://a.test/', { timeuot: '5s' }),
      { place: { in: 'fence', line: -1 }, hint: 'did you mean timeout?' },
    ],
    [
      'the value of an attribute',
      fence('http', 'GET https://a.test/', { timeout: 'soon' }),
      { place: { in: 'fence', line: -1 } },
    ],
    [
      'an expectation of a fence',
      fence('http', 'GET https://a.test/\n\nexpect status = 200'),
      { place: { in: 'fence', line: 2, column: 15 } },
    ],
    ['a key', { form: 'mapping', spec: { urll: 'x' }, expectations: [] }, { place: { in: 'spec', path: ['url'] } }],
    [
      'an expectation of a mapping',
      { form: 'mapping', spec: { url: 'x' }, expectations: ['status == 200', 'status'] },
      { place: { in: 'expectation', index: 1, column: 7 } },
    ],
  ])('O18 says where %s is wrong', (_title, written, fault) => {
    const declared = declareCheck(httpReader, written, at);
    expect(declared.ok ? null : declared.faults[0]).toMatchObject(fault);
  });

  it('refuses a fence of comments only', () => {
    expect(declareCheck(commandReader, fence('sh', '# expect exit == 0'), at).ok).toBe(false);
  });
});

describe('the registries', () => {
  it('list every kind once, in both, by one name, and no fence language twice', () => {
    const names = checkReaders.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
    expect(checkKinds.map(({ kind }) => kind).toSorted()).toEqual(names.toSorted());
    const languages = checkReaders.flatMap(({ fenceLanguages }) => fenceLanguages);
    expect(new Set(languages).size).toBe(languages.length);
  });
});
