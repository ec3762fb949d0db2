import { z } from 'zod';
import type { Challenge } from '../domain/challenge.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { DerivedSecrets } from '../domain/derived-secrets.ts';
import { addMinutes } from '../domain/duration.ts';
import { linkAccount, requestLinkCode } from '../domain/guest.ts';
import type { ChallengeId, PersonId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { OpenCommand } from './execute.ts';
import type { Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { Caller } from './who.ts';

const notAnAddress = 'has to be an e-mail address, such as you@company.example';

/** The caller's chat account as it stands now. */
const accountOf = async (reads: Reads, caller: Caller): Promise<ChatAccount | Refused> => {
  const account = caller.by === 'chat' ? await reads.chatAccountById(caller.account.id) : null;
  return account ?? { refusal: { code: 'account-unlinked' } };
};

/** Binding a chat account to a person whom the platform does not vouch for: by a one-time code to their address. */
export function createLinking(secrets: DerivedSecrets) {
  const requestCode: OpenCommand<
    { email: string },
    { account: ChatAccount; person: Person | null; recent: Challenge[] },
    { challengeId: ChallengeId | null }
  > = {
    name: 'link',
    for: 'anyone',
    input: z.object({
      email: z
        .string()
        .trim()
        .max(320, notAnAddress)
        .regex(/^[^@\s]+@[^@\s]+$/, notAnAddress),
    }),
    load: async (reads, { email }, caller, now) => {
      const account = await accountOf(reads, caller);
      if ('refusal' in account) return account;
      const person = await reads.personByMail(email);
      return {
        account,
        person,
        recent: await reads.challengesSince('link', addMinutes(now, -60), account.id, person?.id ?? null),
      };
    },
    decide: (state, _input, actor, context) => requestLinkCode(state, actor, context),
  };

  const redeemCode: OpenCommand<
    { code: string },
    { account: ChatAccount; challenge: Challenge | null },
    { personId: PersonId }
  > = {
    name: 'code',
    for: 'anyone',
    input: z.object({ code: z.string().max(40, 'has to be the eight digits from the mail') }),
    load: async (reads, _input, caller) => {
      const account = await accountOf(reads, caller);
      if ('refusal' in account) return account;
      return { account, challenge: await reads.newestChallenge('link', account.id) };
    },
    decide: ({ account, challenge }, { code }, actor, context) =>
      linkAccount(
        { account, challenge, codeRight: challenge !== null && secrets.codeMatches(challenge.id, code) },
        actor,
        context,
      ),
  };

  return { requestCode, redeemCode };
}
