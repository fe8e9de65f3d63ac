import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { toPersonLine } from './to-person-line.ts';

const key = 'webauthn-es256:localhost:BASE64+/=';

describe('line for the document', () => {
  it('O21 is what the front matter of a launch declares a person with', () => {
    expect(toPersonLine({ person: 'alice', name: 'Alice Moreau', key })).toBe(
      `  alice: { name: Alice Moreau, key: "${key}" }`,
    );
  });

  it.each(['Alice Moreau', "Zoë O'Hara-Smith", 'No', 'A, B', 'x: {y}', '12', '"quoted"', '# c', 'end '])(
    'reads back as the name %j',
    (name) => {
      expect(parse(`people:\n${toPersonLine({ person: 'alice', name, key })}\n`)).toEqual({
        people: { alice: { name, key } },
      });
    },
  );
});
