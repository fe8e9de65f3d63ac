import { z } from 'zod';

import { samplingOptions, serverUrl } from '../read-source-options.ts';

/** What may be declared of a Prometheus. */
export const prometheusOptions = z.strictObject({ url: serverUrl, ...samplingOptions });
