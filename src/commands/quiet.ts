import { z } from 'zod';
import { accept } from '../domain/change.ts';
import { parseQuietHours, type QuietHours } from '../domain/quiet-hours.ts';
import type { PersonCommand } from './execute.ts';

/** When somebody wants no news that can wait; `off` for never. */
export const chooseQuietHours: PersonCommand<
  { hours: Pick<QuietHours, 'from' | 'to'> | 'off'; weekends: boolean },
  null,
  null
> = {
  name: 'quiet',
  for: 'person',
  input: z.object({
    hours: z.string().transform((given, { addIssue }) => {
      const hours = given.trim().toLowerCase() === 'off' ? 'off' : parseQuietHours(given);
      if (hours) return hours;
      addIssue('has to be like 22:00-07:00, or off');
      return z.NEVER;
    }),
    weekends: z
      .string()
      .default('')
      .transform((given) => given === 'yes'),
  }),
  load: async () => null,
  decide: (_, { hours, weekends }, { person }) => {
    const quiet = hours === 'off' ? null : { ...hours, weekends };
    const value = { ...person, version: person.version + 1, quiet };
    return accept(null, {
      put: [{ entity: 'Person', value }],
      events: [{ type: 'quiet-changed', personId: person.id }],
    });
  },
};
