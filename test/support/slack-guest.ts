import type { FakeSlack, SlackPerson } from '../fakes/slack.ts';
import { codeIn, redeem } from './redeem.ts';
import type { TestUsher } from './usher.ts';

export const guestsAddress = 'guest@partner.example';

/** Invites the guest, who accepts: eligible to be a Contributor of rg-expenses. Slack knows nothing of it yet. */
export async function inviteGuest({
  slack,
  mails,
}: Pick<TestUsher, 'mails'> & { readonly slack: FakeSlack }): Promise<void> {
  await slack.admin.command(
    `invite ${guestsAddress} --role Contributor --scope rg-expenses --for 90d --name "Gia Guest" --company Partner`,
  );
  await redeem(mails, guestsAddress);
}

/** Links an account by a code from the mail. */
export async function linkInSlack(
  { mails }: Pick<TestUsher, 'mails'>,
  person: SlackPerson,
  address: string,
): Promise<void> {
  await person.command(`link ${address}`);
  await person.see('Enter your code');
  await person.close();
  await person.command(`code ${codeIn((await mails.see(address, /connect your chat account/)).text)}`);
  await person.see('Linked');
}
