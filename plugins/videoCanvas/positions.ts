import type { ImagePosition } from './types.ts';

/** A width and a height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A place on the canvas in pixels. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** The largest box of the image's shape in the named share of the canvas, where it belongs. */
export function placed(
  image: Size,
  canvas: Size,
  wish: {
    readonly rescale: number;
    readonly position: ImagePosition;
  },
): Box {
  const { rescale, position } = wish;
  const scale = rescale * Math.min(canvas.width / image.width, canvas.height / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const room = { width: canvas.width - width, height: canvas.height - height };
  const { x, y } = cornerOf(position, room, { width, height });
  return { x: inside(x, room.width), y: inside(y, room.height), width, height };
}

function cornerOf(
  { mode, x = 0, y = 0 }: ImagePosition,
  room: Size,
  image: Size,
): { readonly x: number; readonly y: number } {
  if (mode === 'absolute') return { x, y };
  if (mode === 'relative') {
    const canvas = { width: room.width + image.width, height: room.height + image.height };
    return { x: x * canvas.width - image.width / 2, y: y * canvas.height - image.height / 2 };
  }
  if (mode === 'center') return { x: room.width / 2, y: room.height / 2 };
  const [side, end] = mode.split('-');
  return { x: end === 'right' ? room.width : 0, y: side === 'bottom' ? room.height : 0 };
}

// An image that is larger than the canvas is in its middle.
function inside(place: number, room: number): number {
  return room < 0 ? room / 2 : Math.min(Math.max(place, 0), room);
}
