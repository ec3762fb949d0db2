import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackPerson } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { guestsAddress, inviteGuest, linkInSlack } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

// One story, told in order: each step stands on the one before.
describe('an administrator in Slack', () => {
  let t: TestUsher;
  let guest: SlackPerson;
  let admin: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ guest, admin } = t.slack);
    await inviteGuest(t);
    await linkInSlack(t, guest, guestsAddress);
  });
  afterAll(() => t?.stop());

  const latest = (where: object) => t.usher.prisma.assignment.findFirst({ where, orderBy: { startsAt: 'desc' } });

  it('assigns by a form, which keeps what was typed and says at the field what is wrong', async () => {
    await admin.command(`assign ${guestsAddress}`);
    await admin.see('Assign a role');
    await admin.choose('Role', 'Reader');
    await admin.choose('Where', 'rg-web (resource group)');
    await admin.choose('As', 'Active: they have it all the time');
    await admin.choose('For how long', '30 days');
    expect(await admin.submit()).toMatchObject({
      closed: false,
      errors: { justification: expect.stringContaining('A justification is required.') },
    });
    await admin.type('Why?', 'Month end');
    expect(await admin.submit()).toMatchObject({ ok: true, closed: true });
    await guest.see(/A role was given to you[\s\S]*Active[\s\S]*Reader[\s\S]*rg-web/);
    await admin.see(/Assignment[\s\S]*Active[\s\S]*A guest[\s\S]*Reader/);
    expect(await latest({ kind: 'active', roleId: 'reader' })).toMatchObject({ status: 'Active' });
  });

  it('moves the end of active access by the button of its card', async () => {
    const before = await latest({ kind: 'active', roleId: 'reader' });
    await admin.press('Change');
    await admin.see('Change an assignment');
    await admin.choose('For how long', '15 days');
    expect(await admin.submit()).toMatchObject({ closed: false, errors: { justification: expect.any(String) } });
    await admin.type('Why?', 'Sooner done');
    await admin.submit();
    await eventually(async () => {
      const after = await latest({ kind: 'active', roleId: 'reader' });
      return after?.id === before?.id && after?.status === 'Active' && Number(after.endsAt) < Number(before?.endsAt);
    }, 'the earlier end');
  });

  it('changes an eligible assignment by the button of its card', async () => {
    await admin.command(`assign ${guestsAddress} --role reader --scope receipts --for 90d`);
    await admin.see(/Eligible – can be activated[\s\S]*receipts/);
    const before = await latest({ kind: 'eligible', roleId: 'reader' });
    await admin.press('Change');
    await admin.see('Change an assignment');
    await admin.choose('For how long', '15 days');
    await admin.submit();
    await eventually(async () => {
      const after = await latest({ kind: 'eligible', roleId: 'reader' });
      return Number(after?.endsAt) < Number(before?.endsAt);
    }, 'the earlier end');
  });

  it('removes it, and every card shows that', async () => {
    await admin.command(`unassign ${guestsAddress} --role reader --scope receipts`);
    await guest.see(/Your eligibility has ended[\s\S]*An administrator removed it/);
    expect(await latest({ kind: 'eligible', roleId: 'reader' })).toMatchObject({ status: 'Ended', why: 'removed' });
  });

  it('creates a group, and lets a guest see none but their own', async () => {
    await admin.command('group create "Partner team"');
    await admin.see(/Partner team[\s\S]*It can’t hold roles/);
    await admin.command('group create "Secret team"');
    await admin.see('Secret team');
    await admin.command(`assign ${guestsAddress} --role member --scope "Partner team" --for 30d`);
    await guest.see(/Group member[\s\S]*Partner team/);
    await guest.command('groups');
    const list = await guest.see(/Groups[\s\S]*Partner team/);
    expect(JSON.stringify(list)).not.toContain('Secret');
    await guest.command('group show "Secret team"');
    await guest.see('There is no group “Secret team” for you to see.');
  });

  it('who manages nothing gets no form and no rights', async () => {
    await guest.command('assign');
    await guest.see('To assign this role here you need one of these roles to be active');
    await guest.command(`assign ${guestsAddress} --role reader --scope rg-web`);
    expect(await t.usher.prisma.auditEntry.count({ where: { action: 'eligibility.assign' } })).toBe(3);
  });
});
