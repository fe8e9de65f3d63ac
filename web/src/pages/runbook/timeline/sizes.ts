/** Height of a line, in px; as in the style sheet. */
export const rowHeight = 30;
/** Height of the axis, in px. */
export const axisHeight = 44;
/** How far it can be zoomed, as factors of what fits. */
export const leastZoom = 1;
export const mostZoom = 64;

/** Width of the names, in px, for a width of the whole. */
export function labelWidthFor(width: number): number {
  return width < 560 ? 132 : Math.min(320, Math.max(220, Math.round(width * 0.26)));
}
