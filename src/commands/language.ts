import { z } from 'zod';
import { accept } from '../domain/change.ts';
import { type Language, namedLanguage } from '../domain/language.ts';
import type { PersonCommand } from './execute.ts';

/** What somebody wants to read from now on; `auto`: whatever the platform tells of them. */
export const chooseLanguage: PersonCommand<{ language: Language | 'auto' }, null, null> = {
  name: 'language',
  for: 'person',
  input: z.object({
    language: z.string().transform((given, { addIssue }) => {
      const named = namedLanguage(given);
      if (named) return named;
      addIssue('has to be german, english or auto');
      return z.NEVER;
    }),
  }),
  load: async () => null,
  decide: (_, { language: wanted }, { person }) => {
    const language = wanted === 'auto' ? null : wanted;
    if (person.language === language) return accept(null, {});
    const value = { ...person, version: person.version + 1, language };
    return accept(null, { put: [{ entity: 'Person', value }] });
  },
};
