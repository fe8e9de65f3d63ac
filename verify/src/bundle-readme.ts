/**
 * The text of `README.txt`, fixed by the format: the verifier refuses any other, because a stranger follows what it says.
 */
export const bundleReadme = `This folder is the proof of one release decision, made by Tminus.

It holds the documents that declared what had to be true, the bytes that every check saw, the log
of all evidence and votes, and the decision that follows from them. Nobody has to be believed:
all of it can be computed again.

To verify it:

1. Get tminus-verify.mjs from a place that you trust. Do not take it from whoever gave you this folder.
2. With Node.js 20 or newer, nothing else installed, offline:

   node tminus-verify.mjs THIS-FOLDER --key KEY --checkpoint FILE

   KEY   the log key as you got it from the team by another way (compare with log-key.txt).
         Without it the key that came along is trusted, and the verifier says so.
   FILE  a checkpoint of this log that was kept elsewhere (mail, Git tag, witness). Without one
         nobody can see whether the end of the log was cut off.

Exit code 0: verified. 4: something does not hold, and the first such thing is named with file and
place. 5: nothing is wrong so far, but not everything could be checked. 2: the folder cannot be read.

Files: bundle.json (digest of every file), documents/ (as they stand in Git), launch.json (what they
declare), candidate.json, entries.jsonl (the log, one entry a line), leaves.txt (RFC 6962 leaf hash of
each entry), blobs/ (bytes that checks saw, named by SHA-256), checkpoint.txt (signed tree head),
log-key.txt, decision.json, statement.dsse.json (in-toto statement).
`;
