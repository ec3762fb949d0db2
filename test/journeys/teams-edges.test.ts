import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JsonCard, textOf } from '../fakes/card-reader.ts';
import { fakeAppId, fakeTenantId, type Message, type TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const hostile = '**x** [a](http://evil.example) <at>all</at> <b>y</b> ${y} {{DATE(2026-01-01)}} ünïcödé 日本語 русский';

describe('Teams, off the straight path', () => {
  let usher: TestUsher;
  let ada: TeamsPerson;
  let paul: TeamsPerson;
  let gia: TeamsPerson;
  /** A member who may do nothing in particular. */
  let max: TeamsPerson;
  let eligibility: string;
  const log: string[] = [];

  beforeAll(async () => {
    usher = await startTestUsher({
      log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
    });
    await usher.admin.open();
    await usher.approver.open();
    await usher.admin.forge('invite', {
      email: 'guest@partner.example',
      name: 'Gia Guest',
      company: 'Partner Ltd',
      role: 'contributor',
      scope: 'rg-expenses',
      duration: '90d',
    });
    await redeem(usher.mails, 'guest@partner.example');
    const guest = await usher.usher.reads.personByMail('guest@partner.example');
    eligibility = (await usher.usher.reads.openEligiblesOf(guest?.id as never))[0]?.id as string;
    const aadObjectId = randomUUID();
    await prisma().person.create({
      data: {
        id: randomUUID(),
        version: 1,
        displayName: 'Max Member',
        mail: 'max@contoso.example',
        userPrincipalName: 'max@contoso.example',
        userType: 'Member',
        identities: ['contoso.example'],
        objectId: aadObjectId,
        accountEnabled: true,
        createdAt: usher.now(),
      },
    });
    max = usher.teams.person({ name: 'Max Member', aadObjectId });
    for (const person of [usher.guest, max]) await person.open();
  });
  afterAll(() => usher?.stop());

  /** The same person with an empty screen. */
  const anew = (name: string, { aadObjectId }: TeamsPerson) => usher.teams.person({ name, aadObjectId });
  beforeEach(() => {
    usher.teams.clearTrouble();
    ada = anew('Ada Administrator', usher.admin);
    paul = anew('Paul Approver', usher.approver);
    gia = anew('Gia Guest', usher.guest);
    max = anew('Max Member', max);
  });

  /** Says it, and reads what comes back at once. */
  const say = async (person: TeamsPerson, text: string, more: object = {}): Promise<string> => {
    const before = person.messages.length;
    expect(await person.say(text, { more })).toBe(200);
    return person.messages
      .slice(before)
      .map(({ card }) => textOf(card ?? {}))
      .join('\n---\n');
  };
  const clicked = async (person: TeamsPerson, verb: string, data: object = {}): Promise<JsonCard> => {
    const result = await person.forge(verb, data);
    expect(result).toMatchObject({ httpStatus: 200, statusCode: 200 });
    return result.card ?? {};
  };
  const click = async (person: TeamsPerson, verb: string, data: object = {}) =>
    textOf(await clicked(person, verb, data));
  /** A card that came back for a click, as if it were a message. */
  const onScreen = (card: JsonCard): Message => ({ id: '1', postedAt: new Date(), card, versions: [card] });

  const prisma = () => usher.usher.prisma;
  const counts = async () => {
    const db = prisma();
    const [people, invitations, assignments, requests, grants, cards] = await Promise.all([
      db.person.count(),
      db.invitation.count(),
      db.assignment.count(),
      db.request.count(),
      db.directoryGrant.count(),
      db.card.count(),
    ]);
    return { people, invitations, assignments, requests, grants, cards };
  };
  /** An open request of the guest’s. */
  const ask = async (justification = 'Quarter end'): Promise<string> => {
    await clicked(gia, 'activate', { assignmentId: eligibility, duration: '60', justification });
    const request = await prisma().request.findFirstOrThrow({ where: { status: 'PendingApproval' } });
    return request.id;
  };
  const takeBack = (requestId: string) => click(gia, 'cancel', { requestId });
  const statusOf = async (id: string) => (await prisma().request.findUniqueOrThrow({ where: { id } })).status;

  describe('an invitation', () => {
    it.each([
      ['no address', 'invite nobody', '“nobody” is not an e-mail address. Nobody was invited.'],
      ['half an address', 'invite gia@partner', 'is not an e-mail address'],
      ['an address of two lines’ worth', 'invite "a@b.example, c@d.example"', 'is not an e-mail address'],
      ['a plus sign', 'invite gia+x@partner.example', 'Invite gia@partner.example instead.'],
      ['a mailing list', 'invite team@googlegroups.com', 'reaches several people'],
      ['a blocked domain', 'invite eve@blocked.example', 'does not allow guests from blocked.example'],
      ['a blocked subdomain, in capitals', 'invite Eve@Mail.BLOCKED.example', 'guests from mail.blocked.example'],
      [
        'an unknown role',
        'invite x@partner.example --role Contributer --scope rg-expenses',
        'Did you mean Contributor?',
      ],
      ['an unknown scope', 'invite x@partner.example --role Reader --scope rg-expanses', 'Did you mean rg-expenses?'],
      ['a role without its scope', 'invite x@partner.example --role Reader', 'Add --scope with one of these'],
      ['a scope without a role', 'invite x@partner.example --scope rg-web', 'Add --role'],
      [
        'a directory role below the directory',
        'invite x@partner.example --role "Guest Inviter" --scope rg-web',
        'can’t be held at',
      ],
      ['no duration', 'invite x@partner.example --role Reader --scope rg-web --for soon', '“soon” is not a duration'],
      [
        'too long a duration',
        'invite x@partner.example --role Reader --scope rg-web --for 400d',
        '365 days at the most',
      ],
      ['for ever', 'invite x@partner.example --role Reader --scope rg-web --for permanent', 'have to end'],
      [
        'too long a message',
        `invite x@partner.example --message "${'m'.repeat(501)}"`,
        'The message has 501 characters; 500',
      ],
      ['too long a name', `invite x@partner.example --name "${'n'.repeat(101)}"`, 'The name has 101 characters; 100'],
      ['somebody who is here', 'invite approver@contoso.example', 'is in the organisation already'],
    ])('with %s is refused with the reason, and nothing is half done', async (_what, line, words) => {
      const before = await counts();
      expect(await say(ada, line)).toContain(words);
      expect(await counts()).toEqual(before);
    });

    it('of somebody who may not invite is refused, and names the roles that may', async () => {
      const before = await counts();
      for (const person of [gia, paul, max])
        expect(await say(person, 'invite x@partner.example')).toMatch(
          /invite guests .*User Administrator or Guest Inviter/,
        );
      expect(await click(max, 'invite', { email: 'x@partner.example' })).toContain(
        'User Administrator or Guest Inviter',
      );
      expect(await counts()).toEqual(before);
    });

    it('typed as phones type it is understood', async () => {
      await say(
        ada,
        'INVITE Phone@Partner.example —role CONTRIBUTOR —scope RG-Expenses –for 30d —message “Welcome, you” —name “Fay Phone”',
      );
      const person = await usher.usher.reads.personByMail('phone@partner.example');
      expect(person).toMatchObject({ displayName: 'Fay Phone', externalUserState: 'PendingAcceptance' });
      const mail = await usher.mails.see('phone@partner.example', /Welcome, you/);
      expect(mail.text).toContain('Contributor');
    });

    it('of somebody invited already is not sent twice, and says what to do', async () => {
      await say(ada, 'invite twice@partner.example');
      const before = await counts();
      expect(await say(ada, 'invite Twice@partner.example')).toContain('resend twice@partner.example');
      expect(await counts()).toEqual(before);
    });

    it('delivered twice by the platform is one', async () => {
      await ada.say('invite once@partner.example', { times: 2 });
      await usher.mails.see('once@partner.example', /invited/);
      const person = await usher.usher.reads.personByMail('once@partner.example');
      expect(
        await prisma().auditEntry.count({ where: { action: 'invitation.send', subjectId: person?.id as string } }),
      ).toBe(1);
      await ada.see('once@partner.example');
      const invitations = ada.messages.filter(({ card }) => textOf(card ?? {}).includes('once@partner.example'));
      expect(invitations).toHaveLength(1);
    });

    it('warns of an address that seems to reach several people, and is sent all the same', async () => {
      await say(ada, 'invite info@partner.example');
      expect(textOf((await ada.see('info@partner.example')).card ?? {})).toMatch(/several people/);
    });

    describe('by form', () => {
      const given = {
        email: 'form@blocked.example',
        name: 'Flo “Form” <b>',
        company: 'Form & Co',
        role: 'contributor',
        scope: '/subscriptions/finance/resourceGroups/rg-expenses',
        kind: 'eligible',
        duration: '30d',
        from: '2d',
        justification: 'Quarter end',
        message: hostile,
      };
      const valuesIn = (card: JsonCard): Record<string, unknown> =>
        Object.fromEntries(
          ((card.body ?? []) as { id?: string; value?: unknown }[]).flatMap(({ id, value }) =>
            id ? [[id, value]] : [],
          ),
        );

      it('comes from the menu, and from the bare word', async () => {
        await ada.open();
        const fromMenu = await ada.click('Invite a guest');
        expect(textOf(fromMenu.card ?? {})).toContain('Send invitation');
        expect(await say(ada, 'invite')).toContain('Send invitation');
      });

      it('is filled in with what was typed', async () => {
        await say(ada, 'invite --role contributor --scope RG-EXPENSES --message "Hello there"');
        const form = ada.find('Send invitation');
        expect(valuesIn(form?.card ?? {})).toMatchObject({
          role: given.role,
          scope: given.scope,
          message: 'Hello there',
        });
      });

      it('keeps every word when it is refused, says why, and goes through once it is put right', async () => {
        await say(ada, 'invite');
        const before = await counts();
        const refused = await ada.click('Send invitation', given);
        expect(refused).toMatchObject({ httpStatus: 200, statusCode: 200 });
        expect(textOf(refused.card ?? {})).toContain(
          'Please check: The organisation does not allow guests from blocked.example',
        );
        expect(valuesIn(refused.card ?? {})).toEqual(given);
        expect(await counts()).toEqual(before);

        const form = onScreen(refused.card as JsonCard);
        const done = await ada.click('Send invitation', { ...given, email: 'form@partner.example' }, { message: form });
        expect(textOf(done.card ?? {})).toContain('The invitation to form@partner.example is on its way.');
        const mail = await usher.mails.see('form@partner.example', /invited/);
        expect(mail.text).toContain(hostile);
        expect(mail.html).not.toMatch(/<b>|<at>|href="http:\/\/evil/);
        expect(mail.html).toContain('&lt;b&gt;y&lt;/b&gt;');
      });

      it('keeps texts over their limits too', async () => {
        const long = { ...given, email: 'long@partner.example', message: 'm'.repeat(501) };
        const card = await clicked(ada, 'invite', long);
        expect(textOf(card)).toContain('The message has 501 characters; 500 is the limit. Please shorten it.');
        expect(valuesIn(card)).toEqual(long);
      });

      it('asks for the address when it was left empty', async () => {
        expect(await click(ada, 'invite', { ...given, email: '' })).toContain('is not an e-mail address');
      });

      it('does the same for a client that knows only Action.Submit', async () => {
        await say(ada, 'invite');
        expect(await ada.click('Send invitation', given, { submit: true })).toMatchObject({ httpStatus: 200 });
        const form = await ada.see('Please check: The organisation does not allow');
        expect(valuesIn(form.card ?? {})).toEqual(given);
      });

      it('takes a choice that it does not offer for what it is', async () => {
        const before = await counts();
        expect(await click(ada, 'invite', { ...given, email: 'x@partner.example', role: 'emperor' })).toContain(
          'There is no role “emperor”',
        );
        expect(await counts()).toEqual(before);
      });
    });
  });

  describe('words', () => {
    it.each([['help'], ['HELP'], [''], ['  '], ['hi']])('“%s” show the menu', async (text) => {
      expect(await say(max, text)).toMatch(/^Max Member\nContoso\n/);
    });

    it('“help invite” show how it is written', async () => {
      expect(await say(ada, 'help invite')).toMatch(/Usage: invite[\s\S]*--role <role>[\s\S]*Example: invite/);
    });

    it.each([
      ['rolls', 'Did you mean roles?'],
      ['пригласить', 'I don’t know “пригласить”'],
      ['日本語', 'I don’t know “日本語”'],
      ['<script>alert(1)</script>', 'I don’t know “<script>alert(1)</script>”'],
      ['"', ''],
    ])('“%s” are answered', async (text, words) => {
      const answer = await say(max, text);
      expect(answer).not.toBe('');
      expect(answer).toContain(words);
    });

    it('of five thousand characters are answered', async () => {
      expect(await say(max, 'x'.repeat(5_000))).toContain('I don’t know');
      expect(await say(max, `roles ${'x '.repeat(2_500)}`)).toContain('too many words');
      expect(await say(gia, `activate Contributor --for 1h --because "${'x'.repeat(5_000)}"`)).toContain(
        'The justification has 5000 characters; 500 is the limit.',
      );
    });

    it('after several mentions are understood', async () => {
      const mention = '<at>Usher</at>';
      const entities = [{ type: 'mention', mentioned: { id: `28:${fakeAppId}`, name: 'Usher' }, text: mention }];
      expect(await say(gia, `${mention} ${mention}\u00a0roles ${mention}`, { entities })).toContain('rg-expenses');
    });
  });

  describe('a justification', () => {
    it('with markup is literal in every copy, and in the mail', async () => {
      await prisma().chatAccount.updateMany({
        where: { userId: paul.aadObjectId },
        data: { unreachable: 'MessageWritesBlocked' },
      });
      const id = await ask(hostile);
      const shown = hostile.replace('{{DATE', '{\u2060{DATE');
      await ada.see(shown);
      await gia.see(shown);
      expect(await click(ada, 'approvals')).toContain(shown);
      expect(await click(gia, 'status')).toContain(shown);
      const mail = await usher.mails.see('approver@contoso.example', /日本語/);
      expect(mail.text).toContain(hostile);
      expect(mail.html).toContain('&lt;at&gt;all&lt;/at&gt; &lt;b&gt;y&lt;/b&gt; ${y} {{DATE(2026-01-01)}}');
      expect(mail.html).not.toMatch(/<b>|<at>|href="http:\/\/evil/);
      await prisma().chatAccount.updateMany({ where: { userId: paul.aadObjectId }, data: { unreachable: null } });
      await takeBack(id);
    });

    it('over the limit is refused with the form filled in as it was', async () => {
      const before = await counts();
      const justification = 'j'.repeat(501);
      const card = await clicked(gia, 'activate', {
        assignmentId: eligibility,
        duration: '120',
        justification,
        ticket: 'T-1',
      });
      expect(textOf(card)).toContain('The justification has 501 characters; 500 is the limit. Please shorten it.');
      const inputs = (card.body as { id?: string; value?: unknown }[]).filter(({ id }) => id);
      expect(inputs.map(({ id, value }) => [id, value])).toEqual([
        ['scope', '/subscriptions/finance/resourceGroups/rg-expenses'],
        ['from', ''],
        ['duration', '120'],
        ['justification', justification],
        ['ticket', 'T-1'],
      ]);
      expect(await counts()).toEqual(before);
    });

    it('of exactly the limit goes through, in letters of any script', async () => {
      const id = await ask('😀'.repeat(500));
      await ada.see('😀'.repeat(500));
      await takeBack(id);
    });

    it('that is missing is asked for by the form', async () => {
      expect(await say(gia, 'activate Contributor --for 1h')).toContain('Ask for approval');
      expect(
        await click(gia, 'activate', { assignmentId: eligibility, duration: '60', justification: '   ' }),
      ).toContain('A justification is required.');
    });
  });

  describe('a click', () => {
    let id: string;
    beforeAll(async () => {
      gia = anew('Gia Guest', usher.guest);
      id = await ask('The secret reason');
      await eventually(
        async () => (await prisma().card.count({ where: { subjectId: id, shown: { gt: 0 } } })) === 4,
        'the cards of the requester and three approvers',
      );
    });

    it.each(['approve', 'deny', 'cancel', 'show'])(
      'on another’s request, forged as “%s”, reveals nothing and does nothing',
      async (verb) => {
        for (const data of [
          { requestId: id, justification: 'Mine now', card: 'approval' },
          { requestId: id, justification: 'Mine now', card: 'request', view: 'approvals' },
          { requestId: id, justification: 'Mine now', view: 'status' },
        ]) {
          const before = max.messages.length;
          const answer = await click(max, verb, data);
          const said = max.messages.slice(before).map(({ card }) => textOf(card ?? {}));
          expect([answer, ...said].join('\n')).not.toMatch(/secret reason|Gia|rg-expenses|Contributor/);
        }
        expect(await statusOf(id)).toBe('PendingApproval');
      },
    );

    it('of the requester decides nothing', async () => {
      for (const verb of ['approve', 'deny']) {
        await click(gia, verb, { requestId: id, justification: 'I agree with myself' });
        await gia.see('Nobody decides a request of their own.');
      }
      expect(await statusOf(id)).toBe('PendingApproval');
    });

    it('of the requester, who claims to be the approver, decides nothing', async () => {
      await click(gia, 'approve', {
        requestId: id,
        justification: 'I am Paul',
        actor: paul.aadObjectId,
        personId: paul.aadObjectId,
        from: { aadObjectId: paul.aadObjectId },
      });
      expect(await statusOf(id)).toBe('PendingApproval');
    });

    it.each([
      [{}],
      [{ requestId: 'x' }],
      [{ requestId: randomUUID() }],
      [{ requestId: ['x'] }],
      [{ requestId: { $ne: '' } }],
      [{ requestId: "' OR 1=1" }],
    ])('on no request at all (%j) is answered with a sentence', async (data) => {
      const answer = await click(max, 'approve', { justification: 'Fine', ...data });
      expect(answer).toContain('There is no request like that for you');
      expect(await statusOf(id)).toBe('PendingApproval');
    });

    it.each(['frobnicate', '__proto__', 'constructor', 'toString', ' ', 'x'.repeat(5_000)])(
      'of a verb that nobody knows (%s) is answered with a sentence',
      async (verb) => {
        expect(await click(ada, verb)).toContain('came from a card that is too old');
      },
    );

    it.each([[null], ['words'], [['a']], [7], [{ action: { verb: 7 } }], [{}]])(
      'whose value is %j gets the platform’s own error, over HTTP 200',
      async (value) => {
        const { status, body } = await usher.teams.send({
          type: 'invoke',
          name: 'adaptiveCard/action',
          id: String(Date.now()),
          channelId: 'msteams',
          serviceUrl: usher.teams.serviceUrl,
          from: { id: `29:${ada.aadObjectId}`, aadObjectId: ada.aadObjectId },
          recipient: { id: `28:${fakeAppId}` },
          conversation: { id: `a:${ada.aadObjectId}`, conversationType: 'personal', tenantId: fakeTenantId },
          value,
        });
        expect(status).toBe(200);
        expect(body).toMatchObject({
          statusCode: 400,
          type: 'application/vnd.microsoft.error',
          value: { code: 'BadRequest' },
        });
      },
    );

    it('without the justification decides nothing', async () => {
      await click(paul, 'approve', { requestId: id });
      await paul.see('A justification is required.');
      expect(await statusOf(id)).toBe('PendingApproval');
    });

    it('that refreshes a card shows what is now, to those who may read it', async () => {
      expect(await click(paul, 'show', { requestId: id, card: 'approval' })).toContain('The secret reason');
      expect(await click(gia, 'show', { requestId: id, card: 'request' })).toContain('The secret reason');
      expect(await click(max, 'show', { requestId: id, card: 'approval' })).toContain('There is no request like that');
    });

    it('that comes twice has one effect, and both are answered alike', async () => {
      const card = onScreen(await clicked(paul, 'show', { requestId: id, card: 'approval' }));
      const result = await paul.click('Send denial', { justification: 'Once is enough' }, { message: card, times: 2 });
      expect(textOf(result.card ?? {})).toMatch(/Denied[\s\S]*Once is enough/);
      expect(await statusOf(id)).toBe('Denied');
      expect(await prisma().auditEntry.count({ where: { requestId: id, action: 'activation.deny' } })).toBe(1);
      await gia.see('Once is enough');
    });

    it('that comes too late shows whose decision it was', async () => {
      expect(await click(ada, 'approve', { requestId: id, justification: 'But yes' })).toMatch(
        /Denied[\s\S]*Paul Approver/,
      );
      expect(await statusOf(id)).toBe('Denied');
    });

    it('of an older client, as Action.Submit, does the same', async () => {
      const other = await ask('For the older client');
      const card = await paul.see('For the older client');
      const result = await paul.click(
        'Send denial',
        { justification: 'Denied by Submit' },
        { message: card, submit: true },
      );
      expect(result.httpStatus).toBe(200);
      expect(await statusOf(other)).toBe('Denied');
      await gia.see('Denied by Submit');
      await paul.see('Denied by Submit');
    });

    it('on a list answers with the list and how it went', async () => {
      const other = await ask('From the list');
      const list = onScreen(await clicked(paul, 'approvals'));
      const result = await paul.click(
        'Send denial',
        { justification: 'By list' },
        { message: list, where: { requestId: other } },
      );
      expect(textOf(result.card ?? {})).toContain('Denied');
      expect(textOf(result.card ?? {})).not.toContain('From the list');
      expect(await statusOf(other)).toBe('Denied');
    });
  });

  describe('a group chat', () => {
    const inGroup = (person: TeamsPerson, text: string) => {
      const group = usher.teams.person({ name: 'The group', aadObjectId: randomUUID() });
      const conversation = {
        id: `a:${group.aadObjectId}`,
        conversationType: 'groupChat',
        isGroup: true,
        tenantId: fakeTenantId,
      };
      return person.say(text, { more: { conversation } }).then(() => group.screen());
    };

    it('is answered in private', async () => {
      const group = await inGroup(gia, 'roles');
      expect(group).toContain('I have answered you in our personal chat.');
      expect(group).not.toMatch(/rg-expenses|Contributor/);
      expect(gia.screen()).toContain('rg-expenses');
    });

    it('gets nothing done for somebody without a personal chat', async () => {
      const newcomer = usher.teams.person({ name: 'New', aadObjectId: randomUUID() });
      const group = await inGroup(newcomer, 'roles');
      expect(group).toContain('Open a personal chat with me');
      expect(newcomer.messages).toEqual([]);
    });

    it('never becomes where private cards go', async () => {
      await inGroup(gia, 'status');
      const account = await usher.usher.reads.chatAccount({
        platform: 'teams',
        tenantId: fakeTenantId,
        userId: gia.aadObjectId,
      });
      expect(JSON.stringify(account?.address)).toContain(`a:${gia.aadObjectId}`);
    });
  });

  describe('when the platform is in trouble', () => {
    const denyAs = async (justification: string) => {
      const id = await ask(`To be denied: ${justification}`);
      await eventually(
        async () => (await prisma().card.count({ where: { subjectId: id, shown: { gt: 0 } } })) === 4,
        'the cards of the requester and three approvers',
      );
      return () => click(paul, 'deny', { requestId: id, justification });
    };
    const toGia = (text: string) => (call: { conversationId: string; text: string }) =>
      call.conversationId.includes(gia.aadObjectId) && call.text.includes(text);
    const showing = (words: string) => gia.messages.filter(({ card }) => textOf(card ?? {}).includes(words));

    it('a message waits as long as the platform says', async () => {
      const deny = await denyAs('After the wait');
      usher.teams.trouble({ status: 429, retryAfterSeconds: 1, when: toGia('After the wait') });
      const began = Date.now();
      await deny();
      await gia.see(/Denied[\s\S]*After the wait/);
      expect(Date.now() - began).toBeGreaterThanOrEqual(950);
    });

    it('a message is tried again after faults, and arrives once', async () => {
      const deny = await denyAs('After the faults');
      const when = toGia('After the faults');
      usher.teams.trouble({ status: 500, when }, { status: 502, when });
      await deny();
      await gia.see(/Denied[\s\S]*After the faults/);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(showing('Because: After the faults')).toHaveLength(1);
    });

    it('a person who blocked the bot is told by mail, and by chat again once they write', async () => {
      const account = () =>
        usher.usher.reads.chatAccount({ platform: 'teams', tenantId: fakeTenantId, userId: gia.aadObjectId });
      const deny = await denyAs('While blocked');
      gia.block();
      await deny();
      const mail = await usher.mails.see('guest@partner.example', /While blocked/);
      expect(mail.text).toContain('Denied');
      expect((await account())?.unreachable).toBe('MessageWritesBlocked');

      gia = anew('Gia Guest', usher.guest);
      expect(await say(gia, 'status')).toContain('Your access');
      expect((await account())?.unreachable).toBeNull();
      await (await denyAs('Reachable again'))();
      await gia.see(/Denied[\s\S]*Reachable again/);
    });

    it('an answer that did not get through comes with the next delivery of the same message', async () => {
      const more = { id: `1${Date.now()}77` };
      usher.teams.trouble({ status: 501, when: toGia('rg-expenses') });
      expect(await gia.say('roles', { more })).toBe(500);
      expect(await gia.say('roles', { more })).toBe(200);
      expect(gia.screen()).toContain('rg-expenses');
    });

    it('a click still decides though no message gets through', async () => {
      const deny = await denyAs('Decided all the same');
      usher.teams.trouble(...Array.from({ length: 3 }, () => ({ status: 503, when: toGia('Decided all the same') })));
      expect(await deny()).toContain('Denied');
    });
  });

  it('has written nothing personal into its log', () => {
    const all = log.join('');
    expect(log.length).toBeGreaterThan(3);
    for (const words of [
      'partner.example',
      'contoso.example',
      'blocked.example',
      'Gia',
      'Ada',
      'Paul',
      'Max Member',
      'Partner Ltd',
      'secret reason',
      'Quarter end',
      'Welcome',
      'While blocked',
      '日本語',
      'rg-expenses',
    ])
      expect({ words, lines: log.filter((line) => line.includes(words)) }).toEqual({ words, lines: [] });
    expect(all).not.toMatch(/[\w.+-]+@[\w-]+\.\w+/);
    expect(all).not.toMatch(/\/redeem\//);
  });
});
