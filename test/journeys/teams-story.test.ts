import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const hostile = '**x** [a](http://x) <at>all</at> ${y} ünïcödé 日本語';
const invitation =
  'invite guest@partner.example --role Contributor --scope rg-expenses --eligible --for 90d --message "Welcome" --company Partner --name "Gia Guest"';

// One story, told in order: each step stands on the one before.
describe('the story in Teams', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher();
  });
  afterAll(() => usher?.stop());

  const grants = () => usher.usher.prisma.directoryGrant.count({ where: { roleId: 'contributor' } });

  it('gives somebody unknown nothing but the way to link', async () => {
    await usher.guest.open();
    await usher.guest.see('Connect your account');
    await usher.guest.say('roles');
    await usher.guest.say('approvals');
    expect(usher.guest.messages.map(({ card }) => card && textOf(card))).toSatisfy((all: string[]) =>
      all.every((text) => text.startsWith('Connect your account')),
    );
  });

  it('shows an administrator what they can do', async () => {
    await usher.admin.open();
    await usher.approver.open();
    const menu = await usher.admin.see('Invite a guest');
    expect(menu.card && textOf(menu.card)).toContain('Audit');
  });

  it('invites by one line, by mail', async () => {
    await usher.admin.say(invitation);
    await usher.admin.see('guest@partner.example');
    const mail = await usher.mails.see('guest@partner.example', /invited/);
    expect(mail.text).toContain('Welcome');
  });

  it('lets the guest in by the link and a one-time code, and tells the inviter', async () => {
    const done = await redeem(usher.mails, 'guest@partner.example');
    expect(done.html).toContain('You have accepted the invitation');
    const person = await usher.usher.reads.personByMail('guest@partner.example');
    expect(person).toMatchObject({ userType: 'Guest', externalUserState: 'Accepted', identities: ['mail'] });
    await usher.admin.see(/Accepted/);
  });

  it('shows the guest their eligible roles', async () => {
    await usher.guest.say('roles');
    const roles = await usher.guest.see('rg-expenses');
    expect(roles.card && textOf(roles.card)).toContain('Contributor');
  });

  it('asks the approvers, with what they need to know and the words as they were typed', async () => {
    await usher.guest.click('Ask for approval', { justification: hostile, duration: '120' });
    await usher.guest.see('Waiting for approval');
    for (const approver of [usher.approver, usher.admin]) {
      const card = await approver.see(hostile);
      const text = textOf(card.card ?? {});
      for (const words of [
        'Gia Guest',
        'Guest',
        'Partner',
        'Ada Administrator',
        'Contributor',
        'rg-expenses',
        '2 hours',
      ])
        expect(text).toContain(words);
    }
    expect(await grants()).toBe(0);
  });

  it('lists what waits', async () => {
    await usher.approver.say('approvals');
    await usher.approver.see('Waiting for your approval');
  });

  it('grants only after an approval, and shows it on every copy', async () => {
    const asked = await usher.approver.see(hostile);
    const result = await usher.approver.click(
      'Send approval',
      { justification: 'Agreed: quarter end' },
      { message: asked },
    );
    expect(result).toMatchObject({ httpStatus: 200, statusCode: 200 });
    const active = await usher.guest.see(/Active until/);
    expect(textOf(active.card ?? {})).toContain('Paul Approver');
    expect(await grants()).toBe(1);
    for (const approver of [usher.approver, usher.admin]) {
      const card = await approver.see(/Active until/);
      expect(JSON.stringify(card.card)).not.toContain('"approve"');
      expect(textOf(card.card ?? {})).toContain('Paul Approver');
    }
  });

  it('tells the late approver whose decision it was', async () => {
    const shown = usher.admin.messages.find(({ versions }) =>
      versions.some((version) => textOf(version).includes(hostile)),
    );
    const first = { ...shown, card: shown?.versions[0] ?? null } as never;
    const late = await usher.admin.click('Send denial', { justification: 'No' }, { message: first });
    expect(late.statusCode).toBe(200);
    expect(textOf(late.card ?? {})).toMatch(/Active until[\s\S]*Paul Approver/);
    expect(await grants()).toBe(1);
  });

  it('shows the status', async () => {
    await usher.guest.say('status');
    const status = await usher.guest.see('Your access');
    expect(textOf(status.card ?? {})).toContain('Contributor');
  });

  it('keeps an activation for its first five minutes, with the reason told, and the card in place', async () => {
    const active = await usher.guest.see(/Your request\nActive until/);
    // So much was said in this chat just now that Teams' rates would hold up one more message.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const refused = await usher.guest.click('Deactivate now', {}, { message: active });
    expect(textOf(refused.card ?? {})).toContain('Active until');
    await usher.guest.see(/five minutes|5 minutes/);
    expect(await grants()).toBe(1);
  });

  it('warns ten minutes before the end', async () => {
    usher.passMinutes(111);
    await usher.guest.see('Your access ends soon');
  });

  it('ends access by itself, and tells the guest', async () => {
    usher.passMinutes(10);
    await eventually(async () => (await grants()) === 0, 'the end of access');
    await usher.guest.see('Ended – the access is gone');
    await eventually(
      async () => [usher.approver, usher.admin].every((person) => person.find(/Ended – the access is gone/)),
      'the end on the approvers’ cards',
    );
  });

  it('denies as it approves: told to the guest, with the reason, and nothing granted', async () => {
    await usher.guest.say('activate Contributor --for 1h --because "Once more"');
    const asked = await usher.admin.see('Once more');
    await usher.admin.click('Send denial', { justification: 'Not twice' }, { message: asked });
    const denied = await usher.guest.see('Not twice');
    expect(textOf(denied.card ?? {})).toMatch(/Denied/);
    expect(await grants()).toBe(0);
  });

  it('takes a request back', async () => {
    await usher.guest.say('activate Contributor --for 1h --because "Third time"');
    await usher.approver.see('Third time');
    await usher.guest.say('cancel');
    await eventually(
      async () => /Canceled/.test(textOf(usher.approver.find('Third time')?.card ?? {})),
      'the cancelling on the approver’s card',
    );
  });

  it('lets go before the end, when the first minutes are over', async () => {
    await usher.guest.say('activate Contributor --for 1h --because "Fourth time"');
    const asked = await usher.approver.see('Fourth time');
    await usher.approver.click('Send approval', { justification: 'Fine' }, { message: asked });
    await usher.guest.see(/Your request\nActive until[\s\S]*Fourth time/);
    expect(await grants()).toBe(1);
    usher.passMinutes(6);
    await usher.guest.say('deactivate');
    await eventually(async () => (await grants()) === 0, 'the end of access');
    await usher.guest.see('The holder ended it early.');
  });

  it('shows an administrator every step, and proves the record', async () => {
    await usher.admin.say('audit');
    await usher.admin.see('Audit record');
    await usher.admin.say('audit verify');
    await usher.admin.see('Intact');
    await usher.guest.say('audit');
    await usher.guest.see(/not allowed|may not|can’t/i);
  });

  it('names a changed row', async () => {
    await usher.usher.prisma.$executeRawUnsafe('ALTER TABLE "AuditEntry" DISABLE TRIGGER USER');
    await usher.usher.prisma.$executeRawUnsafe(`UPDATE "AuditEntry" SET reason = 'forged' WHERE sequence = 4`);
    await usher.admin.say('audit verify');
    const broken = await usher.admin.see('Damaged');
    expect(textOf(broken.card ?? {})).toContain('4');
  });
});
