import { runVerifier } from './verifier/run-verifier.ts';

const { exit, output, error } = runVerifier(process.argv.slice(2));
process.stdout.write(output);
process.stderr.write(error);
// Not process.exit: a pipe that is still being written to would be cut.
process.exitCode = exit;
