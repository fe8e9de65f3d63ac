import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

import { blockBytes } from '../../../core/dataset/archive/manifest.ts';
import type { ArchiveDigest } from '../../../core/dataset/archive/manifest.ts';

/** Hashes a file while it passes by: whole, and in blocks. */
export interface FileDigester {
  add(chunk: Uint8Array): void;
  end(): ArchiveDigest;
}

/** Returns a digester that has seen nothing yet. */
export function createDigester(): FileDigester {
  const whole = createHash('sha256');
  const blocks: string[] = [];
  let block: Hash = createHash('sha256');
  let bytes = 0;
  const endBlock = (): void => {
    blocks.push(block.digest('hex'));
    block = createHash('sha256');
  };
  return {
    add(chunk) {
      whole.update(chunk);
      for (let from = 0; from < chunk.length;) {
        const room = blockBytes - (bytes % blockBytes);
        const part = chunk.subarray(from, from + room);
        block.update(part);
        bytes += part.length;
        from += part.length;
        if (bytes % blockBytes === 0) endBlock();
      }
    },
    end() {
      if (bytes % blockBytes !== 0) endBlock();
      return { sha256: whole.digest('hex'), bytes, blocks };
    },
  };
}
