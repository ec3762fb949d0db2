import { chooseDigest, noDigest } from '../../commands/digest.ts';
import type { Reads } from '../../commands/ports.ts';
import { digestCard } from '../../notifications/digest-card.ts';
import { type Handlers, type Handling, show } from './turn.ts';

/** The weekly digest: right now, and whether it comes by itself. */
export function digestHandlers({ run, asPerson, refused }: Handling, { reads }: { readonly reads: Reads }): Handlers {
  return {
    digest: asPerson(async (turn, { person, now, reader }) => {
      const outcome = turn.args.wanted ? await run(chooseDigest, turn) : null;
      if (outcome && !outcome.accepted) return refused(outcome.refusal, turn);
      const data = await digestCard(reads, person.id, reader, now);
      return data ? show({ card: 'digest', data }) : refused(noDigest, turn);
    }),
  };
}
