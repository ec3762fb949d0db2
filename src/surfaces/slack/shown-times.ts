import { randomUUID } from 'node:crypto';

/** An instant that Slack writes for whoever reads it, and what is read where Slack can't. */
export interface ShownTime {
  readonly epochSeconds: number;
  readonly fallback: string;
}

/** Nobody can type this: what people write can't pass for an instant. Cards are drawn and converted in one process. */
const secret = randomUUID();
const pattern = new RegExp(`\uE000${secret}\\|(\\d+)\\|([^\uE001]*)\uE001`);

/** The instant as text on a card, for {@link timesIn} to find again. */
export const shownTime = ({ epochSeconds, fallback }: ShownTime): string =>
  `\uE000${secret}|${epochSeconds}|${fallback}\uE001`;

/** The text with its instants told apart, in order; without any, the text alone. */
export function timesIn(text: string): (string | ShownTime)[] {
  return text
    .split(pattern)
    .map((piece, index, pieces) =>
      index % 3 === 0 ? piece : { epochSeconds: Number(piece), fallback: pieces[index + 1] as string },
    )
    .filter((piece, index) => index % 3 !== 2 && piece !== '');
}

/** Where no instant can be shown as such: the text as it is read. */
export const withoutTimes = (text: string): string =>
  timesIn(text)
    .map((piece) => (typeof piece === 'string' ? piece : piece.fallback))
    .join('');
