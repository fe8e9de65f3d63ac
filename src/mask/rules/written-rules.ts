import { type MaskRule, type RuleNeeds, toRule } from './mask-rule.ts';
import { isBasicPayload, isMachineMade, isPassword, isReference } from './secret-value.ts';
import { membersOf } from './token-shape.ts';

/** What stands between a name and its value: quotes (perhaps escaped), white space and one of `=`, `:`, `:=`, `=>`. */
const assigned = String.raw`(?:\\?["'])?[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}`;
const quoted = (least: number) => String.raw`\\?["']([^"'\\\r\n]{${least},512})\\?["']`;
const bare = (least: number) => String.raw`([^\s"'\\,;&<>=\x60]{${least},512}={0,3})`;

/** Longest name of the rules below that ends in an assignment. */
const longestName = 40;

function assignment(
  id: string,
  keywords: readonly string[],
  { name, value }: { name: string; value: string },
): MaskRule {
  const rule = toRule(id, keywords, new RegExp(`${name}${assigned}${value}`, 'iy'));
  return { ...rule, needs: { ...rule.needs, assignmentWithin: longestName + 10 } };
}

const wordBytes = membersOf(String.raw`[\w-]`);
const jwtNeeds: RuleNeeds = {
  boundary: wordBytes,
  assignmentWithin: 0,
  value: null,
  run: { members: wordBytes, distance: 3, least: 8, isLast: false },
};

/** Passwords and keys by what they are called, headers, and URLs with credentials. */
export const writtenRules: readonly MaskRule[] = [
  {
    ...assignment('password', ['password', 'passwd', 'passphrase'], {
      name: '(?:password|passwd|passphrase)',
      value: quoted(4),
    }),
    accepts: isPassword,
  },
  {
    ...toRule(
      'password',
      ['password', 'passwd', 'passphrase'],
      new RegExp(
        String.raw`(?:password|passwd|passphrase)(?:=${bare(4)}|(?:\\?["'])?[ \t]{0,4}(?::=|=>|[:=])[ \t]{0,4}(?=\S{0,63}[\d!@#$%^*])${bare(6)})`,
        'iy',
      ),
    ),
    accepts: isPassword,
  },
  {
    ...assignment('password', ['pwd', 'pass'], { name: '(?<=[_;-]|^)(?:pwd|pass)', value: `(?:\\\\?["'])?${bare(6)}` }),
    before: 0,
    accepts: isMachineMade,
  },
  {
    ...assignment('api-key', ['api_key', 'api-key', 'apikey'], {
      name: '(?:x-)?api[_ -]?key',
      value: `(?:\\\\?["'])?${bare(15)}`,
    }),
    accepts: isMachineMade,
  },
  {
    ...assignment('token', ['token', 'auth'], {
      name: '(?:auth[_-]?)?(?:token|auth)',
      value: `(?:\\\\?["'])?${bare(20)}`,
    }),
    accepts: isMachineMade,
  },
  {
    ...toRule('bearer-token', ['bearer'], /bearer[ \t]{1,4}([A-Za-z0-9._~+/=-]{20,1000})/iy),
    accepts: isMachineMade,
  },
  {
    ...toRule(
      'authorization',
      ['authorization'],
      /authorization(?:\\?["'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\?["'])?(?:(?:basic|bearer|token|apikey|digest|negotiate)[ \t]{1,4})?([^\s"'\\,]{8,1000})/iy,
    ),
    accepts: (value) => isPassword(value) && !/^(?:basic|bearer|token|apikey|digest|negotiate)$/i.test(value),
  },
  {
    ...toRule('basic-credentials', ['basic'], /basic[ \t]{1,4}([A-Za-z0-9+/]{8,512}={0,2})(?![A-Za-z0-9+/=])/iy),
    accepts: isBasicPayload,
  },
  {
    ...assignment(
      'secret',
      [
        'secret',
        'credential',
        'access_key',
        'access-key',
        'private_key',
        'private-key',
        'signing_key',
        'encryption_key',
      ],
      {
        name: '(?:secret(?:[_-]?(?:access)?[_-]?key|[_-]?token)?|credentials?|(?:access|private|signing|encryption)[_-]?key)',
        value: `(?:\\\\?["'])?${bare(32)}`,
      },
    ),
    accepts: isMachineMade,
  },
  {
    ...toRule('url-credentials', ['://'], /:\/\/[^\s:@/"'<>\\]{0,128}:([^\s/"'<>\\]{1,256})@(?=[\w[])/y),
    accepts: (value) => !isReference(value),
  },
  {
    ...toRule('url-signature', ['sig=', 'signature='], /(?:sig|signature)=([A-Za-z0-9%+/_-]{20,512}={0,2})/iy),
    accepts: isMachineMade,
  },
  { ...toRule('url-key', ['?key=', '&key='], /[?&]key=([A-Za-z0-9_-]{20,256})/iy), accepts: isMachineMade },
  {
    ...toRule('cookie', ['cookie'], /cookie(?:\\?["'])?: ?(?:\\?["'])?([\w.-]{1,64}=[^\r\n"'\\]{8,4000})/iy),
    reach: 4200,
    accepts: isMachineMade,
  },
  {
    ...toRule('jwt', ['eyj'], /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{0,1000}/y),
    reach: 11_010,
    needs: jwtNeeds,
  },
  {
    ...toRule('jwe', ['eyj'], /(?<![\w-])eyJ[\w-]{16,2000}\.[\w-]{0,1000}\.[\w-]{10,64}\.[\w-]{8,8000}\.[\w-]{16,64}/y),
    reach: 12_200,
    needs: jwtNeeds,
  },
  {
    ...toRule(
      'private-key',
      ['-----begin'],
      /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:[A-Za-z0-9+/=:,.()@ \t\r\n\\]|-(?!-)){0,16384}-----END [A-Z0-9 ]{0,60}-----|[A-Za-z0-9+/= \t\r\n\\]{0,16384})/y,
    ),
    reach: 16_500,
    crossesLines: true,
    closedBy: '-----',
  },
  {
    ...toRule(
      'putty-key',
      ['private-lines:'],
      /Private-Lines: {1,4}\d{1,4}\r?\n((?:[A-Za-z0-9+/=]{1,76}\r?\n?){1,100})/y,
    ),
    reach: 8000,
    crossesLines: true,
  },
  toRule(
    'ssh-public-key',
    ['ssh-rsa', 'ssh-dss', 'ssh-ed25519'],
    /(?:ssh-rsa|ssh-dss|ssh-ed25519) {1,4}(AAAA[A-Za-z0-9+/]{40,2000}={0,3})/y,
  ),
  toRule('ssh-public-key', ['ecdsa-sha2-nistp'], /ecdsa-sha2-nistp\d{3} {1,4}(AAAA[A-Za-z0-9+/]{40,2000}={0,3})/y),
];
