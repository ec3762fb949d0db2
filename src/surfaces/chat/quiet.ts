import type { Reads } from '../../commands/ports.ts';
import { chooseQuietHours } from '../../commands/quiet.ts';
import type { PersonId } from '../../domain/ids.ts';
import { quietHoursText, quietUntil, timeZoneOf } from '../../domain/quiet-hours.ts';
import type { CardOf } from '../../notifications/cards.ts';
import type { Asker } from './asker.ts';
import { type Handlers, type Handling, show } from './turn.ts';

/** Quiet hours: whether there are any, and other ones. */
export function quietHandlers({ run, asPerson, refusedAt }: Handling, { reads }: { readonly reads: Reads }): Handlers {
  async function card(personId: PersonId, { now, reader }: Asker): Promise<CardOf> {
    const [person, accounts] = await Promise.all([reads.person(personId), reads.chatAccountsOf(personId)]);
    const quiet = person?.quiet ?? null;
    const timeZone = timeZoneOf(accounts);
    const until = quiet && quietUntil(quiet, timeZone, now);
    const hours = quiet && quietHoursText(quiet);
    return {
      card: 'quiet',
      data: {
        hours,
        weekends: quiet?.weekends ? 'yes' : 'no',
        until: until && reader.time(until),
        timeZone,
        wanted: hours ?? '22:00-07:00',
      },
    };
  }

  return {
    quiet: asPerson(async (turn, asker) => {
      const { id } = asker.person;
      if (!turn.args.hours) return show(await card(id, asker));
      const outcome = await run(chooseQuietHours, turn);
      if (!outcome.accepted) return refusedAt(turn.clicked ? await card(id, asker) : null, outcome.refusal, turn);
      return show(await card(id, asker));
    }),
  };
}
