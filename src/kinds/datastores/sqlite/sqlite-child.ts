// Program of its own, started by session.ts: SQLite runs on the thread that calls it, and only a process can be stopped in the middle.
import { answerRequest } from './answer-request.ts';
import type { SqliteReply, SqliteRequest } from './messages.ts';
import { toSqliteTrouble } from './trouble.ts';

process.on('message', (request: SqliteRequest) => {
  process.send?.(answer(request));
});

function answer(request: SqliteRequest): SqliteReply {
  try {
    return { ok: true, value: answerRequest(request) };
  } catch (error) {
    const { code, message } = toSqliteTrouble(error);
    return { ok: false, code, message };
  }
}
