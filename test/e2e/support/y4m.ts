import { writeFileSync } from 'node:fs';

/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

const width = 320;
const height = 240;

/** Writes one picture of a flat colour, 320 by 240, for a fake camera to repeat 20 times a second. */
export function writeFlatY4m(file: string, [red, green, blue]: Colour): void {
  // ITU-R BT.601, from 16 to 235 and 240, as cameras give it.
  const luma = 16 + 0.257 * red + 0.504 * green + 0.098 * blue;
  const blueness = 128 - 0.148 * red - 0.291 * green + 0.439 * blue;
  const redness = 128 + 0.439 * red - 0.368 * green - 0.071 * blue;
  const header = `YUV4MPEG2 W${width} H${height} F20:1 Ip A1:1 C420jpeg\nFRAME\n`;
  const quarter = (width * height) / 4;
  const planes = [
    Buffer.alloc(width * height, Math.round(luma)),
    Buffer.alloc(quarter, Math.round(blueness)),
    Buffer.alloc(quarter, Math.round(redness)),
  ];
  writeFileSync(file, Buffer.concat([Buffer.from(header), ...planes]));
}
