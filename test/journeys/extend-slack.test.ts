import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/connectors/connector.ts';
import type { SlackPerson } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { guestsAddress, inviteGuest, linkInSlack } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const days = (count: number) => count * 1440;

/** A target system that takes no new ends while it is stubborn. */
function stubborn() {
  const target = { refuses: false };
  return {
    target,
    around: (connector: Connector): Connector => ({
      ...connector,
      apply: async (wishes) => {
        const refused = wishes.map(({ want }) => target.refuses && want.state === 'moved');
        const applied = await connector.apply(wishes.filter((_wish, index) => !refused[index]));
        const rest = [...applied];
        return refused.map((no) =>
          no
            ? { applied: false, reason: 'ends are fixed here', forGood: true }
            : (rest.shift() as (typeof applied)[number]),
        );
      },
    }),
  };
}

// One story, told in order: each step stands on the one before.
describe('ends of assignments in Slack', () => {
  let t: TestUsher;
  const { target, around } = stubborn();
  let guest: SlackPerson;
  let admin: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true, wrap: { connector: around } });
    ({ guest, admin } = t.slack);
    await inviteGuest(t);
    await linkInSlack(t, guest, guestsAddress);
  });
  afterAll(() => t?.stop());

  const guestId = async () => (await t.usher.reads.personByMail(guestsAddress))?.id as never;
  const eligible = async () => (await t.usher.reads.openEligiblesOf(await guestId()))[0];
  const active = async () => (await t.usher.reads.openActivesOf(await guestId()))[0];
  const daysTo = (end: Date | null | undefined) => end && Math.round((end.getTime() - t.now().getTime()) / 86_400_000);
  const approve = async (about: RegExp) => {
    await admin.see(about);
    await admin.press('Approve', { in: about });
    await admin.see('[Send approval]');
    await admin.type('Why do you approve?', 'Fine');
    await admin.submit();
  };

  it('warns with a button, whose form asks for a later end', async () => {
    t.passMinutes(days(77));
    await guest.see('Your eligibility ends soon');
    await guest.press('Extend', { in: 'Your eligibility ends soon' });
    await guest.see(/Extend[\s\S]*Contributor/);
    await guest.choose('For how long from now?', '90 days');
    await guest.type('Why do you need it?', 'Audit goes on');
    expect(await guest.submit()).toMatchObject({ ok: true });
    await admin.see(/Asks for a later end of an assignment[\s\S]*Audit goes on/);
    expect(daysTo((await eligible())?.endsAt)).toBe(13);
  });

  it('moves the end in one step when it is approved', async () => {
    await approve(/Audit goes on/);
    await guest.see(/Granted until[\s\S]*Audit goes on/);
    expect(daysTo((await eligible())?.endsAt)).toBe(90);
    await guest.see('It goes on');
  });

  it('keeps the old end of active access where the target system refuses the new one, and tells administrators', async () => {
    await admin.command(`assign ${guestsAddress} --role reader --scope rg-web --active --for 10d --because "Looking"`);
    await guest.see(/A role was given to you[\s\S]*Active[\s\S]*Reader/);
    target.refuses = true;
    const before = await active();
    await admin.command(`update ${before?.id.slice(-8)} --for 30d --because "Longer"`);
    await admin.see(/A new end could not be set[\s\S]*the old end stands/);
    await eventually(async () => (await active())?.state.status === 'Active', 'the assignment as it was');
    expect(await active()).toMatchObject({ id: before?.id, endsAt: before?.endsAt });
    target.refuses = false;
    await admin.command(`update ${before?.id.slice(-8)} --for 20d --because "Once more"`);
    await eventually(async () => daysTo((await active())?.endsAt) === 20, 'the new end');
  });

  it('renews what has ended, once an administrator agrees', async () => {
    t.passMinutes(days(91));
    await guest.see(/Your eligibility has ended/);
    await guest.command('renew Contributor --for 15d --because "Back again"');
    await guest.see(/Back again/);
    expect(await eligible()).toBeUndefined();
    await approve(/Back again/);
    await guest.see(/Granted until[\s\S]*Back again/);
    expect(daysTo((await eligible())?.endsAt)).toBe(15);
  });
});
