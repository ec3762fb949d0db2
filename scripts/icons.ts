/** Draws the apps' icons anew: `npx tsx scripts/icons.ts`. They are committed. */
import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { icons } from '../manifest/icons.ts';
import { projectFile } from '../src/runtime/project-file.ts';

for (const [path, draw] of Object.entries(icons)) {
  const image = draw();
  writeFileSync(projectFile(`manifest/${path}`), PNG.sync.write(image));
  console.log(`manifest/${path}: ${image.width} by ${image.height}`);
}
