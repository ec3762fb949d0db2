import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMinutes } from '../../src/domain/duration.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { day } from '../support/build.ts';
import { eventually } from '../support/eventually.ts';
import { codeIn } from '../support/redeem.ts';
import { guestsAddress, inviteGuest } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';
import { expenses, waitingRequests } from '../support/waiting-requests.ts';

const says = (text: string | null, words: string | RegExp) =>
  text !== null && (typeof words === 'string' ? text.includes(words) : words.test(text));
const pages = (person: SlackPerson, words: string | RegExp) =>
  eventually(async () => says(person.home(), words), `a Home of ${person.id} with ${words}`);
const opened = (person: SlackPerson, words: string | RegExp) =>
  eventually(async () => says(person.modal(), words), `a modal of ${person.id} with ${words}`);
/** The part of a Home under this heading, up to the next part. */
const part = (person: SlackPerson, heading: string): string => {
  const headings = /^(Waiting for your approval|Active now|Your requests|Your roles|The organisation)$/m;
  const [, after = ''] = person.home().split(new RegExp(`^${heading}$`, 'm'));
  return after.split(headings)[0] ?? '';
};
const onHome = ({ view }: SlackPerson) => view().home?.blocks.length ?? 0;

// One story, told in order: the pages are opened once, and change by themselves from then on.
describe('the Home tab', () => {
  let t: TestUsher;
  let guest: SlackPerson;
  let approver: SlackPerson;
  let admin: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ guest, approver, admin } = t.slack);
    await inviteGuest(t);
  });
  afterAll(() => t?.stop());

  const where = (person: SlackPerson) => ({ in: new RegExp(`^${person.view().me.realName}`) });

  it('of somebody unknown says only how to link', async () => {
    await guest.openHome();
    await pages(guest, /^Connect your account\n/);
    expect(guest.home()).not.toMatch(/Contributor|Gia|Active now/);
  });

  it('links from there, and is theirs from then on', async () => {
    await guest.type('E-mail address', guestsAddress);
    await guest.press('Send me a code');
    await opened(guest, /^Enter your code\n/);
    const mail = await t.mails.see(guestsAddress, /connect your chat account/);
    await guest.type('Code', codeIn(mail.text));
    expect(await guest.submit()).toMatchObject({ ok: true });
    await opened(guest, 'Linked');
    await guest.close();
    await pages(guest, /^Gia Guest\nContoso/);
    expect(part(guest, 'Your roles')).toMatch(
      /Contributor\nAvailable – not active[\s\S]*rg-expenses[\s\S]*\[Activate\]/,
    );
    expect(part(guest, 'Active now')).toContain('Nothing is active.');
    expect(guest.home()).not.toMatch(/Waiting for your approval|Invite a guest|Audit|The organisation/);
  });

  it('of an approver shows that nothing waits; of an administrator, how things stand', async () => {
    await approver.openHome();
    await pages(approver, 'Nothing waits for you.');
    expect(approver.home()).not.toMatch(/Invite a guest|The organisation/);
    await admin.openHome();
    await pages(admin, 'The organisation');
    expect(part(admin, 'The organisation')).toMatch(
      /Activated now: 0\nWaiting for approval: 0\nInvitations not answered: 0[\s\S]*\[Invite a guest\] \[Audit\]/,
    );
  });

  it('asks for a role in a form; the page shows the request, and so do the approvers’ and the administrator’s', async () => {
    await guest.press('Activate', where(guest));
    await opened(guest, 'Ask for approval');
    await guest.choose('How long?', '1 hour');
    await guest.type('Why do you need it?', '   ');
    expect(await guest.submit()).toMatchObject({
      errors: { 'justification:activate:0': expect.stringContaining('A justification is required.') },
    });
    await guest.type('Why do you need it?', 'From <Home> *page*');
    expect(await guest.submit()).toMatchObject({ ok: true, closed: true });
    await pages(guest, 'Your requests');
    expect(part(guest, 'Your requests')).toMatch(
      /Waiting for approval[\s\S]*From <Home> \*page\*[\s\S]*\[Cancel request\]/,
    );
    expect(part(guest, 'Your roles')).not.toContain('[Activate]');
    for (const person of [approver, admin]) {
      await pages(person, 'From <Home> *page*');
      expect(part(person, 'Waiting for your approval')).toMatch(/Gia Guest – guest[\s\S]*\[Approve\] \[Deny\]/);
    }
    expect(part(admin, 'The organisation')).toContain('Waiting for approval: 1');
  });

  it('takes the request back; it is gone from all of them', async () => {
    await guest.press('Cancel request', where(guest));
    for (const person of [guest, approver, admin])
      await eventually(async () => !person.home().includes('From <Home>'), 'the end of it');
    expect(part(guest, 'Your roles')).toContain('[Activate]');
    await pages(admin, /Waiting for approval: 0/);
  });

  it('approves from the page; the requester’s shows how long is left', async () => {
    await guest.command('activate Contributor --for 2h --because "Typed elsewhere"');
    await pages(approver, 'Typed elsewhere');
    await approver.press('Approve', where(approver));
    await opened(approver, 'Send approval');
    await approver.type('Why do you approve?', 'Seen on Home');
    expect(await approver.submit()).toMatchObject({ ok: true, closed: true });
    await pages(approver, 'Nothing waits for you.');
    await pages(guest, /Active now\nContributor\nActive until/);
    expect(part(guest, 'Active now')).toContain('Time left: 2 hours');
    await pages(admin, /Activated now: 1\nWaiting for approval: 0/);
  });

  it('shows that time passes when it is opened again, and offers to let go after the first minutes', async () => {
    expect(part(guest, 'Active now')).not.toContain('[Deactivate]');
    t.passMinutes(61);
    await guest.openHome();
    await pages(guest, /Time left: (5\d minutes|1 hour)\n/);
    expect(part(guest, 'Active now')).toContain('[Deactivate]');
  });

  it('lets go from the page', async () => {
    await guest.press('Deactivate', where(guest));
    await pages(guest, 'Nothing is active.');
    await pages(admin, /Activated now: 0\n/);
  });

  it('shows the end of a time by itself', async () => {
    await guest.command('activate Contributor --for 1h --because "Until it ends"');
    await pages(approver, 'Until it ends');
    await approver.press('Approve', where(approver));
    await opened(approver, 'Send approval');
    await approver.type('Why do you approve?', 'Fine');
    await approver.submit();
    await pages(guest, /Active now\nContributor\nActive until/);
    await pages(admin, /Activated now: 1\n/);
    t.passMinutes(61);
    await pages(guest, 'Nothing is active.');
    await pages(admin, /Activated now: 0\n/);
  });

  it('denies from the page', async () => {
    await guest.command('activate Contributor --for 1h --because "To be denied"');
    await pages(approver, 'To be denied');
    await approver.press('Deny', where(approver));
    await opened(approver, 'Send denial');
    await approver.type('Why do you deny?', 'Not now');
    expect(await approver.submit()).toMatchObject({ ok: true, closed: true });
    await pages(approver, 'Nothing waits for you.');
    await eventually(async () => !guest.home().includes('Your requests'), 'the end of the request');
    await guest.see(/Your request\nDenied[\s\S]*Not now/);
  });

  it('says beside the page when somebody else was faster', async () => {
    await guest.command('activate Contributor --for 1h --because "Two at once"');
    await pages(approver, 'Two at once');
    await approver.press('Approve', where(approver));
    await opened(approver, 'Send approval');
    await approver.type('Why do you approve?', 'I, too');
    await admin.command('deny --because "First"');
    await guest.see(/Your request\nDenied[\s\S]*First/);
    expect(await approver.submit()).toMatchObject({ ok: true, closed: false });
    expect(approver.modal()).toMatch(/was denied already by Ada Administrator/);
    await approver.close();
    await pages(approver, 'Nothing waits for you.');
  });

  it('opens the form to invite, and counts who is invited', async () => {
    await admin.press('Invite a guest', where(admin));
    await opened(admin, /^Invite a guest\n/);
    await admin.type('E-mail address', 'home@partner.example');
    expect(await admin.submit()).toMatchObject({ ok: true });
    await opened(admin, 'The invitation to home@partner.example is on its way.');
    await admin.close();
    await pages(admin, 'Invitations not answered: 1');
    await admin.command('revoke home@partner.example');
    await pages(admin, 'Invitations not answered: 0');
  });

  it('opens the audit, page by page, and the menu', async () => {
    await admin.press('Audit', where(admin));
    await opened(admin, /^Audit record\n[\s\S]*1–8 of/);
    await admin.press('Next page');
    await opened(admin, /^Audit record\n[\s\S]*9–16 of/);
    expect(admin.view().modals).toHaveLength(1);
    await admin.press('Previous page');
    await opened(admin, /1–8 of/);
    await admin.close();
    await admin.press('What I can do', where(admin));
    await opened(admin, /Ada Administrator[\s\S]*\[Waiting for me\]/);
    await admin.press('Waiting for me');
    await opened(admin, /^Usher\nWaiting for your approval\n/);
    await admin.close();
    expect(admin.home()).toContain('The organisation');
  });

  describe('with more than fits', () => {
    beforeAll(async () => {
      await waitingRequests(t, 11);
      const { prisma, reads } = t.usher;
      const person = await reads.personByMail(guestsAddress);
      const scopes = (await reads.scopes()).filter(({ kind }) => kind !== 'directory');
      const rows = ['reader', 'owner'].flatMap((roleId) => scopes.map(({ id }) => ({ roleId, scopeId: id as string })));
      await prisma.assignment.createMany({
        data: rows.slice(0, 12).map((row) => ({
          ...row,
          id: randomUUID(),
          version: 1,
          kind: 'eligible',
          principalId: person?.id as string,
          startsAt: t.now(),
          endsAt: addMinutes(t.now(), 30 * day),
          status: 'InForce',
        })),
      });
    });

    it('says which part it shows, within Slack’s limit, and opens the rest', async () => {
      await approver.openHome();
      await pages(approver, /Showing: 1–4 of 11[\s\S]*\[All that waits\]/);
      expect(part(approver, 'Waiting for your approval')).toContain('Asker 1 <b> *of* 11');
      expect(onHome(approver)).toBeLessThanOrEqual(100);
      await approver.press('All that waits', where(approver));
      await opened(approver, /^Usher\nWaiting for your approval\n[\s\S]*1–5 of 11/);
      await approver.press('Next page');
      await opened(approver, /6–10 of 11/);
      await approver.press('Next page');
      await opened(approver, /11–11 of 11/);
      expect(approver.modal()).not.toContain('[Next page]');
    });

    it('decides in that list, and goes on in it', async () => {
      await approver.press('Deny', { in: /11–11 of 11/ });
      await opened(approver, 'Send denial');
      await approver.type('Why do you deny?', 'Too many');
      expect(await approver.submit()).toMatchObject({ ok: true, closed: true });
      await opened(approver, /^Usher\nWaiting for your approval\n[\s\S]*Denied/);
      await opened(approver, /of 10/);
      expect(approver.view().modals).toHaveLength(1);
      await approver.close();
      await approver.openHome();
      await pages(approver, /1–4 of 10/);
    });

    it('decides several at once on the page, and tells what came of each beside it', async () => {
      await approver.press('Decide several', where(approver));
      await opened(approver, 'Send decisions');
      const waiting = await t.usher.prisma.request.findMany({
        where: { status: 'PendingApproval' },
        orderBy: { createdAt: 'asc' },
        take: 2,
      });
      const refs = waiting.map(({ justification }) => justification.replace('Reason of ', ''));
      const options = JSON.stringify(approver.view().modals.at(-1)?.blocks);
      for (const ref of refs) expect(options).toContain(ref);
      await approver.choose(
        'Which ones?',
        `${refs[0]} Asker 1 <b> *of* 11: Contributor, 1 hour`,
        `${refs[1]} Asker 2 <b> *of* 11: Contributor, 1 hour`,
      );
      await approver.choose('Your decision', 'Deny');
      await approver.type('Why?', 'Both');
      expect(await approver.submit()).toMatchObject({ ok: true, closed: false });
      expect(approver.modal()).toContain('What came of each');
      for (const ref of refs) expect(approver.modal()).toContain(`${ref}: Denied.`);
      await approver.close();
      await pages(approver, /1–4 of 8/);
    });

    it('opens all of somebody’s roles, and goes on from there', async () => {
      await guest.openHome();
      await pages(guest, /Showing: 1–4 of 13[\s\S]*\[All my roles\]/);
      expect(onHome(guest)).toBeLessThanOrEqual(100);
      await guest.press('All my roles', where(guest));
      await opened(guest, /^Your roles\n[\s\S]*1–4 of 13/);
      await guest.press('Next page');
      await opened(guest, /5–8 of 13/);
      await guest.press('Activate', { in: /5–8 of 13/ });
      await opened(guest, /^Activate\n/);
      await guest.close();
      await opened(guest, /5–8 of 13/);
      await guest.close();
    });

    it('stays within Slack’s limit with everything at once', async () => {
      const { prisma, reads } = t.usher;
      const admins = await reads.personByMail('admin@contoso.example');
      const guests = await reads.personByMail(guestsAddress);
      const eligibles = await prisma.assignment.findMany({
        where: { principalId: guests?.id as string, kind: 'eligible', scopeId: { not: '/managementGroups/contoso' } },
      });
      const copies = eligibles.map((row) => ({ ...row, id: randomUUID(), principalId: admins?.id as string }));
      await prisma.assignment.createMany({ data: copies });
      const asked = { version: 1, principalId: admins?.id as string, durationMinutes: 60, settingsVersion: 1 };
      await prisma.request.createMany({
        data: copies.slice(0, 6).map(({ id, roleId, scopeId }) => ({
          ...asked,
          id: randomUUID(),
          eligibilityId: id,
          roleId,
          scopeId,
          justification: 'x'.repeat(500),
          ticket: 't'.repeat(80),
          createdAt: t.now(),
          status: 'PendingApproval',
          timesOutAt: addMinutes(t.now(), day),
        })),
      });
      await prisma.assignment.createMany({
        data: copies.slice(6, 12).map((row) => ({
          ...row,
          id: randomUUID(),
          kind: 'active',
          eligibilityId: row.id,
          requestId: randomUUID(),
          durationMinutes: 60,
          confirmedAt: addMinutes(t.now(), -10),
          status: 'Active',
        })),
      });
      await admin.openHome();
      await pages(
        admin,
        /\[All that waits\][\s\S]*\[All that is active\][\s\S]*\[All my requests\][\s\S]*\[All my roles\]/,
      );
      expect(onHome(admin)).toBeLessThanOrEqual(100);
      await admin.press('All that is active', where(admin));
      await opened(admin, /^Your access\n/);
      await admin.close();
      await admin.press('All my requests', where(admin));
      await opened(admin, /^Your access\n/);
      await admin.close();
    });
  });

  describe('of an account that changes hands', () => {
    const colleague = async (name: string) => {
      const mail = `${name}-${randomUUID().slice(0, 6)}@contoso.example`;
      const { id } = await t.usher.prisma.person.create({
        data: {
          id: randomUUID(),
          version: 1,
          displayName: `Person ${name}`,
          mail,
          userPrincipalName: mail,
          userType: 'Member',
          identities: ['contoso.example'],
          accountEnabled: true,
          createdAt: t.now(),
        },
      });
      await t.usher.prisma.assignment.create({
        data: {
          id: randomUUID(),
          version: 1,
          kind: 'eligible',
          principalId: id,
          roleId: 'contributor',
          scopeId: expenses,
          startsAt: t.now(),
          endsAt: addMinutes(t.now(), 30 * day),
          status: 'InForce',
        },
      });
      return { id, mail };
    };
    const publishedTo = ({ id }: SlackPerson) =>
      t.slack.calls
        .filter(({ method, args }) => method === 'views.publish' && args.user_id === id)
        .map(({ args }) => JSON.stringify(args.view));

    it('shows nothing of the former person to the next one, nor afterwards', async () => {
      const one = await colleague('one');
      const two = await colleague('two');
      const id = `U${randomUUID().slice(0, 6).toUpperCase()}`;
      const person = t.slack.person({ id, name: 'shared', realName: 'Shared', email: one.mail });
      await person.openHome();
      await pages(person, /^Person one\n/);

      await t.slack.updateUser(id, { email: two.mail });
      await pages(person, /^Connect your account\n/);
      const before = publishedTo(person).length;
      await admin.command(`invite ${one.mail} --role Reader --scope rg-payroll --for 30d`);
      await admin.see(`${one.mail} was here already, and is told of the assignment.`);
      await t.mails.see(one.mail, /You are eligible for a role/);
      await t.slack.idle();
      expect(publishedTo(person).slice(before).join('\n')).not.toContain('Person one');

      await person.openHome();
      await pages(person, /^Person two\n/);
      await admin.command(`invite ${one.mail} --role Reader --scope rg-web --for 30d`);
      await eventually(
        async () =>
          (await t.mails.list()).filter(({ to, text }) => to === one.mail && text.includes('rg-web')).length > 0,
        'the news for the former person',
      );
      await t.slack.idle();
      expect(publishedTo(person).slice(before).join('\n')).not.toMatch(/Person one|rg-payroll/);
      expect(person.home()).toMatch(/^Person two\n/);
    });

    it('is asked anew who they are when the account was released', async () => {
      const { mail } = await colleague('three');
      const id = `U${randomUUID().slice(0, 6).toUpperCase()}`;
      const person = t.slack.person({ id, name: 'released', realName: 'Released', email: mail });
      await person.openHome();
      await pages(person, /^Person three\n/);
      await t.slack.updateUser(id, { emailConfirmed: false });
      await pages(person, /^Connect your account\n/);
      await person.openHome();
      await pages(person, /^Connect your account\n/);
      expect(person.home()).not.toContain('Person three');
    });
  });

  it('never does what Slack complains of', () => {
    const refused = t.slack.calls.filter(({ answered }) => answered && !answered.ok);
    expect(refused.map(({ method, answered }) => `${method}: ${answered?.error}`)).toEqual([]);
    for (const person of [guest, approver, admin]) expect(person.notices()).toEqual([]);
    expect(admin.messages().map(shownText).join('\n')).not.toContain('Something went wrong');
  });
});
