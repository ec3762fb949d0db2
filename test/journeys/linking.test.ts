import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DerivedSecrets, deriveSecrets } from '../../src/domain/derived-secrets.ts';
import { textOf } from '../fakes/card-reader.ts';
import { fakeTenantId, type Message, type TeamsPerson } from '../fakes/teams.ts';
import { colleague as aColleague } from '../support/colleague.ts';
import { codeIn } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const paulsAddress = 'approver@contoso.example';

describe('linking a chat account', () => {
  let usher: TestUsher;
  let secrets: DerivedSecrets;
  beforeAll(async () => {
    usher = await startTestUsher();
    const { value } = await usher.usher.prisma.secret.findUniqueOrThrow({ where: { id: 1 } });
    secrets = deriveSecrets(value);
  });
  afterAll(() => usher?.stop());

  const stranger = (tenantId?: string) =>
    usher.teams.person({ name: 'Some Stranger', ...(tenantId ? { tenantId } : {}) });
  /** Says it, and reads what comes back at once. */
  const say = async (person: TeamsPerson, text: string): Promise<string> => {
    const before = person.messages.length;
    await person.say(text);
    return person.messages
      .slice(before)
      .map(({ card }) => textOf(card ?? {}))
      .join('\n---\n');
  };
  const click = async (person: TeamsPerson, verb: string, data: object = {}): Promise<string> => {
    const result = await person.forge(verb, data);
    expect(result).toMatchObject({ httpStatus: 200, statusCode: 200 });
    return textOf(result.card ?? {});
  };
  const accountOf = ({ aadObjectId }: TeamsPerson) =>
    usher.usher.reads.chatAccount({ platform: 'teams', tenantId: fakeTenantId, userId: aadObjectId });
  /** The newest code for this account, without waiting for its mail. */
  const codeFor = async (person: TeamsPerson): Promise<string> => {
    const account = await accountOf(person);
    const challenge = await usher.usher.reads.newestChallenge('link', account?.id ?? randomUUID());
    return challenge ? secrets.codeOf(challenge.id) : '';
  };
  const wrong = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, '0');
  /** Somebody whom the organisation knows, and whose address is nobody else’s. */
  const colleague = (more: object = {}) => aColleague(usher, more);
  const linked = async (mail: string): Promise<TeamsPerson> => {
    const person = stranger();
    await click(person, 'link', { email: mail });
    expect(await click(person, 'code', { code: await codeFor(person) })).toContain('Linked');
    return person;
  };
  const codesTo = (personId: string) => usher.usher.prisma.challenge.count({ where: { personId, purpose: 'link' } });

  describe('somebody whom nobody knows', () => {
    it.each(['roles', 'status', 'approvals', 'audit', 'invite', 'help', 'approve 1a2b3c4d --because x', ''])(
      'gets the way to link for “%s”, and nothing else',
      async (text) => {
        expect(await say(stranger(), text)).toMatch(/^Connect your account\n/);
      },
    );

    it.each([
      'menu',
      'roles',
      'status',
      'approvals',
      'audit',
      'audit-verify',
      'invite',
      'activate',
      'activate-form',
      'approve',
      'deny',
      'cancel',
      'deactivate',
      'resend',
      'revoke',
      'show',
    ])('gets the way to link for a click on “%s”', async (verb) => {
      const data = { requestId: randomUUID(), assignmentId: randomUUID(), email: 'a@b.example', card: 'approval' };
      expect(await click(stranger(), verb, data)).toMatch(/^Connect your account\n/);
    });

    it.each(['help invite', 'frobnicate', 'resend'])('learns nothing of the grammar by “%s”', async (text) => {
      expect(await say(stranger(), text)).toMatch(/^Connect your account\n/);
    });

    it('leaves nothing behind but the account that was seen', async () => {
      const someone = stranger();
      await click(someone, 'invite', { email: 'a@partner.example' });
      expect(await usher.usher.reads.personByMail('a@partner.example')).toBeNull();
      expect(await accountOf(someone)).toMatchObject({ personId: null });
    });
  });

  it('turns somebody of another tenant away, and keeps nothing of them', async () => {
    const outsider = stranger('ffffffff-0000-4000-8000-000000000000');
    for (const text of ['roles', `link ${paulsAddress}`, 'code 12345678'])
      expect(await say(outsider, text)).toMatch(/^Not from this organisation\n/);
    expect(await click(outsider, 'link', { email: paulsAddress })).toMatch(/^Not from this organisation\n/);
    expect(await usher.usher.prisma.chatAccount.count({ where: { userId: outsider.aadObjectId } })).toBe(0);
  });

  it('turns another tenant away though it brings the object id of somebody known', async () => {
    const { aadObjectId } = usher.admin;
    const tenantId = 'ffffffff-0000-4000-8000-000000000000';
    const double = usher.teams.person({ name: 'Ada Administrator', aadObjectId, tenantId });
    expect(await say(double, 'audit')).toMatch(/^Not from this organisation\n/);
    // The real one gets her conversation back.
    usher.teams.person({ name: 'Ada Administrator', aadObjectId });
  });

  it('binds the account to the person whose mail the code came by', async () => {
    const person = stranger();
    expect(await say(person, 'link Approver@Contoso.example')).toMatch(/^Enter your code\n/);
    const mail = await usher.mails.see(paulsAddress, /Your code/);
    const code = codeIn(mail.text);
    const done = await person.click('Connect', { code: `${code.slice(0, 4)} ${code.slice(4)}` });
    expect(textOf(done.card ?? {})).toMatch(/^Linked\n/);
    expect(await say(person, 'roles')).toContain('rg-web');
    const paul = await usher.usher.reads.personByMail(paulsAddress);
    expect(await accountOf(person)).toMatchObject({ personId: paul?.id });
    const [entry] = await usher.usher.prisma.auditEntry.findMany({
      where: { action: 'account.link', personId: paul?.id as string },
      orderBy: { sequence: 'desc' },
    });
    expect(entry).toMatchObject({ surface: 'teams', details: { user: person.aadObjectId, by: 'code' } });
  });

  it('takes the code as a typed line too', async () => {
    const { mail } = await colleague();
    const person = stranger();
    await say(person, `link ${mail}`);
    expect(await say(person, `code ${await codeFor(person)}`)).toMatch(/^Linked\n/);
  });

  describe('answers the same, and sends nothing,', () => {
    const answerTo = async (email: string) => (await click(stranger(), 'link', { email })).replaceAll(email, '…');
    let usual: string;
    beforeAll(async () => {
      usual = await answerTo((await colleague()).mail);
    });
    const challenges = () => usher.usher.prisma.challenge.count();

    it('to an address that nobody knows', async () => {
      const before = await challenges();
      expect(await answerTo('nobody@contoso.example')).toBe(usual);
      expect(await challenges()).toBe(before);
    });

    it('to one whose account is blocked', async () => {
      const { mail } = await colleague({ accountEnabled: false });
      const before = await challenges();
      expect(await answerTo(mail)).toBe(usual);
      expect(await challenges()).toBe(before);
    });

    it('to one that was sent a code a moment ago, by whomever', async () => {
      const { id, mail } = await colleague();
      expect(await answerTo(mail)).toBe(usual);
      expect(await answerTo(mail)).toBe(usual);
      expect(await codesTo(id)).toBe(1);
    });

    it('to one that was sent five in the hour', async () => {
      const { id, mail } = await colleague();
      for (let count = 0; count < 7; count += 1) {
        expect(await answerTo(mail)).toBe(usual);
        usher.passMinutes(1);
      }
      expect(await codesTo(id)).toBe(5);
    });

    it('and the form for a code answers the same for a code that was never sent', async () => {
      const known = stranger();
      const unknown = stranger();
      await click(known, 'link', { email: (await colleague()).mail });
      await click(unknown, 'link', { email: 'nobody@contoso.example' });
      const guess = { code: wrong(await codeFor(known)), email: 'x@contoso.example' };
      expect(await click(unknown, 'code', guess)).toBe(await click(known, 'code', guess));
    });
  });

  describe('a wrong code', () => {
    it('is told, on the form', async () => {
      const person = stranger();
      const { mail } = await colleague();
      await click(person, 'link', { email: mail });
      const again = await click(person, 'code', { code: wrong(await codeFor(person)), email: mail });
      expect(again).toMatch(/^Enter your code\nPlease check: That code is wrong, or no longer good\./);
      expect(again).toContain(mail);
      expect(await accountOf(person)).toMatchObject({ personId: null });
    });

    it('kills the code at the fifth try; a new one works', async () => {
      const person = stranger();
      const { mail } = await colleague();
      await click(person, 'link', { email: mail });
      const code = await codeFor(person);
      for (let count = 0; count < 5; count += 1) await click(person, 'code', { code: wrong(code), email: mail });
      expect(await click(person, 'code', { code, email: mail })).toContain('wrong, or no longer good');
      expect(await accountOf(person)).toMatchObject({ personId: null });
      usher.passMinutes(1);
      await click(person, 'link', { email: mail });
      expect(await click(person, 'code', { code: await codeFor(person), email: mail })).toMatch(/^Linked\n/);
    });

    it.each(['', '   ', 'abcd', '1234567', '123456789', '１２３４５６７８', 'x'.repeat(40)])(
      'of no eight digits (%j) links nobody',
      async (code) => {
        const person = stranger();
        await click(person, 'link', { email: (await colleague()).mail });
        expect(await click(person, 'code', { code })).toMatch(/^Enter your code\n/);
        expect(await accountOf(person)).toMatchObject({ personId: null });
      },
    );
  });

  it('takes a code for half an hour', async () => {
    const person = stranger();
    await click(person, 'link', { email: (await colleague()).mail });
    const code = await codeFor(person);
    usher.passMinutes(30);
    expect(await click(person, 'code', { code })).toContain('wrong, or no longer good');
    expect(await accountOf(person)).toMatchObject({ personId: null });
  });

  it('takes a code only from the account that asked for it', async () => {
    const asked = stranger();
    const thief = stranger();
    await click(asked, 'link', { email: (await colleague()).mail });
    await click(thief, 'link', { email: (await colleague()).mail });
    expect(await click(thief, 'code', { code: await codeFor(asked) })).toContain('wrong, or no longer good');
    expect(await accountOf(thief)).toMatchObject({ personId: null });
  });

  it('takes a code once, however often it is sent', async () => {
    const person = stranger();
    const { id, mail } = await colleague();
    await click(person, 'link', { email: mail });
    const code = await codeFor(person);
    await Promise.all([person.forge('code', { code }), person.forge('code', { code })]);
    expect(await usher.usher.prisma.auditEntry.count({ where: { action: 'account.link', personId: id } })).toBe(1);
    expect(await accountOf(person)).toMatchObject({ personId: id });
  });

  it('lets one person have two accounts', async () => {
    const { id, mail } = await colleague();
    const first = await linked(mail);
    usher.passMinutes(1);
    const second = await linked(mail);
    for (const person of [first, second]) {
      expect(await accountOf(person)).toMatchObject({ personId: id });
      expect(await say(person, 'status')).toContain('Your access');
    }
  });

  it('does not move an account that belongs to somebody', async () => {
    const { id, mail } = await colleague();
    const person = await linked(mail);
    expect(await say(person, `link ${paulsAddress}`)).toMatch(/^Already linked\n/);
    expect(await say(person, 'code 12345678')).toMatch(/^Already linked\n/);
    expect(await accountOf(person)).toMatchObject({ personId: id });
  });

  it('knows a directory’s own user by their object id alone, without a code', async () => {
    const aadObjectId = randomUUID();
    const { id } = await colleague({ objectId: aadObjectId });
    const person = usher.teams.person({ name: 'Cora', aadObjectId });
    expect(await say(person, 'status')).toContain('Your access');
    expect(await accountOf(person)).toMatchObject({ personId: id });
  });

  it('tells an invited guest to accept first', async () => {
    await usher.admin.forge('invite', { email: 'guest@partner.example' });
    expect(await say(usher.guest, 'roles')).toMatch(/^Accept your invitation first\n/);
    expect(await click(usher.guest, 'activate', { role: 'Contributor' })).toMatch(/^Accept your invitation first\n/);
  });

  it('answers an address that can’t be one with a sentence', async () => {
    for (const email of ['me', 'x'.repeat(400)]) {
      const answer = await click(stranger(), 'link', { email });
      expect(answer).not.toMatch(/expected string|>=|<=|Too (small|big)/);
    }
  });

  describe('a blocked account', () => {
    it('gets nothing, although its cards are still there', async () => {
      const { id, mail } = await colleague();
      const person = await linked(mail);
      await usher.usher.prisma.assignment.create({
        data: {
          id: randomUUID(),
          version: 1,
          kind: 'eligible',
          principalId: id,
          roleId: 'reader',
          scopeId: '/subscriptions/production/resourceGroups/rg-web',
          startsAt: usher.now(),
          status: 'InForce',
        },
      });
      await say(person, 'roles');
      const card = person.find('rg-web') as Message;
      await usher.usher.prisma.person.update({ where: { id }, data: { accountEnabled: false } });

      const clicked = await person.click('Activate now', { justification: 'One last time' }, { message: card });
      expect(clicked).toMatchObject({ httpStatus: 200, statusCode: 200 });
      expect(textOf(clicked.card ?? {})).toMatch(/^Your account is blocked\n/);
      for (const text of ['roles', 'status', 'help', 'audit'])
        expect(await say(person, text)).toMatch(/^Your account is blocked\n/);
      expect(await usher.usher.prisma.request.count({ where: { principalId: id } })).toBe(0);
    });

    it('does not come back by linking another chat account', async () => {
      const { id, mail } = await colleague();
      const second = stranger();
      await click(second, 'link', { email: mail });
      const code = await codeFor(second);
      await usher.usher.prisma.person.update({ where: { id }, data: { accountEnabled: false } });
      await click(second, 'code', { code });
      expect(await say(second, 'roles')).toMatch(/^(Your account is blocked|Connect your account)\n/);
    });
  });
});
