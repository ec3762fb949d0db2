import type { PersonCaller } from '../../commands/who.ts';
import type { Reader } from '../../notifications/tracked.ts';

/** Arguments of a verb, from typed words or from a card's inputs alike. */
export type Args = Readonly<Record<string, string>>;

/** What the lists and forms need to know of the one who reads them. */
export interface Asker extends PersonCaller {
  readonly reader: Reader;
  readonly now: Date;
}
