/** How often figures are asked for that no event tells of. */
export const everyMs = 4_000;
