import type { SecretWriter } from '../../core/secret/secret-writer.ts';
import { awsWriter } from './aws/writer.ts';
import { fileWriter } from './file/writer.ts';
import { vaultWriter } from './vault/writer.ts';

/** Every place whose secrets can be changed from here. The others are changed where they are kept. */
export const secretWriters: readonly SecretWriter[] = [fileWriter, vaultWriter, awsWriter];
