import { PNG } from 'pngjs';

/** Usher's mark: a door that stands open, drawn in a square whose sides are 1, y downwards. */
type Shape = (x: number, y: number) => boolean;
type Colour = readonly [red: number, green: number, blue: number];

const indigo: Colour = [0x3b, 0x3a, 0x91];
const light: Colour = [0xff, 0xd2, 0x7a];
const white: Colour = [0xff, 0xff, 0xff];

/** Not `Math.hypot`, which guards against overflow: half of the time that an icon took. */
const distance = (across: number, down: number): number => Math.sqrt(across * across + down * down);

const floor = 0.77;
const frame = { left: 0.325, right: 0.675, spring: 0.405 };
const line = 0.04;

/** A doorway with a round top: an upright U turned over. */
const arch = (left: number, right: number, spring: number, bottom: number): Shape => {
  const middle = (left + right) / 2;
  const radius = (right - left) / 2;
  return (x, y) => y <= bottom && (y >= spring ? x >= left && x <= right : distance(x - middle, y - spring) <= radius);
};

const outside = arch(frame.left, frame.right, frame.spring, floor);
const opening = arch(frame.left + line, frame.right - line, frame.spring, floor);

const threshold: Shape = (x, y) => {
  const nearest = Math.min(Math.max(x, 0.27), 0.73);
  return distance(x - nearest, y - floor) <= line / 2;
};

/** The leaf is the doorway seen at an angle: narrower, and taller the further it stands from its hinge. */
const hinge = frame.left + line;
const leafWidth = frame.right - frame.left - 2 * line;
const seen = 0.6;
const flat = (x: number, y: number): readonly [number, number] => {
  const across = (x - hinge) / (leafWidth * seen);
  const eye = 0.58;
  return [hinge + across * leafWidth, eye + (y - eye) / (1 + 0.12 * across)];
};
const door = arch(frame.left + line, frame.right - line, frame.spring, floor + line / 2);
const leaf: Shape = (x, y) => {
  const [u, v] = flat(x, y);
  return u >= hinge && door(u, v);
};
const knob: Shape = (x, y) => distance(x - hinge - leafWidth * seen * 0.74, y - 0.575) <= 0.021;
const directions = [0, 1, 2, 3, 4, 5, 6, 7].map((turn) => {
  const angle = (turn * Math.PI) / 4;
  return { across: Math.cos(angle), down: Math.sin(angle) };
});
/** Air around the leaf, so that it does not run into frame and threshold. */
const around =
  (shape: Shape, air: number): Shape =>
  (x, y) =>
    shape(x, y) || directions.some(({ across, down }) => shape(x + air * across, y + air * down));

const solidLeaf: Shape = (x, y) => leaf(x, y) && !knob(x, y);
const doorway: Shape = (x, y) => (outside(x, y) && !opening(x, y)) || threshold(x, y);
const nearLeaf = around(leaf, 0.022);
const mark: Shape = (x, y) => solidLeaf(x, y) || (doorway(x, y) && !nearLeaf(x, y));

/** Points a pixel's side is sampled at, for smooth edges. */
const samples = 8;

/**
 * @param zoom 1 leaves the margin that Teams and Slack round off; more brings the mark closer.
 * @param colourAt `null` where nothing is drawn.
 */
function draw(size: number, zoom: number, colourAt: (x: number, y: number) => Colour | null): PNG {
  const image = new PNG({ width: size, height: size });
  const middle = { x: 0.5, y: 0.5165 };
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const sum = [0, 0, 0];
      let covered = 0;
      for (let sample = 0; sample < samples ** 2; sample++) {
        const across = (column + ((sample % samples) + 0.5) / samples) / size;
        const down = (row + (Math.floor(sample / samples) + 0.5) / samples) / size;
        const colour = colourAt(middle.x + (across - 0.5) / zoom, middle.y + (down - 0.5) / zoom);
        if (!colour) continue;
        covered++;
        for (const channel of [0, 1, 2] as const) sum[channel] = (sum[channel] ?? 0) + colour[channel];
      }
      // What is transparent is white too: no dark rim where it is scaled.
      const pixel = covered ? sum.map((value) => Math.round(value / covered)) : white;
      image.data.set([...pixel, Math.round((255 * covered) / samples ** 2)], (row * size + column) * 4);
    }
  return image;
}

const inColour = (x: number, y: number): Colour => {
  if (mark(x, y)) return white;
  return opening(x, y) && !leaf(x, y) && !nearLeaf(x, y) ? light : indigo;
};

/** By path below `manifest/`. Sizes: Teams asks for 192 and 32 pixels, the small one white; Slack for 512 to 2000. */
export const icons: Readonly<Record<string, () => PNG>> = {
  'teams/color.png': () => draw(192, 1.12, inColour),
  'teams/outline.png': () => draw(32, 1.607, (x, y) => (mark(x, y) ? white : null)),
  'slack/icon.png': () => draw(512, 1.2, inColour),
};
