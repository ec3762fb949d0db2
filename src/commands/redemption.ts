import { z } from 'zod';
import type { Challenge } from '../domain/challenge.ts';
import type { DerivedSecrets } from '../domain/derived-secrets.ts';
import { addMinutes } from '../domain/duration.ts';
import { acceptInvitation, declineInvitation, type Redemption, requestRedemptionCode } from '../domain/guest.ts';
import type { ChallengeId, PersonId } from '../domain/ids.ts';
import type { OpenCommand } from './execute.ts';
import { isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';

const link = { token: z.string().max(200) };

const forAnyone = 'anyone';

/** What an invitation's link leads to. Refuses `link-stale` for a link that a newer mail has replaced, or that was never made. */
export async function findRedemption(
  reads: Reads,
  secrets: DerivedSecrets,
  token: string,
): Promise<Redemption | Refused> {
  const stale: Refused = { refusal: { code: 'link-stale' } };
  const read = secrets.readRedemptionToken(token);
  const invitation = read && (await reads.invitation(read.invitationId));
  if (!invitation || invitation.generation !== read.generation) return stale;
  const [guest, organisation] = await Promise.all([reads.person(invitation.guestId), reads.organisation()]);
  return guest ? { invitation, guest, organisation } : stale;
}

/** The pages of an invitation: its link leads here, and control of the invited address is proven by a one-time passcode. */
export function createRedemption(secrets: DerivedSecrets) {
  const requestCode: OpenCommand<
    { token: string },
    { redemption: Redemption; recent: Challenge[] },
    { challengeId: ChallengeId }
  > = {
    name: 'redemption-code',
    for: forAnyone,
    input: z.object(link),
    load: async (reads, { token }, _caller, now) => {
      const redemption = await findRedemption(reads, secrets, token);
      if (isRefusal(redemption)) return redemption;
      const { invitation, guest } = redemption;
      return {
        redemption,
        recent: await reads.challengesSince('redeem', addMinutes(now, -60), invitation.id, guest.id),
      };
    },
    decide: ({ redemption, recent }, _input, actor, context) =>
      requestRedemptionCode(redemption, recent, actor, context),
  };

  const accept: OpenCommand<
    { token: string; code: string; termsAccepted: boolean },
    { redemption: Redemption; challenge: Challenge | null },
    { personId: PersonId }
  > = {
    name: 'redemption-accept',
    for: forAnyone,
    input: z.object({ ...link, code: z.string().max(40), termsAccepted: z.boolean() }),
    load: async (reads, { token }) => {
      const redemption = await findRedemption(reads, secrets, token);
      if (isRefusal(redemption)) return redemption;
      return { redemption, challenge: await reads.newestChallenge('redeem', redemption.invitation.id) };
    },
    decide: ({ redemption, challenge }, { code, termsAccepted }, actor, context) =>
      acceptInvitation(
        redemption,
        { challenge, termsAccepted, codeRight: challenge !== null && secrets.codeMatches(challenge.id, code) },
        actor,
        context,
      ),
  };

  const decline: OpenCommand<{ token: string }, Redemption, { personId: PersonId }> = {
    name: 'redemption-decline',
    for: forAnyone,
    input: z.object(link),
    load: (reads, { token }) => findRedemption(reads, secrets, token),
    decide: (redemption, _input, actor, context) => declineInvitation(redemption, actor, context),
  };

  return { requestCode, accept, decline };
}
