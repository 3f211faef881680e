/** The tooltip: what is under the pointer, beside it. */

/** Shows beside the pointer what `detailAt` returns for its place in the canvas. */
export function followPointer(
  canvas: HTMLCanvasElement,
  tooltip: HTMLElement,
  detailAt: (x: number, y: number) => HTMLElement | null,
): void {
  canvas.addEventListener('mousemove', ({ offsetX, offsetY, clientX, clientY }) => {
    const detail = detailAt(offsetX, offsetY);
    tooltip.hidden = detail === null;
    canvas.style.cursor = detail === null ? 'default' : 'pointer';
    if (detail === null) return;
    tooltip.replaceChildren(detail);
    placeBeside(tooltip, clientX, clientY);
  });
  canvas.addEventListener('mouseleave', () => {
    tooltip.hidden = true;
  });
}

/** Beside the pointer, and within the window. */
function placeBeside(tooltip: HTMLElement, x: number, y: number): void {
  const { offsetWidth, offsetHeight } = tooltip;
  tooltip.style.left = `${Math.max(4, x + 16 + offsetWidth > innerWidth ? x - offsetWidth - 12 : x + 16)}px`;
  tooltip.style.top = `${Math.max(4, y + 16 + offsetHeight > innerHeight ? y - offsetHeight - 12 : y + 16)}px`;
}
