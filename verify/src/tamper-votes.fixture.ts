import { formatPersonKey } from './person-key.ts';
import { signStatement } from './person-signature.ts';
import { alicePem, testKey } from './sample-bundle.fixture.ts';
import { sealed, testPem } from './tamper-inside.fixture.ts';
import { newActionVote, newVote } from './tampering.fixture.ts';
import type { Tampering } from './tampering.fixture.ts';

/** Votes that were never given, by somebody who holds the log key and the database, and not the keys of the people. */
export const voteTamperings: { [name: string]: Tampering } = {
  'vote of a stranger': sealed(['signature_invalid'], (log) => {
    log.entries.push(signStatement({ ...newVote(log), person: 'mallory' }, 'mallory', testPem('mallory')));
  }),
  'vote of alice by another key': sealed(['signature_invalid'], (log) => {
    log.entries.push(signStatement(newVote(log), 'alice', testPem('mallory')));
  }),
  'vote of alice turned': sealed(['signature_invalid'], (log) => {
    const { statement, ...rest } = signStatement({ ...newVote(log), vote: 'no-go' }, 'alice', testPem('alice'));
    log.entries.push({ ...rest, statement: { ...statement, vote: 'go' } });
  }),
  'vote on an old plan, signature not its own': sealed(['signature_invalid'], (log) => {
    const signed = signStatement({ ...newVote(log), planHash: 'old' }, 'alice', testPem('alice'));
    log.entries.push({ ...signed, signature: { ...signed.signature, key: formatPersonKey(testKey('bob')) } });
  }),
  'vote on a run by a stranger': sealed(['signature_invalid'], (log) => {
    log.entries.push(signStatement({ ...newActionVote(log), person: 'mallory' }, 'mallory', testPem('mallory')));
  }),
  'vote on a run by another key': sealed(['signature_invalid'], (log) => {
    log.entries.push(signStatement(newActionVote(log), 'alice', testPem('mallory')));
  }),
  'vote on a run turned': sealed(['signature_invalid'], (log) => {
    const { statement, ...rest } = signStatement({ ...newActionVote(log), vote: 'no-go' }, 'alice', alicePem);
    log.entries.push({ ...rest, statement: { ...statement, vote: 'go' } });
  }),
  'vote on a run carried over to another request': sealed(['signature_invalid'], (log) => {
    const { statement, ...rest } = signStatement(newActionVote(log), 'alice', alicePem);
    log.entries.push({ ...rest, statement: { ...statement, request: 'run-of-tomorrow.1' } });
  }),
  'vote on a run without the digest of its request': sealed(['entry_invalid'], (log) => {
    const { statement, ...rest } = signStatement({ ...newActionVote(log), requestSha256: '' }, 'alice', alicePem);
    log.entries.push({ ...rest, statement });
  }),
};
