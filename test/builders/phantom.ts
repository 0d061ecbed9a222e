/** Synthetic pixels that look enough like images to be told apart: drawn by formula, the same every time. */

/** An ellipse: centre and half axes as fractions of width and height, and the value inside it. */
interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly value: number;
}

function isInside({ x, y, halfWidth, halfHeight }: Ellipse, atX: number, atY: number): boolean {
  return ((atX - x) / halfWidth) ** 2 + ((atY - y) / halfHeight) ** 2 <= 1;
}

/** Texture between -1 and 1 without a random number generator. */
function texture(x: number, y: number, z: number): number {
  return Math.sin(x * 12.9898 + y * 78.233 + z * 37.719);
}

/** The last ellipse that holds a place gives its value. Samples are 16-bit little endian, row by row. */
function drawEllipses(size: number, ellipses: readonly Ellipse[], background: number, z: number): Uint8Array {
  const pixels = Buffer.alloc(size * size * 2);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const inside = ellipses.findLast((ellipse) => isInside(ellipse, column / size, row / size));
      const value =
        inside === undefined ? background : inside.value + Math.round(8 * texture(column, row, z));
      pixels.writeInt16LE(value, (row * size + column) * 2);
    }
  }
  return pixels;
}

/** A slice through a trunk in Hounsfield units plus 1024, at `level` 0 to 1 from below. */
export function ctSlice(size: number, level: number): Uint8Array {
  const liver = 0.1 + 0.12 * Math.sin(Math.PI * level);
  const ellipses: readonly Ellipse[] = [
    { x: 0.5, y: 0.5, halfWidth: 0.44, halfHeight: 0.32, value: 924 },
    { x: 0.5, y: 0.5, halfWidth: 0.41, halfHeight: 0.29, value: 1064 },
    { x: 0.34, y: 0.46, halfWidth: liver, halfHeight: liver * 0.8, value: 1124 },
    { x: 0.5, y: 0.7, halfWidth: 0.06, halfHeight: 0.05, value: 1624 },
    { x: 0.53, y: 0.6, halfWidth: 0.03, halfHeight: 0.03, value: 1244 },
  ];
  return drawEllipses(size, ellipses, 24, level);
}

/** A slice through a head, in arbitrary units. */
export function mrSlice(size: number, level: number): Uint8Array {
  const ventricle = 0.05 + 0.04 * level;
  const ellipses: readonly Ellipse[] = [
    { x: 0.5, y: 0.5, halfWidth: 0.36, halfHeight: 0.44, value: 620 },
    { x: 0.5, y: 0.5, halfWidth: 0.33, halfHeight: 0.41, value: 140 },
    { x: 0.5, y: 0.5, halfWidth: 0.31, halfHeight: 0.39, value: 430 },
    { x: 0.45, y: 0.48, halfWidth: ventricle, halfHeight: 0.12, value: 900 },
    { x: 0.55, y: 0.48, halfWidth: ventricle, halfHeight: 0.12, value: 900 },
  ];
  return drawEllipses(size, ellipses, 0, level);
}

/** Frames of a sector scan in which a chamber beats: 8-bit samples, frame by frame. */
export function ultrasoundFrames(rows: number, columns: number, frames: number): Uint8Array {
  const pixels = new Uint8Array(rows * columns * frames);
  const halfAngle = 0.7;
  for (let frame = 0; frame < frames; frame++) {
    const beat = 0.16 + 0.05 * Math.sin((2 * Math.PI * frame) / frames);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const x = column / columns - 0.5;
        const y = row / rows;
        if (Math.abs(Math.atan2(x, y)) > halfAngle || Math.hypot(x, y) > 0.95) continue;
        const isChamber = Math.hypot(x, y - 0.55) < beat;
        pixels[(frame * rows + row) * columns + column] = isChamber
          ? 12
          : 90 + Math.round(60 * texture(row, column, frame));
      }
    }
  }
  return pixels;
}
