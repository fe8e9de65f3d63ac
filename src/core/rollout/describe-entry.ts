import type { JsonObject, JsonValue } from '@tminus/verify';

/** Returns an entry of the journal of a shift in words for people: what was seen, decided, said or done, with what it held. */
export function describeShiftEntry(kind: string, body: JsonObject): string {
  const tell = tellers[kind];
  if (tell !== undefined) return tell(body);
  const by = body['by'] ? `${toWord(body['by'])}: ` : '';
  return `${by}${toWord(body['reason']) || toWord(body['text']) || toPlain(body)}`;
}

type Teller = (body: JsonObject) => string;

const tellers: { readonly [kind: string]: Teller | undefined } = {
  looked: describeLook,
  weight_asked: ({ weight, before, reason }) =>
    `${toWord(before)} % to ${toWord(weight)} %${reason ? `: ${toWord(reason)}` : ''}`,
  weight_drifted: ({ router, expected, got }) =>
    `${toWord(router)}: expected ${toWord(expected)} %, got ${toWord(got)} %; it is set again`,
  asked: describeAction,
  done: describeAction,
  'not-done': describeAction,
  sealed: ({ phase }) => `report of ${toWord(phase)}, signed`,
  started: ({ by, reason, blind }) =>
    `by ${toWord(by)}: ${toWord(reason)}${blind ? `; begun blind: ${toWord(blind)}` : ''}`,
  verdict_changed: ({ measure, text }) => `${toWord(measure)}: ${toWord(text)}`,
  share_mismatch: ({ measure, text }) => `${toWord(measure)}: ${toWord(text)}`,
  router_trouble: ({ router, reason }) => `${toWord(router)}: ${toWord(reason)}`,
  weight_reached: ({ weight, phase }) => `${toWord(weight)} %${phase === null ? '' : `, phase ${toWord(phase)}`}`,
  phase_ended: ({ phase, how, reason }) => `${toWord(phase)} ${toWord(how)}${reason ? `: ${toWord(reason)}` : ''}`,
  barred: ({ reasons }) => toList(reasons).map(toWord).join('; ') || 'by nothing any more',
};

function describeLook({ asked, read, verdicts }: JsonObject): string {
  const routers = typeof read === 'object' && read !== null ? Object.entries(read) : [];
  const weights = routers.map(
    ([router, weight]) => `${router} ${weight === null ? 'did not answer' : `${toWord(weight)} %`}`,
  );
  const judged = toList(verdicts).flatMap((one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? [`${toWord(one['measure'])} ${toWord(one['verdict'])}`]
      : [],
  );
  return [`canary ${toWord(asked)} %`, ...weights, ...judged].join(', ');
}

function describeAction(body: JsonObject): string {
  const { kind, number: _number, before: _before, tookMs, found, failure, ...rest } = body;
  const took = typeof tookMs === 'number' ? ` in ${tookMs} ms` : '';
  const read = typeof found === 'number' ? `, read back ${found} %` : '';
  const why = typeof failure === 'string' ? `: ${failure}` : '';
  return `${toWord(kind).replaceAll('_', ' ')} ${toPlain(rest)}${took}${read}${why}`;
}

/** The plain values of an entry by their names; what is nested stands in the journal itself. */
function toPlain(body: JsonObject): string {
  return Object.entries(body)
    .flatMap(([name, value]) => (value === null || typeof value === 'object' ? [] : [`${name} ${String(value)}`]))
    .join(', ');
}

/** A word or number of an entry; nothing for what is neither. */
function toWord(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function toList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
