/** Addresses of the files of this build, written into the worker by vite.config.ts. */
declare const TMINUS_FILES: readonly string[];
