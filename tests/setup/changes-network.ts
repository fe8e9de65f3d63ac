/**
 * Test files that add devices and addresses to this machine. Every Chromium here sees that, and breaks off all that it
 * is loading (ERR_NETWORK_CHANGED): they run when all others have ended.
 */
export const changesNetwork: readonly string[] = ['tests/faults/bad-network.test.ts'];
