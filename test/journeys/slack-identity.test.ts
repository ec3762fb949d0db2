import { randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiCall, ApiTrouble, NewUser } from '../../dev/slack-workspace/contract.ts';
import { fakeBotToken, type SlackPerson, sharedChannel } from '../fakes/slack.ts';
import { colleague as aColleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { codeIn } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const connect = 'Connect your account';
const notOurs = 'Not from this organisation';

describe('who somebody in Slack is', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true });
  });
  afterAll(() => usher?.stop());
  beforeEach(() => usher.slack.clearTrouble());

  const prisma = () => usher.usher.prisma;
  const somebody = (more: Partial<NewUser> = {}): SlackPerson => {
    const id = `U${randomUUID().slice(0, 8).toUpperCase()}`;
    return usher.slack.person({ id, name: id.toLowerCase(), realName: `Sam ${id}`, email: null, ...more });
  };
  /** Somebody whom the organisation knows. */
  const known = (more: object = {}) => aColleague(usher, more);
  const accountOf = ({ id }: SlackPerson, tenantId = 'T_CONTOSO') =>
    usher.usher.reads.chatAccount({ platform: 'slack', tenantId, userId: id });
  /** What Usher last wrote to them in private, once it is done. */
  const answerTo = async (person: SlackPerson, text: string): Promise<string> => {
    const before = person.messages().length;
    await person.say(text);
    await usher.slack.idle();
    await eventually(async () => person.messages().length > before + 1, 'an answer');
    return person.screen();
  };
  const linkByCode = async (person: SlackPerson, mail: string): Promise<void> => {
    await person.say(`link ${mail}`);
    await person.see('Enter your code');
    const { text } = await usher.mails.see(mail, /Your code/);
    await person.say(`code ${codeIn(text)}`);
    await person.see('Linked');
  };
  const about =
    ({ id }: SlackPerson) =>
    ({ args }: ApiCall) =>
      args.user === id;
  const lastAudit = (subjectId: string, action: string) =>
    prisma().auditEntry.findFirst({ where: { subjectId, action }, orderBy: { sequence: 'desc' } });

  describe('Slack vouches for', () => {
    it.each([
      ['as it is', (mail: string) => mail],
      ['in whatever case', (mail: string) => mail.toUpperCase()],
    ])('a full member by their confirmed address, %s', async (_what, written) => {
      const cora = await known();
      const person = somebody({ email: written(cora.mail) });
      expect(await answerTo(person, 'roles')).not.toContain(connect);
      expect(await accountOf(person)).toMatchObject({ personId: cora.id, provenBy: 'platform' });
      expect(await lastAudit(cora.id, 'account.link')).toMatchObject({
        surface: 'slack',
        details: { platform: 'slack', tenant: 'T_CONTOSO', user: person.id, by: 'mail' },
      });
    });

    it.each<[string, Partial<NewUser>]>([
      ['whose address is not confirmed', { emailConfirmed: false }],
      ['who is a guest of several channels', { restricted: true }],
      ['who is a guest of one channel', { ultraRestricted: true }],
    ])('nobody %s: they link by a code', async (_what, more) => {
      const cora = await known();
      const person = somebody({ email: cora.mail, ...more });
      expect(await answerTo(person, 'roles')).toContain(connect);
      expect(await accountOf(person)).toMatchObject({ personId: null });
      await linkByCode(person, cora.mail);
      expect(await accountOf(person)).toMatchObject({ personId: cora.id, provenBy: 'code' });
    });

    it('nobody without an address, or with one that nobody here has', async () => {
      for (const email of [null, 'nobody@elsewhere.example']) {
        const person = somebody({ email });
        expect(await answerTo(person, 'roles')).toContain(connect);
        expect(await accountOf(person)).toMatchObject({ personId: null });
      }
    });

    it.each([
      ['a bot', { is_bot: true }],
      ['somebody who was deactivated', { deleted: true }],
      ['a stranger', { is_stranger: true }],
    ])('no administrator for %s, though the address is one’s', async (_what, more) => {
      const person = somebody({ email: null });
      const event = {
        type: 'user_change',
        user: {
          id: person.id,
          team_id: 'T_CONTOSO',
          is_email_confirmed: true,
          profile: { email: 'admin@contoso.example' },
          ...more,
        },
      };
      const body = {
        type: 'event_callback',
        event_id: `Ev${randomUUID()}`,
        team_id: 'T_CONTOSO',
        event,
      };
      await person.say('roles');
      await usher.slack.idle();
      await usher.slack.post(usher.slack.signed(JSON.stringify(body)));
      await usher.slack.idle();
      await person.say('audit');
      await usher.slack.idle();
      expect((await accountOf(person))?.personId ?? null).toBeNull();
      expect(person.screen()).not.toContain('invitation.send');
    });

    it('somebody who was invited and has not accepted, but they may do nothing', async () => {
      const cora = await known({ userType: 'Guest', externalUserState: 'PendingAcceptance' });
      const person = somebody({ email: cora.mail });
      await person.say('roles');
      await person.see(/invitation/i);
      expect(await accountOf(person)).toMatchObject({ personId: cora.id });
      expect(person.screen()).not.toContain('eligible for');
    });

    it('somebody whose account is blocked, but they may do nothing', async () => {
      const cora = await known({ accountEnabled: false });
      const person = somebody({ email: cora.mail });
      await person.say('roles');
      await person.see('Your account is blocked');
    });

    it('two accounts of one person, in two places', async () => {
      const cora = await known();
      const slack = somebody({ email: cora.mail });
      await answerTo(slack, 'roles');
      const teams = usher.teams.person({ name: 'Cora', aadObjectId: randomUUID() });
      await teams.say(`link ${cora.mail}`);
      const code = codeIn((await usher.mails.see(cora.mail, /Your code/)).text);
      await teams.say(`code ${code}`);
      expect(await usher.usher.reads.chatAccountsOf(cora.id as never)).toHaveLength(2);
    });
  });

  it('nobody becomes by a wrong code', async () => {
    const cora = await known();
    const person = somebody();
    await person.say(`link ${cora.mail}`);
    await person.see('Enter your code');
    await usher.mails.see(cora.mail, /Your code/);
    await person.say('code 00000000');
    await person.see('That code is wrong');
    expect(await accountOf(person)).toMatchObject({ personId: null });
  });

  describe('somebody of another organisation in a shared channel', () => {
    const post = async (blocks: object[]) => {
      const response = await fetch(`${usher.slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${fakeBotToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel: sharedChannel, text: 'a card', blocks }),
      });
      expect(await response.json()).toMatchObject({ ok: true });
    };
    const button = (title: string, value: string) => ({
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: value.startsWith('form:') ? 'form:0' : 'do:0',
          text: { type: 'plain_text', text: title },
          value,
        },
      ],
    });
    const forAudit = '{"verb":"audit"}';
    const others = () => [usher.slack.guest, usher.slack.approver, usher.slack.admin];
    const nothingDone = async (person: SlackPerson, before: number) => {
      await usher.slack.idle();
      expect(await prisma().auditEntry.count()).toBe(before);
      expect(await accountOf(person)).toBeNull();
      expect(await accountOf(person, 'T_OTHER')).toBeNull();
      for (const other of others()) expect(other.screen()).not.toContain(notOurs);
    };

    it.each([
      ['without an address', null],
      ['who says they are an administrator', 'admin@contoso.example'],
    ])('mentions Usher and is told no, alone (%s)', async (_what, email) => {
      const outsider = somebody({ teamId: 'T_OTHER', email });
      const before = await prisma().auditEntry.count();
      await outsider.mention('audit');
      await outsider.see(notOurs);
      await nothingDone(outsider, before);
    });

    it.each([
      ['without an address', null],
      ['who says they are an administrator', 'admin@contoso.example'],
    ])('presses a button and is told no, alone (%s)', async (_what, email) => {
      const outsider = somebody({ teamId: 'T_OTHER', email });
      await post([button('Audit', forAudit)]);
      const before = await prisma().auditEntry.count();
      await outsider.press('Audit');
      await outsider.see(notOurs);
      await nothingDone(outsider, before);
    });

    it('is told no also while Slack can’t say who they are', async () => {
      const outsider = somebody({ teamId: 'T_OTHER', email: 'admin@contoso.example' });
      const before = await prisma().auditEntry.count();
      usher.slack.trouble({ api: 'users.info', status: 500, times: 9 });
      await outsider.mention('audit');
      await outsider.see(notOurs);
      await nothingDone(outsider, before);
    });

    it('sends a form and is told no in it', async () => {
      const outsider = somebody({ teamId: 'T_OTHER', email: 'admin@contoso.example' });
      const form = {
        title: 'Link',
        context: null,
        card: {
          body: [{ type: 'Input.Text', id: 'email', label: 'Your e-mail', isRequired: true }],
          actions: [{ type: 'Action.Execute', title: 'Send', verb: 'link', data: { verb: 'link' } }],
        },
      };
      await post([button('Link', `form:${deflateRawSync(JSON.stringify(form)).toString('base64url')}`)]);
      const before = await prisma().auditEntry.count();
      await outsider.press('Link');
      await outsider.see('Your e-mail');
      await outsider.type('Your e-mail', 'admin@contoso.example');
      expect(await outsider.submit()).toMatchObject({ ok: true });
      expect(outsider.modal()).toContain(notOurs);
      await nothingDone(outsider, before);
    });

    it('but one of ours presses the same button and is answered', async () => {
      await post([button('Audit now', forAudit)]);
      await usher.slack.admin.press('Audit now');
      await usher.slack.admin.see('Audit record');
      expect(usher.slack.admin.screen()).not.toContain(notOurs);
    });
  });

  describe('when Slack changes what it says of somebody,', () => {
    const boundByPlatform = async () => {
      const cora = await known();
      const person = somebody({ email: cora.mail });
      await answerTo(person, 'roles');
      await person.openHome();
      await eventually(async () => person.home() !== '', 'their page');
      expect(await accountOf(person)).toMatchObject({ personId: cora.id, provenBy: 'platform' });
      return { cora, person };
    };
    const boundByCode = async () => {
      const cora = await known();
      const person = somebody({ email: 'c@elsewhere.example', restricted: true });
      await linkByCode(person, cora.mail);
      return { cora, person };
    };
    const unlinked = (person: SlackPerson) =>
      eventually(async () => (await accountOf(person))?.personId === null, 'the end of the link');

    it('deactivated: the account is nobody’s at once, on the record, and Home is drawn no more', async () => {
      const { cora, person } = await boundByPlatform();
      await usher.slack.updateUser(person.id, { deleted: true });
      await unlinked(person);
      expect(await lastAudit(cora.id, 'account.unlink')).toMatchObject({
        reason: 'deactivated',
        details: { platform: 'slack', tenant: 'T_CONTOSO', user: person.id },
      });
      await usher.slack.idle();
      const from = usher.slack.calls.length;
      await prisma().card.updateMany({
        where: { recipientId: cora.id, channel: 'home' },
        data: { wanted: { increment: 1 }, queuedAt: new Date(0) },
      });
      await eventually(
        async () =>
          (await prisma().card.findMany({ where: { recipientId: cora.id, channel: 'home' } })).every(
            ({ shown, wanted }) => shown === wanted,
          ),
        'the page to be looked after',
      );
      expect(
        usher.slack.calls
          .slice(from)
          .filter(({ method, args }) => method === 'views.publish' && args.user_id === person.id),
      ).toEqual([]);
    });

    it('deactivated: also who was bound by a code', async () => {
      const { cora, person } = await boundByCode();
      await usher.slack.updateUser(person.id, { deleted: true });
      await unlinked(person);
      expect(await lastAudit(cora.id, 'account.unlink')).toMatchObject({ reason: 'deactivated' });
    });

    it('back again: a full member is recognised anew, who had a code needs another', async () => {
      const platform = await boundByPlatform();
      const code = await boundByCode();
      for (const { person } of [platform, code]) {
        await usher.slack.updateUser(person.id, { deleted: true });
        await unlinked(person);
        await usher.slack.updateUser(person.id, { deleted: false });
        await usher.slack.idle();
        await person.say('roles');
        await usher.slack.idle();
      }
      expect(await accountOf(platform.person)).toMatchObject({ personId: platform.cora.id });
      expect(await accountOf(code.person)).toMatchObject({ personId: null });
    });

    it.each([
      ['becomes a guest', { restricted: true }],
      ['becomes a guest of one channel', { ultraRestricted: true }],
      ['changes the address', { email: 'other@contoso.example' }],
      ['has no confirmed address any more', { emailConfirmed: false }],
      ['hides the address', { email: null }],
    ])('who was bound by the platform and %s is unbound', async (_what, change) => {
      const { cora, person } = await boundByPlatform();
      await usher.slack.updateUser(person.id, change);
      await unlinked(person);
      expect(await lastAudit(cora.id, 'account.unlink')).toMatchObject({ reason: 'no-longer-vouched-for' });
      expect(await answerTo(person, 'roles')).toContain(connect);
    });

    it('who was bound by the platform and takes somebody else’s address is not that person by the same event', async () => {
      const { person } = await boundByPlatform();
      await usher.slack.updateUser(person.id, { email: 'admin@contoso.example', emailConfirmed: false });
      await unlinked(person);
      expect(await answerTo(person, 'audit')).toContain(connect);
    });

    it.each([
      ['becomes a full member', { restricted: false }],
      ['changes the address', { email: 'other@contoso.example' }],
      ['becomes a guest of one channel', { ultraRestricted: true }],
    ])('who was bound by a code and %s stays bound', async (_what, change) => {
      const { cora, person } = await boundByCode();
      await usher.slack.updateUser(person.id, change);
      await usher.slack.idle();
      await person.say('roles');
      await usher.slack.idle();
      expect(await accountOf(person)).toMatchObject({ personId: cora.id });
    });

    it('a new name or time zone changes no binding', async () => {
      const { cora, person } = await boundByPlatform();
      await usher.slack.updateUser(person.id, { realName: 'Cora New', tz: 'Asia/Tokyo' });
      await usher.slack.idle();
      expect(await accountOf(person)).toMatchObject({ personId: cora.id, timeZone: 'Asia/Tokyo' });
    });

    it('of somebody who was never here, nothing is kept', async () => {
      const person = somebody({ email: 'x@contoso.example' });
      await usher.slack.updateUser(person.id, { tz: 'Asia/Tokyo' });
      await usher.slack.idle();
      expect(await accountOf(person)).toBeNull();
    });
  });

  describe('while Slack can’t say who somebody is,', () => {
    it.each<[string, Omit<ApiTrouble, 'api'>]>([
      ['busy', { status: 429, retryAfterSeconds: 1 }],
      ['down', { status: 500 }],
      ['cut off', { cutBefore: true }],
      ['wrong', { error: 'missing_scope' }],
    ])('(%s) who is bound goes on, by whatever they are bound', async (_what, trouble) => {
      for (const provenBy of ['platform', 'code']) {
        const cora = await known();
        const person = somebody({ email: provenBy === 'platform' ? cora.mail : null });
        await prisma().chatAccount.create({
          data: {
            id: randomUUID(),
            version: 1,
            platform: 'slack',
            tenantId: 'T_CONTOSO',
            userId: person.id,
            personId: cora.id,
            provenBy,
            lastSeenAt: usher.now(),
          },
        });
        usher.slack.trouble({ ...trouble, api: 'users.info', when: about(person), times: 5 });
        for (const act of [() => person.say('status'), () => person.command('status'), () => person.openHome()]) {
          await act();
          await usher.slack.idle();
        }
        await eventually(async () => person.home() !== '', 'the page');
        expect(person.messages().length).toBeGreaterThan(2);
        expect(person.screen()).not.toMatch(/Connect your account|Not from|went wrong/);
        expect(await accountOf(person)).toMatchObject({ personId: cora.id });
      }
    });

    it('who is not bound is not let in', async () => {
      const cora = await known();
      const person = somebody({ email: cora.mail });
      usher.slack.trouble({ api: 'users.info', status: 500, when: about(person), times: 5 });
      expect(await answerTo(person, 'roles')).toContain(connect);
      expect(await accountOf(person)).toMatchObject({ personId: null });
      usher.slack.clearTrouble();
      await person.say('roles');
      await eventually(async () => (await accountOf(person))?.personId === cora.id, 'recognition');
    });
  });

  it('an address that goes to another person takes the account along only when Slack says so again', async () => {
    const cora = await known();
    const person = somebody({ email: cora.mail });
    await answerTo(person, 'roles');
    const moved = `moved-${cora.mail}`;
    await prisma().person.update({ where: { id: cora.id }, data: { mail: moved, version: { increment: 1 } } });
    const heir = await known({ mail: cora.mail, userPrincipalName: randomUUID() });
    await person.say('roles');
    await eventually(async () => (await accountOf(person))?.personId !== cora.id, 'the end of the link');
    await person.say('roles');
    await eventually(async () => (await accountOf(person))?.personId === heir.id, 'the new link');
  });
});
