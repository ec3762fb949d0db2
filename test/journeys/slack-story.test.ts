import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/connectors/connector.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { readMrkdwn } from '../fakes/slack-text.ts';
import { eventually } from '../support/eventually.ts';
import { codeIn, redeem } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const guestsAddress = 'guest@partner.example';
const hostile = '**x** [a](http://x) <!channel> <@U1> ${y} &lt; *b* _i_ ~s~ `c` :tada: ünïcödé 日本語';
const longest = 'j'.repeat(500);

/** A target system that can be made to wait before it says what is really there. */
function pausing() {
  let open: () => void = () => undefined;
  let gate: Promise<void> = Promise.resolve();
  return {
    pause: () => {
      gate = new Promise((resolve) => {
        open = () => resolve();
      });
    },
    goOn: () => open(),
    around: (connector: Connector): Connector => ({
      ...connector,
      read: async (assignmentIds) => {
        await gate;
        return connector.read(assignmentIds);
      },
    }),
  };
}

// One story, told in order: each step stands on the one before.
describe('the story in Slack', () => {
  let t: TestUsher;
  const target = pausing();
  let guest: SlackPerson;
  let approver: SlackPerson;
  let admin: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ embedded: true, slack: true, wrap: { connector: target.around } });
    ({ guest, approver, admin } = t.slack);
  });
  afterAll(async () => {
    target.goOn();
    await t?.stop();
  });

  const grants = () => t.usher.prisma.directoryGrant.count({ where: { roleId: 'contributor' } });
  /** The one message in the person's chat that tells of this; nothing else there does. */
  const cardWith = async (person: SlackPerson, words: string | RegExp): Promise<string> =>
    shownText(await person.see(words));
  /** What is wrong at each field of the top modal. */
  const faults = (person: SlackPerson) => person.view().modals.at(-1)?.errors ?? {};
  const approve = async (person: SlackPerson, about: string | RegExp, because: string) => {
    await person.press('Approve', { in: about });
    await person.see('[Send approval]');
    await person.type('Why do you approve?', because);
    return person.submit();
  };

  it('gives somebody unknown nothing but the way to link', async () => {
    for (const text of ['roles', 'approvals', 'audit', 'help invite', 'frobnicate']) {
      await guest.command(text);
      expect(guest.modal() ?? (await cardWith(guest, 'Connect your account'))).toMatch(/^Connect your account\n/);
      await guest.close();
    }
  });

  it('recognises full members with confirmed addresses at once, and shows them what they can do', async () => {
    await admin.command('');
    expect(await cardWith(admin, 'Ada Administrator')).toMatch(/Invite a guest[\s\S]*Audit/);
    await approver.command('help');
    const menu = await cardWith(approver, 'Paul Approver');
    expect(menu).toContain('Waiting for me');
    expect(menu).not.toContain('Invite a guest');
  });

  it('explains a command, and guesses what somebody meant', async () => {
    await admin.command('help invite');
    expect(await cardWith(admin, 'Usage: invite')).toContain('--role');
    await admin.command('rolls');
    await admin.see('Did you mean roles?');
    await admin.command(`${hostile} nonsense`);
    await admin.see('I don’t know “**x**”');
  });

  it('refuses an invitation of somebody who may not invite', async () => {
    await approver.command(`invite ${guestsAddress}`);
    await approver.see(/invite guests .*User Administrator or Guest Inviter/);
    await approver.command('invite');
    expect(approver.modal()).toBeNull();
  });

  it.each([
    ['no address', 'invite nobody', '“nobody” is not an e-mail address'],
    ['a plus sign', 'invite gia+x@partner.example', 'Invite gia@partner.example instead.'],
    ['a blocked domain', 'invite eve@mail.blocked.example', 'does not allow guests from mail.blocked.example'],
    ['an unknown role', `invite x@partner.example --role Contributer --scope rg-web`, 'Did you mean Contributor?'],
    ['an unknown scope', `invite x@partner.example --role Reader --scope rg-expanses`, 'Did you mean rg-expenses?'],
  ])('tells what is wrong with %s, typed', async (_what, line, words) => {
    await admin.command(line);
    await admin.see(words);
  });

  it('opens a form for the bare word, and tells what is wrong at its fields', async () => {
    await admin.command('invite');
    await admin.see('[Send invitation]');
    const wrong = async (email: string) => {
      await admin.type('E-mail address', email);
      expect(await admin.submit()).toMatchObject({ ok: true, closed: false });
      return faults(admin);
    };
    expect(await wrong('nobody')).toEqual({ email: expect.stringContaining('“nobody” is not an e-mail address') });
    expect(await wrong('gia+x@partner.example')).toEqual({ email: expect.stringContaining('gia@partner.example') });
    expect(await wrong('eve@blocked.example')).toEqual({ email: expect.stringContaining('blocked.example') });
    await admin.choose('Role', 'Contributor');
    expect(await wrong(guestsAddress)).toEqual({ scope: expect.stringContaining('Contributor is held at a scope') });
    await admin.choose('Where (only with a role)', 'rg-expenses (resource group)');
    await admin.choose('Role');
    expect(await wrong(guestsAddress)).toEqual({ role: expect.stringContaining('but no role') });
    expect(await t.usher.reads.personByMail(guestsAddress)).toBeNull();
  });

  it('sends the invitation once the form is put right, with the words as they were typed', async () => {
    await admin.choose('Role', 'Contributor');
    await admin.choose('For how long (only with a role)', '90 days');
    await admin.type('Name', 'Gia Guest');
    await admin.type('Company', hostile);
    await admin.type('Message to the guest', 'Welcome, <!channel> & ${you}');
    expect(await admin.submit()).toMatchObject({ ok: true, closed: true });
    await admin.see(`The invitation to ${guestsAddress} is on its way.`);
    expect(await cardWith(admin, 'Sent – waiting for the guest to accept')).toContain(hostile);
    const mail = await t.mails.see(guestsAddress, /invited/);
    expect(mail.text).toContain('Welcome, <!channel> & ${you}');
  });

  it('invites by one line, too', async () => {
    await admin.command(
      'invite other@partner.example --role Reader --scope rg-web --eligible --for 30d --message "Welcome" --name "Oda Other"',
    );
    await t.mails.see('other@partner.example', /Welcome/);
    expect(await cardWith(admin, 'other@partner.example')).toContain('Oda Other');
  });

  it('lets the guest in by the link and a one-time code, and tells the inviter', async () => {
    const done = await redeem(t.mails, guestsAddress);
    expect(done.html).toContain('You have accepted the invitation');
    await admin.see(/Accepted[\s\S]*guest@partner.example/);
  });

  it('knows the guest in Slack by a code from their mail', async () => {
    await guest.command(`link ${guestsAddress}`);
    await guest.see('Enter your code');
    await guest.close();
    const mail = await t.mails.see(guestsAddress, /connect your chat account/);
    await guest.command(`code ${codeIn(mail.text)}`);
    await guest.see('Linked');
    await guest.command('roles');
    expect(await cardWith(guest, 'rg-expenses')).toContain('Contributor');
  });

  it('asks in a form for how long, why and by which ticket, and then the approvers', async () => {
    await guest.press('Activate', { in: 'rg-expenses' });
    expect(await cardWith(guest, '[Ask for approval]')).toMatch(
      /^Activate\n[\s\S]*How long\?[\s\S]*Why do you need it\?[\s\S]*Ticket/,
    );
    await guest.choose('How long?', '2 hours');
    await guest.type('Why do you need it?', hostile);
    await guest.type('Ticket number', '<!here> *T-1* &amp;');
    expect(await guest.submit()).toMatchObject({ ok: true, closed: true });
    await guest.see(/Your request\nWaiting for approval/);
    for (const person of [approver, admin]) {
      const card = await cardWith(person, /Access request\nWaiting for approval/);
      for (const words of [
        hostile,
        '<!here> *T-1* &amp;',
        'Gia Guest',
        'guest',
        'Contributor',
        'rg-expenses',
        '2 hours',
      ])
        expect(card).toContain(words);
    }
    expect(await grants()).toBe(0);
  });

  it('shows the words of people literally in notifications, too', async () => {
    const { messages } = approver;
    const posted = messages().findLast(({ blocks }) => JSON.stringify(blocks).includes('日本語'));
    expect(readMrkdwn(posted?.text ?? '')).toContain('<!channel> <@U1> ${y} &lt;');
    expect(posted?.text).not.toContain('<!channel>');
  });

  it('lists what waits, and the status', async () => {
    await approver.command('approvals');
    expect(await cardWith(approver, 'Waiting for your approval')).toContain(hostile);
    await guest.command('status');
    expect(await cardWith(guest, 'Your access')).toContain(hostile);
  });

  it('says that it is being set up on every copy while the target system has not confirmed it', async () => {
    target.pause();
    expect(await approve(approver, /Access request\nWaiting/, 'Agreed: <!channel> *quarter* end')).toMatchObject({
      ok: true,
      closed: true,
    });
    for (const person of [approver, admin]) {
      const card = await cardWith(person, /Access request\nApproved – access is being set up, not active yet/);
      expect(card).toContain('Paul Approver');
      expect(card).toContain('Agreed: <!channel> *quarter* end');
      expect(card).not.toContain('[Approve]');
    }
    await guest.see(/Your request\nApproved – access is being set up, not active yet/);
    for (const person of [guest, approver, admin]) expect(person.screen()).not.toContain('Active until');
  });

  it('says that it is active once that is read back, on every copy', async () => {
    target.goOn();
    for (const person of [approver, admin]) {
      const card = await cardWith(person, /Access request\nActive until/);
      expect(card).toContain('Paul Approver');
      expect(card).not.toMatch(/\[Approve\]|\[Deny\]/);
    }
    expect(await cardWith(guest, /Your request\nActive until/)).toContain('[Deactivate now]');
    expect(await grants()).toBe(1);
    for (const person of [guest, approver, admin]) await person.seeGone('being set up');
  });

  it('keeps an activation for its first five minutes, with the reason told, and the card in place', async () => {
    await guest.press('Deactivate now', { in: /Your request\nActive until/ });
    await guest.see('can’t be deactivated in its first five minutes');
    expect(guest.modal()).toContain('Too early');
    await guest.close();
    await guest.see(/Your request\nActive until/);
    expect(await grants()).toBe(1);
  });

  it('warns ten minutes before the end', async () => {
    t.passMinutes(111);
    await guest.see('Your access ends soon');
  });

  it('ends access by itself, and tells everybody', async () => {
    t.passMinutes(10);
    await eventually(async () => (await grants()) === 0, 'the end of access');
    await guest.see(/Your request\nEnded – the access is gone\nIts time was up/);
    await guest.see('Your access has ended');
    for (const person of [approver, admin]) await person.see(/Access request\nEnded – the access is gone/);
  });

  it('denies as it approves: told to the guest, with the reason, and nothing granted', async () => {
    await guest.command('activate Contributor --for 1h --because "Once more"');
    await admin.see(/Waiting for approval[\s\S]*Once more/);
    await admin.press('Deny', { in: /Waiting for approval[\s\S]*Once more/ });
    await admin.see('[Send denial]');
    await admin.type('Why do you deny?', 'Not twice');
    expect(await admin.submit()).toMatchObject({ ok: true, closed: true });
    await guest.see(/Your request\nDenied[\s\S]*Ada Administrator[\s\S]*Not twice/);
    for (const person of [approver, admin])
      expect(await cardWith(person, /Access request\nDenied/)).toMatch(/Ada Administrator[\s\S]*Not twice/);
    expect(await grants()).toBe(0);
  });

  it('tells the late approver whose decision it was', async () => {
    await guest.command(`activate Contributor --for 1h --because "${longest}"`);
    for (const person of [approver, admin]) {
      await person.see(new RegExp(`Waiting for approval[\\s\\S]*${longest}`));
      await person.press('Approve', { in: longest });
      await person.see('[Send approval]');
      await person.type('Why do you approve?', `Fine with ${person.id}`);
    }
    await approver.submit();
    await admin.see(/being set up[\s\S]*Paul Approver|Active until[\s\S]*Paul Approver/);
    expect(await admin.submit()).toMatchObject({ ok: true, closed: true });
    const card = await cardWith(admin, new RegExp(`Active until[\\s\\S]*${longest}`));
    expect(card).toContain('Fine with U_APPROVER');
    expect(card).not.toContain('Fine with U_ADMIN');
    expect(await grants()).toBe(1);
  });

  it('lets go before the end, when the first minutes are over', async () => {
    await guest.see(/Your request\nActive until/);
    t.passMinutes(6);
    await guest.press('Deactivate now', { in: /Your request\nActive until/ });
    await eventually(async () => (await grants()) === 0, 'the end of access');
    await guest.see(/Your request\nEnded[\s\S]*The holder ended it early/);
    for (const person of [approver, admin]) await person.see(/Ended[\s\S]*The holder ended it early/);
  });

  it('takes a request back, typed and by its button', async () => {
    await guest.command('activate Contributor --for 1h --because "Third time"');
    await approver.see(/Waiting for approval[\s\S]*Third time/);
    await guest.command('cancel');
    await guest.see('Your request is taken back.');
    for (const person of [approver, admin]) await person.see(/Canceled[\s\S]*Third time/);
    await guest.command('activate Contributor --for 1h --because "Fourth time"');
    await approver.see(/Waiting for approval[\s\S]*Fourth time/);
    await guest.see(/Your request\nWaiting for approval[\s\S]*Fourth time/);
    await guest.press('Cancel request', { in: /Your request\n[\s\S]*Fourth time/ });
    await guest.see(/Your request\nCanceled[\s\S]*Fourth time/);
    for (const person of [approver, admin]) await person.see(/Canceled[\s\S]*Fourth time/);
  });

  it('shows an administrator every step, and proves the record', async () => {
    await admin.command('audit');
    expect(await cardWith(admin, 'Audit record')).toMatch(/Fourth time[\s\S]*slack/);
    await admin.press('Next page', { in: 'Audit record' });
    await admin.see(/Audit record[\s\S]*9–16 of/);
    await admin.command('audit verify');
    await admin.see('Intact');
    await guest.command('audit');
    await guest.see(/To read the audit log you need/);
  });

  it('shows the words of people literally in the record', async () => {
    const pages = Number((await t.usher.reads.auditHead()).sequence) / 8;
    const read: string[] = [];
    for (let page = 1; page <= Math.ceil(pages); page += 1) {
      await admin.command(`audit --page ${page}`);
      read.push(await cardWith(admin, new RegExp(`Audit record[\\s\\S]*${page * 8 - 7}–`)));
    }
    expect(read.join('\n')).toContain(hostile);
  });

  it('names a changed row', async () => {
    await t.usher.prisma.$executeRawUnsafe('ALTER TABLE "AuditEntry" DISABLE TRIGGER USER');
    await t.usher.prisma.$executeRawUnsafe(`UPDATE "AuditEntry" SET reason = 'forged' WHERE sequence = 4`);
    await admin.command('audit verify');
    expect(await cardWith(admin, 'Damaged')).toContain('4');
  });

  it('never does what Slack complains of', () => {
    const refused = t.slack.calls.filter(({ answered }) => answered && !answered.ok);
    expect(refused.map(({ method, answered }) => `${method}: ${answered?.error}`)).toEqual([]);
    const late = t.slack.deliveries.filter(({ status, late: slow }) => slow || status !== 200);
    expect(late.map(({ kind, status }) => `${kind} ${status}`)).toEqual([]);
    for (const person of [guest, approver, admin]) expect(person.notices()).toEqual([]);
  });
});
