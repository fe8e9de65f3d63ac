import type { SecretProvider } from '../../core/secret/secret.ts';
import { ageProvider } from './age/provider.ts';
import { awsProvider } from './aws/provider.ts';
import { envProvider } from './env/provider.ts';
import { fileProvider } from './file/provider.ts';
import { vaultProvider } from './vault/provider.ts';

/** Every place that secrets can be kept in. */
export const secretProviders: readonly SecretProvider[] = [
  ageProvider,
  awsProvider,
  envProvider,
  fileProvider,
  vaultProvider,
];
