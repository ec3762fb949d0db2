import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Writes } from '../../src/commands/ports.ts';
import { inputName } from '../../src/notifications/cards.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { colleague as aColleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { codeIn } from '../support/redeem.ts';
import { guestsAddress, inviteGuest, linkInSlack } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

/** A database that can be made slow: commits wait until they may go on. */
function slowable() {
  let held: Promise<void> | null = null;
  let release: () => void = () => undefined;
  return {
    hold: () => {
      held = new Promise((resolve) => {
        release = () => resolve();
      });
    },
    release: () => {
      held = null;
      release();
    },
    around: (writes: Writes): Writes => ({
      commit: async (batch) => {
        if (batch.answer) await held;
        return writes.commit(batch);
      },
    }),
  };
}

describe('forms in Slack', () => {
  let t: TestUsher;
  const database = slowable();
  let guest: SlackPerson;
  let approver: SlackPerson;
  let admin: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true, wrap: { writes: database.around } });
    ({ guest, approver, admin } = t.slack);
    await inviteGuest(t);
    await linkInSlack(t, guest, guestsAddress);
    await approver.command('help');
    await approver.see('Paul Approver');
  });
  afterAll(() => t?.stop());
  /** Empty screens but for what was posted to stay. */
  beforeEach(async () => {
    for (const { id } of [guest, approver, admin]) await t.slack.act(id, { kind: 'reload' });
  });
  afterEach(async () => {
    database.release();
    t.slack.clearTrouble();
    if (!(await openRequest())) return;
    await guest.command('cancel');
    await eventually(async () => !(await openRequest()), 'the end of the request');
    await t.slack.idle();
  });

  const prisma = () => t.usher.prisma;
  const openRequest = () => prisma().request.findFirst({ where: { status: 'PendingApproval' } });
  const top = ({ view }: SlackPerson) => view().modals.at(-1);
  /** What the inputs of the top modal hold, by their names. */
  const held = (person: SlackPerson) =>
    Object.fromEntries(
      Object.entries(top(person)?.inputs ?? {}).map(([key, value]) => [inputName(key.split('/', 1)[0] ?? ''), value]),
    );
  /** Where and when, as the form for an activation offers them. */
  const atOnce = { scope: '/subscriptions/finance/resourceGroups/rg-expenses', from: null };
  /** Waits for a modal with these words. */
  const opened = (person: SlackPerson, words: RegExp) =>
    eventually(async () => words.test(person.modal() ?? ''), `a modal of ${person.id} with ${words}`);
  const read = async (person: SlackPerson, words: string | RegExp) => shownText(await person.see(words));
  const audited = (action: string) => prisma().auditEntry.count({ where: { action } });
  const somebody = async () => {
    const { mail } = await aColleague(t);
    const id = `U${randomUUID().slice(0, 8).toUpperCase()}`;
    const person = t.slack.person({
      id,
      name: 'cora',
      realName: 'Cora',
      email: 'c@elsewhere.example',
      restricted: true,
    });
    return { person, mail };
  };

  describe('a role that was asked for without a reason', () => {
    it('opens the form, filled in with what was typed', async () => {
      await guest.command('activate contributor --for 4h --ticket "T-7 <b>"');
      await guest.see('[Ask for approval]');
      expect(held(guest)).toEqual({ ...atOnce, duration: '240', justification: null, ticket: 'T-7 <b>' });
      await guest.type('Why do you need it?', 'Quarter end');
      expect(await guest.submit()).toMatchObject({ ok: true, closed: true });
      await eventually(openRequest, 'the request');
      expect(await openRequest()).toMatchObject({
        durationMinutes: 240,
        justification: 'Quarter end',
        ticket: 'T-7 <b>',
      });
    });

    it('keeps what was typed when something is wrong, and says it at the field', async () => {
      await guest.command('activate contributor');
      await guest.see('[Ask for approval]');
      await guest.choose('How long?', '30 minutes');
      await guest.type('Why do you need it?', '   ');
      await guest.type('Ticket number', 'T-8');
      expect(await guest.submit()).toMatchObject({
        ok: true,
        closed: false,
        errors: { justification: expect.stringContaining('A justification is required.') },
      });
      expect(held(guest)).toEqual({ ...atOnce, duration: '30', justification: '   ', ticket: 'T-8' });
      await guest.type('Why do you need it?', 'Now with a reason');
      expect(await guest.submit()).toMatchObject({ ok: true, closed: true });
      await eventually(openRequest, 'the request');
      expect(await openRequest()).toMatchObject({ durationMinutes: 30, ticket: 'T-8' });
    });

    it('is asked for one that can be seen', async () => {
      await guest.command('activate contributor');
      await guest.see('[Ask for approval]');
      await guest.type('Why do you need it?', '\u200e\u2060\u00ad\u200d\u3164');
      expect(await guest.submit()).toMatchObject({
        closed: false,
        errors: { justification: expect.stringContaining('A justification is required.') },
      });
      await guest.close();
    });

    it('that is asked for already shows that, and no form', async () => {
      await guest.command('activate contributor --because "First"');
      await guest.see(/Your request\nWaiting[\s\S]*First/);
      await guest.command('activate contributor');
      expect(await read(guest, 'Activate a role')).toContain('Waiting for approval');
      expect(top(guest)).toBeUndefined();
    });

    it('that somebody is not eligible for is refused, and no form opens', async () => {
      await guest.command('activate owner');
      await guest.see('You are not eligible for that role there.');
      expect(top(guest)).toBeUndefined();
    });
  });

  it('refuses in the form what was decided on while it was open', async () => {
    await guest.command('activate contributor');
    await guest.see('[Ask for approval]');
    await guest.say('activate contributor --because "By message"');
    await eventually(openRequest, 'the request');
    await guest.type('Why do you need it?', 'By form');
    expect(await guest.submit()).toMatchObject({ ok: true, closed: false });
    expect(guest.modal()).toContain('A request for this role is open already.');
    expect(await prisma().request.count({ where: { justification: 'By form' } })).toBe(0);
  });

  it('asks for names where there are too many to choose from, and guesses at the field what was meant', async () => {
    const many = Array.from({ length: 45 }, (_, number) => ({
      id: `role-${number}`,
      name: `Role ${number}`,
      kind: 'resource',
      description: '',
    }));
    await prisma().role.createMany({ data: many });
    try {
      await admin.command('invite');
      await admin.see('[Send invitation]');
      await admin.type('E-mail address', 'typed@partner.example');
      await admin.type('Role', 'Contributer');
      await admin.choose('Where (only with a role)', 'rg-web (resource group)');
      expect(await admin.submit()).toMatchObject({
        errors: { role: expect.stringContaining('Did you mean Contributor?') },
      });
      expect(held(admin)).toMatchObject({ email: 'typed@partner.example', role: 'Contributer' });
    } finally {
      await prisma().role.deleteMany({ where: { id: { in: many.map(({ id }) => id) } } });
    }
  });

  describe('delivered twice', () => {
    it('a submission has one effect, and closes the form', async () => {
      await guest.command('activate contributor');
      await guest.see('[Ask for approval]');
      await guest.type('Why do you need it?', 'Twice');
      t.slack.trouble({ delivery: 'submission', duplicate: 2 });
      expect(await guest.submit()).toMatchObject({ ok: true, closed: true });
      await guest.see(/Your request\nWaiting[\s\S]*Twice/);
      await t.slack.idle();
      expect(await prisma().request.count({ where: { justification: 'Twice' } })).toBe(1);
      const waiting = guest.messages().filter((message) => /^Your request\nWaiting/.test(shownText(message)));
      expect(waiting).toHaveLength(1);
    });

    it('a command has one effect, and one answer', async () => {
      t.slack.trouble({ delivery: 'command', duplicate: 2 });
      const before = await audited('invitation.send');
      await admin.command('invite twice@partner.example');
      await admin.see(/Sent – waiting[\s\S]*twice@partner.example/);
      await t.slack.idle();
      expect(await audited('invitation.send')).toBe(before + 1);
      expect(admin.messages().filter((message) => shownText(message).includes('twice@partner.example'))).toHaveLength(
        1,
      );
    });

    it('a press has one effect', async () => {
      await guest.command('activate contributor --because "Pressed twice"');
      await guest.see(/Your request\nWaiting[\s\S]*Pressed twice/);
      const before = await audited('activation.cancel');
      t.slack.trouble({ delivery: 'action', duplicate: 2 });
      await guest.press('Cancel request', { in: /Your request\nWaiting/ });
      await guest.see(/Your request\nCanceled[\s\S]*Pressed twice/);
      await t.slack.idle();
      expect(guest.modal()).toBeNull();
      expect(await audited('activation.cancel')).toBe(before + 1);
    });
  });

  describe('that can’t be opened in time', () => {
    it('comes as a message, which works', async () => {
      t.slack.trouble({ api: 'views.open', error: 'expired_trigger_id' });
      await guest.command('activate contributor --for 2h');
      const form = await guest.see('[Ask for approval]');
      expect(form).toHaveProperty('ephemeral', true);
      await guest.type('Why do you need it?', 'From a message');
      await guest.press('Ask for approval');
      await guest.see(/Your request\nWaiting for approval[\s\S]*From a message/);
      expect(await openRequest()).toMatchObject({ durationMinutes: 120, justification: 'From a message' });
      await guest.seeGone('[Ask for approval]');
    });

    it('comes as a message where it hangs on a button, too, and works', async () => {
      await guest.command('activate contributor --because "To be denied"');
      await approver.see(/Access request\nWaiting[\s\S]*To be denied/);
      t.slack.trouble({ api: 'views.open', error: 'expired_trigger_id' });
      await approver.press('Deny', { in: 'To be denied' });
      await approver.see('[Send denial]');
      expect(approver.modal()).toBeNull();
      await approver.type('Why do you deny?', 'By a message');
      await approver.press('Send denial');
      await guest.see(/Your request\nDenied[\s\S]*By a message/);
      await approver.seeGone('[Send denial]');
    });
  });

  describe('asked for by a message', () => {
    it('comes as a message; what is wrong is said over what was typed', async () => {
      await admin.say('invite');
      await admin.see('[Send invitation]');
      expect(admin.modal()).toBeNull();
      await admin.type('E-mail address', 'eve@blocked.example');
      await admin.type('Company', 'Kept & Co');
      await admin.press('Send invitation');
      expect(await read(admin, 'Please check:')).toContain('does not allow guests from blocked.example');
      expect(held(admin)).toMatchObject({ email: 'eve@blocked.example', company: 'Kept & Co' });
      await admin.type('E-mail address', 'eve@partner.example');
      expect(await admin.submit()).toMatchObject({ ok: true, closed: true });
      await admin.see('The invitation to eve@partner.example is on its way.');
      await admin.seeGone('[Send invitation]');
    });

    it('works at once when all of it is right', async () => {
      await admin.say('invite');
      await admin.see('[Send invitation]');
      await admin.type('E-mail address', 'direct@partner.example');
      await admin.press('Send invitation');
      await admin.see('The invitation to direct@partner.example is on its way.');
      await t.mails.see('direct@partner.example', /invited/);
    });
  });

  describe('the shortcut', () => {
    it('opens somebody’s roles, from which they activate one', async () => {
      expect(await guest.shortcut('request-access')).toMatchObject({ ok: true });
      await opened(guest, /^Your roles\n[\s\S]*rg-expenses/);
      await guest.press('Activate', { in: /^Your roles/ });
      await opened(guest, /Ask for approval/);
      await guest.type('Why do you need it?', 'By shortcut');
      expect(await guest.submit()).toMatchObject({ ok: true, closed: true });
      await eventually(openRequest, 'the request');
      expect(await openRequest()).toMatchObject({ justification: 'By shortcut' });
      await opened(guest, /^Your roles\n[\s\S]*Waiting for approval/);
      expect(guest.view().modals).toHaveLength(1);
    });

    it('asks somebody unknown who they are', async () => {
      const { person } = await somebody();
      await person.shortcut('request-access');
      await person.see(/^Connect your account\n/);
      expect(person.modal()).toContain('[Send me a code]');
    });
  });

  describe('linking', () => {
    it('goes on in the modal that it began in', async () => {
      const { person, mail } = await somebody();
      await person.command('link');
      await person.see('[Send me a code]');
      await person.type('E-mail address', 'me');
      expect(await person.submit()).toMatchObject({
        errors: { email: expect.stringContaining('has to be an e-mail address') },
      });
      await person.type('E-mail address', mail);
      expect(await person.submit()).toMatchObject({ ok: true, closed: false });
      expect(person.modal()).toMatch(/^Enter your code\n/);
      expect(person.view().modals).toHaveLength(1);
      const code = codeIn((await t.mails.see(mail, /connect your chat account/)).text);
      await person.type('Code', String((Number(code) + 1) % 100_000_000).padStart(8, '0'));
      expect(await person.submit()).toMatchObject({ errors: { code: expect.stringContaining('That code is wrong') } });
      await person.type('Code', `${code.slice(0, 4)} ${code.slice(4)}`);
      expect(await person.submit()).toMatchObject({ ok: true, closed: true });
      await person.see('Linked');
      await person.command('status');
      await person.see('Your access');
    });

    it('takes another code', async () => {
      const { person, mail } = await somebody();
      await person.command(`link ${mail}`);
      await person.see('Enter your code');
      await t.mails.see(mail, /connect your chat account/);
      t.passMinutes(2);
      await person.press('Send a new code');
      await eventually(async () => (await t.mails.list()).filter(({ to }) => to === mail).length === 2, 'another code');
      expect(person.view().modals).toHaveLength(1);
      const newest = (await t.mails.list())
        .filter(({ to }) => to === mail)
        .sort((one, other) => (one.at < other.at ? 1 : -1))[0];
      await person.type('Code', codeIn(newest?.text ?? ''));
      expect(await person.submit()).toMatchObject({ ok: true });
      await person.see('Linked');
    });
  });

  describe('a press on something old', () => {
    /** The last press of this person, sent again as if the button had another value. */
    const forge = async (value: string) => {
      const { body } = t.slack.lastRequest() ?? { body: '' };
      const payload = JSON.parse(new URLSearchParams(body).get('payload') ?? '{}');
      payload.actions[0].value = value;
      payload.trigger_id = `${Date.now()}.1.${randomUUID()}`;
      const { status } = await t.slack.post(
        t.slack.signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()),
      );
      expect(status).toBe(200);
    };

    it.each([
      ['nothing that can be read', 'garbage'],
      ['a form that can’t be read', 'form:garbage'],
      ['a list', '[1,2]'],
      ['no verb', '{}'],
      ['a verb that is gone', '{"verb":"frobnicate"}'],
      ['a verb of every object', '{"verb":"constructor"}'],
      ['a verb that is none', '{"verb":{"a":1}}'],
    ])('that holds %s says that it is too old', async (_what, value) => {
      await guest.command('status');
      await guest.see('Your access');
      await guest.press('Show my roles');
      await guest.see('Your roles');
      await forge(value);
      await guest.see('came from a card that is too old; nothing was done');
    });

    it.each([['x'], [randomUUID()], ['']])('about a request that is not there (%j) says so', async (requestId) => {
      await guest.command('status');
      await guest.see('Your access');
      await guest.press('Show my roles');
      await guest.see('Your roles');
      await forge(JSON.stringify({ verb: 'cancel', requestId }));
      await guest.see(/There is no request like that for you/);
    });
  });

  describe('a decision that takes long', () => {
    it('says so in the modal, and then how it went', async () => {
      await guest.command('activate contributor --because "Slowly"');
      await approver.see(/Access request\nWaiting[\s\S]*Slowly/);
      await approver.press('Approve', { in: 'Slowly' });
      await approver.see('[Send approval]');
      await approver.type('Why do you approve?', 'In the end');
      database.hold();
      expect(await approver.submit()).toMatchObject({ ok: true, closed: false });
      expect(approver.modal()).toContain('One moment');
      database.release();
      await approver.see('Done');
      expect(approver.modal()).not.toContain('One moment');
      await approver.see(/Access request\n[\s\S]*In the end/);
      await guest.see(/Your request\nActive until[\s\S]*In the end/);
      t.passMinutes(6);
      await guest.command('deactivate');
      await guest.see(/Your request\nEnded/);
    });

    it('leaves an answer in the chat when its modal was closed meanwhile', async () => {
      await admin.command('invite');
      await admin.see('[Send invitation]');
      await admin.type('E-mail address', 'patient@partner.example');
      database.hold();
      await admin.submit();
      expect(admin.modal()).toContain('One moment');
      await admin.close();
      database.release();
      await admin.see('The invitation to patient@partner.example is on its way.');
    });
  });
});
