import type { Off } from '../../src/core/index.ts';
import { drawings } from './drawings.ts';
import type { Drawing } from './drawings.ts';
import { placed } from './positions.ts';
import type { Box, Size } from './positions.ts';
import type { CanvasImage, CanvasOptions } from './types.ts';

/** Draws one thing after the other on a canvas. */
export interface Painter {
  /** Starts anew on the plain background. */
  readonly begin: () => void;
  /** Whether nothing is seen of what is beneath the picture. */
  readonly covers: (picture: Picture) => boolean;
  readonly picture: (picture: Picture) => void;
  readonly image: (image: CanvasImage) => void;
  readonly text: (lines: readonly string[]) => void;
  /** Runs when a picture by address has come. */
  readonly onLoad: (listener: Off) => void;
  readonly clear: () => void;
}

/** A video, and where it belongs. */
export interface Picture {
  readonly image: CanvasImage;
  readonly video: HTMLVideoElement;
}

const square: Size = { width: 24, height: 24 };

/** A painter; where each image went is kept in `boxes`. */
export function createPainter(
  canvas: HTMLCanvasElement,
  options: CanvasOptions,
  boxes: Map<string, Box>,
): Painter {
  const { root, data, debug = false } = options;
  if (!canvas.hasAttribute('width')) canvas.width = root?.defaultWidth ?? 640;
  if (!canvas.hasAttribute('height')) canvas.height = root?.defaultHeight ?? 480;
  const context = canvas.getContext('2d');
  const loaded = createLoader();
  const writing = createWriting();

  const place = (image: CanvasImage, size: Size): Box => {
    const box = placed(size, canvas, image);
    boxes.set(image.name, box);
    return box;
  };
  const disc = (box: Box): void => {
    if (!context) return;
    context.fillStyle = data?.fills?.avatar ?? '#909099';
    context.beginPath();
    const radius = Math.max(box.width, box.height) * 0.8;
    context.arc(box.x + box.width / 2, box.y + box.height / 2, radius, 0, 2 * Math.PI);
    context.fill();
  };
  const frame = ({ image, video }: Picture): Box =>
    place(image, { width: video.videoWidth, height: video.videoHeight });
  return {
    begin: () => {
      if (!context) return;
      context.fillStyle = data?.fills?.background ?? '#2e2e32';
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (debug) guide(context, data?.strokes?.debug ?? 'white');
    },
    covers: (picture) => {
      const { x, y, width, height } = frame(picture);
      return x <= 0 && y <= 0 && x + width >= canvas.width && y + height >= canvas.height;
    },
    picture: (picture) => {
      const { x, y, width, height } = frame(picture);
      context?.drawImage(picture.video, x, y, width, height);
    },
    image: (image) => {
      const drawing = drawings[image.name];
      const paint = image.source === undefined ? drawnBy(drawing) : loaded.get(image.source);
      // What has not come yet is not drawn as something else.
      if (!context || !paint) return;
      const box = place(image, paint.size);
      if (image.arc ?? drawing?.arc) disc(box);
      paint.on(context, box);
    },
    text: (lines) => {
      const written = writing(lines, canvas);
      if (written) context?.drawImage(written, 0, 0);
    },
    onLoad: loaded.listen,
    clear: () => {
      loaded.listen(() => undefined);
      context?.clearRect(0, 0, canvas.width, canvas.height);
      boxes.clear();
    },
  };
}

/** An image that can be drawn. */
interface Paint {
  readonly size: Size;
  readonly on: (context: CanvasRenderingContext2D, box: Box) => void;
}

function drawnBy(drawing: Drawing | undefined): Paint | undefined {
  if (!drawing) return undefined;
  return {
    size: square,
    on: (context, box) => {
      stroke(context, drawing.path, box);
    },
  };
}

function stroke(context: CanvasRenderingContext2D, path: string, { x, y, width }: Box): void {
  context.save();
  context.translate(x, y);
  context.scale(width / square.width, width / square.width);
  context.strokeStyle = 'white';
  context.lineWidth = 1.5;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(new Path2D(path));
  context.restore();
}

function guide(context: CanvasRenderingContext2D, colour: string): void {
  const { width, height } = context.canvas;
  context.strokeStyle = colour;
  context.strokeRect(0, 0, width, height);
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.moveTo(width / 2, 0);
  context.lineTo(width / 2, height);
  context.stroke();
}

interface Loader {
  /** The picture at an address, once it is there; asked for by being asked. */
  readonly get: (address: string) => Paint | undefined;
  readonly listen: (listener: Off) => void;
}

function createLoader(): Loader {
  const paints = new Map<string, Paint | undefined>();
  let tell: Off = () => undefined;
  return {
    get: (address) => {
      if (paints.has(address)) return paints.get(address);
      paints.set(address, undefined);
      const image = new Image();
      image.onload = () => {
        const on: Paint['on'] = (context, { x, y, width, height }) => {
          context.drawImage(image, x, y, width, height);
        };
        paints.set(address, { size: { width: image.width, height: image.height }, on });
        tell();
      };
      image.src = address;
      return undefined;
    },
    listen: (listener) => {
      tell = listener;
    },
  };
}

// The lines on a canvas of their own, written once for each change of the words.
function createWriting(): (lines: readonly string[], room: Size) => HTMLCanvasElement | undefined {
  let written: HTMLCanvasElement | undefined;
  let last = '';
  return (lines, { width, height }) => {
    const key = [width, height, ...lines].join('\n');
    if (key !== last) written = lines.length === 0 ? undefined : write(lines, { width, height });
    last = key;
    return written;
  };
}

function write(lines: readonly string[], { width, height }: Size): HTMLCanvasElement {
  const size = Math.max(12, Math.round(height / 24));
  const strip = document.createElement('canvas');
  const context = strip.getContext('2d');
  const font = `${String(size)}px system-ui, sans-serif`;
  if (!context) return strip;
  context.font = font;
  const widest = Math.max(...lines.map((line) => context.measureText(line).width));
  // A name from far away may have any length; no browser has a canvas of any width.
  strip.width = Math.min(width, Math.ceil(widest + size));
  strip.height = Math.ceil(size * (1.4 * lines.length + 0.6));
  context.fillStyle = 'rgb(0 0 0 / 0.55)';
  context.fillRect(0, 0, strip.width, strip.height);
  // A new size forgets the font.
  context.font = font;
  context.fillStyle = 'white';
  context.textBaseline = 'middle';
  lines.forEach((line, row) => {
    context.fillText(line, size / 2, size * (1 + 1.4 * row), strip.width - size);
  });
  return strip;
}
