import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fillValues } from './fill-values.ts';
import { listTemplates, templateFaults } from './list-templates.ts';
import { toSecretVariableName, toVariableName } from './to-variable-name.ts';

describe('templates of steps', () => {
  it('A13 every template has one variable, whatever stands in its name', () => {
    expect(toVariableName('candidate.url')).toBe('TMINUS_CANDIDATE_URL');
    expect(toSecretVariableName('dns/key')).toBe('TMINUS_SECRET_DNS_KEY');
    fc.assert(fc.property(fc.string(), (name) => /^TMINUS_[A-Z0-9_]*$/.test(toVariableName(name))));
  });

  it('lists values and secrets once, in lists and mappings, too', () => {
    const spec = { url: '{{ candidate.url }}/a/{{candidate.url}}', more: [{ key: 'x {{ secret "dns/key" }}' }] };
    expect(listTemplates(spec)).toEqual([
      { kind: 'value', name: 'candidate.url', variable: 'TMINUS_CANDIDATE_URL' },
      { kind: 'secret', name: 'dns/key', variable: 'TMINUS_SECRET_DNS_KEY' },
    ]);
  });

  it.each(['{{ }}', '{{ secret }}', "{{ secret 'x' }}", '{{ secret "a b" }}', '{{ a b }}', '{{ $(id) }}', '{{ open'])(
    'refuses %s with its path',
    (text) => {
      expect(templateFaults({ a: [text] })).toMatchObject([{ path: ['a', 0] }]);
    },
  );

  it('refuses two names that would share a variable, and no others', () => {
    expect(templateFaults('{{ secret "dns/key" }} {{ secret "dns-key" }}')).toHaveLength(1);
    expect(templateFaults('{{ secret "dns/key" }} {{ secret "dns/key" }} {{ candidate.url }}')).toEqual([]);
  });

  it('A13 fills values in, keeps secrets as written, and takes nothing for a value that is missing or empty', () => {
    const spec = { url: '{{ candidate.url }}/x', header: '{{ secret "dns/key" }}' };
    expect(fillValues(spec, { TMINUS_CANDIDATE_URL: 'https://a.test' })).toEqual({
      ok: true,
      spec: { url: 'https://a.test/x', header: '{{ secret "dns/key" }}' },
    });
    expect(fillValues(spec, { TMINUS_CANDIDATE_URL: '' })).toEqual({ ok: false, missing: ['candidate.url'] });
    expect(fillValues({ a: '{{ constructor }}' }, {})).toEqual({ ok: false, missing: ['constructor'] });
  });

  it('a value that looks like a template is not filled in again', () => {
    const filled = fillValues({ a: '{{ x }}' }, { TMINUS_X: '{{ secret "dns/key" }}$&' });
    expect(filled).toEqual({ ok: true, spec: { a: '{{ secret "dns/key" }}$&' } });
  });
});
