/** Writes every card with every sample, expanded, to look at: `npm run cards -- --out DIR` (default `out/cards`). */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { samples } from '../cards/samples.ts';
import { cardBytes, teamsLimits } from '../src/notifications/card-limits.ts';
import { expandCard } from '../src/notifications/expand.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: join('out', 'cards') } } });
await mkdir(values.out, { recursive: true });

const index = [];
for (const { name, of } of samples) {
  const card = expandCard(of);
  const file = `${of.card}.${name.replaceAll(' ', '-')}.json`;
  await writeFile(join(values.out, file), `${JSON.stringify(card, null, 2)}\n`);
  index.push({ card: of.card, sample: name, file, bytes: cardBytes(card) });
}
await writeFile(join(values.out, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);

const [heaviest] = index.toSorted((a, b) => b.bytes - a.bytes);
const cards = new Set(index.map(({ card }) => card));
console.log(`${index.length} samples of ${cards.size} cards are in ${values.out}; index.json lists them.`);
if (heaviest)
  console.log(
    `The largest is ${heaviest.card} (${heaviest.sample}): ${heaviest.bytes} of ${teamsLimits.cardBytes} bytes.`,
  );
