import { seeded } from '../src/mask/secret-forms.fixture.ts';

type Pick = (from: number) => number;

/** Lines as services and build steps write them; numbers vary so that no two lines are the same. */
const writers: readonly ((pick: Pick) => string)[] = [
  (pick) =>
    `2026-03-01T12:${10 + pick(50)}:${10 + pick(50)}.${100 + pick(900)}Z INFO  worker-${pick(32)} step "copy orders" finished in ${pick(9000)} ms rows=${pick(100_000)} ok`,
  (pick) =>
    `10.0.${pick(255)}.${pick(255)} - - [01/Mar/2026:12:00:${10 + pick(50)} +0000] "GET /api/orders/${pick(1_000_000)}?page=${pick(90)} HTTP/1.1" 200 ${pick(90_000)} "-" "curl/8.5.0"`,
  (pick) =>
    `{"level":30,"time":17723${10_000_000 + pick(9_000_000)},"pid":${pick(40_000)},"hostname":"shop-${pick(40)}","msg":"request completed","responseTime":${pick(900)}.${pick(99)}}`,
  (pick) =>
    `Mar  1 12:00:${10 + pick(50)} db-${pick(9)} postgres[${pick(30_000)}]: LOG:  checkpoint complete: wrote ${pick(9000)} buffers (${pick(99)}.${pick(9)}%); sync=0.0${pick(99)} s`,
  (pick) => `    at processTicksAndRejections (node:internal/process/task_queues:${pick(400)}:${pick(40)})`,
  (pick) =>
    `npm warn deprecated package-${pick(900)}@${pick(9)}.${pick(30)}.${pick(30)}: this version is no longer supported`,
  (pick) =>
    `  ✓ order ${pick(100_000)} has moved, ${pick(900)} rows compared, sha256 ${pick(2 ** 31).toString(16)}${pick(2 ** 31).toString(16)}${pick(2 ** 31).toString(16)} (${pick(900)} ms)`,
  (pick) => `+ rsync -a --delete /srv/legacy/images/${pick(9000)}/ shop-${pick(40)}:/srv/images/${pick(9000)}/`,
];

/** A log of about `size` bytes, the same every time; one line in 500 holds a token, a password or an address. */
export function generateLog(size: number): string {
  const random = seeded(77);
  const pick: Pick = (from) => Math.floor(random() * from);
  const lines: string[] = [];
  for (let length = 0; length < size;) {
    const line = pick(500) === 0 ? secretLine(pick) : writers[pick(writers.length)]!(pick);
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

function secretLine(pick: Pick): string {
  const token = Array.from({ length: 36 }, () => 'abcdefghijkmnpqrstuvwxyzABCDEFGHJK23456789'[pick(42)]).join('');
  const lines = [
    `remote: using ghp_${token}`,
    `DATABASE_URL=postgres://app:${token}@db/shop`,
    `login of user${pick(99)}@example.com`,
    `DB_PASSWORD=${token}`,
  ];
  return lines[pick(lines.length)]!;
}
