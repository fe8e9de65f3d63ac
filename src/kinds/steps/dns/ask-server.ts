import { decode } from 'dns-packet';
import type { DecodedPacket } from 'dns-packet';

import { exchange } from './exchange.ts';
import type { ServerAddress } from './exchange.ts';
import type { TsigKey } from './tsig-key.ts';
import { signMessage, verifyAnswer } from './tsig.ts';
import type { SignedMessage, TsigError } from './tsig.ts';

/** A server to talk to, with the key that signs both ways. */
export interface SignedServer {
  server: ServerAddress;
  key: TsigKey;
  transport: 'tcp' | 'udp';
  timeoutMs: number;
  /** Ends everything: the attempt is over. */
  signal: AbortSignal;
  /** Milliseconds since the epoch by a clock that is right: signatures carry the time (RFC 8945 section 10). */
  clock: () => number;
}

/**
 * What came of a message. `answered` is signed by the server for this message; `unbelieved` is not, so it says nothing about what was done. `wasSent` tells
 * whether the server may have got it.
 */
export type Asked =
  | { state: 'answered'; rcode: string; packet: DecodedPacket; error: TsigError; aheadSeconds: number | null }
  | { state: 'unbelieved'; reason: string; rcode: string | null; error: TsigError | null }
  | { state: 'unanswered'; wasSent: boolean; cause: 'aborted' | 'timeout' | Error };

/** Signs a message, sends it once, and verifies the answer; by TCP once more where a question's answer by UDP was cut off. */
export async function askServer(server: SignedServer, message: Buffer): Promise<Asked> {
  const asked = await askOnce(server, message);
  const isCutOff = asked.state === 'answered' && asked.packet.flag_tc && message.readUInt16BE(2) === 0;
  return isCutOff && server.transport === 'udp' ? askOnce({ ...server, transport: 'tcp' }, message) : asked;
}

async function askOnce(peer: SignedServer, message: Buffer): Promise<Asked> {
  const { server, key, transport, signal, clock } = peer;
  const ending = AbortSignal.any([signal, AbortSignal.timeout(peer.timeoutMs)]);
  const request = signMessage(message, key, toSeconds(clock()));
  const judge = (answer: Buffer): Asked => judgeAnswer(answer, request, { key, seconds: toSeconds(clock()) });
  let wasSent = false;
  let refused: Asked | null = null;
  const accepts = (answer: Buffer): boolean => {
    const judged = judge(answer);
    if (judged.state !== 'answered') refused = judged;
    return judged.state === 'answered';
  };
  try {
    const onSend = (): boolean => (wasSent = true);
    return judge(await exchange(server, { message: request.bytes, transport, signal: ending, onSend, accepts }));
  } catch (error) {
    if (signal.aborted) return { state: 'unanswered', wasSent, cause: 'aborted' };
    // Of packets that nobody could believe, the last is still the best that can be told.
    return refused ?? { state: 'unanswered', wasSent, cause: ending.aborted ? 'timeout' : (error as Error) };
  }
}

function judgeAnswer(answer: Buffer, request: SignedMessage, at: { key: TsigKey; seconds: number }): Asked {
  const packet = decodeAnswer(answer);
  if (packet === null || packet.id !== request.bytes.readUInt16BE(0) || packet.type !== 'response')
    return {
      state: 'unbelieved',
      reason: 'expected an answer to our message, got something else',
      rcode: null,
      error: null,
    };
  const { rcode } = packet as unknown as { rcode: string };
  const verified = verifyAnswer(answer, request, at);
  if (verified.state === 'unbelieved') return { ...verified, rcode };
  const { error, serverSeconds } = verified;
  const aheadSeconds = serverSeconds === null ? null : serverSeconds - at.seconds;
  return { state: 'answered', rcode, packet, error, aheadSeconds };
}

function decodeAnswer(answer: Buffer): DecodedPacket | null {
  try {
    return decode(answer);
  } catch {
    return null;
  }
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
