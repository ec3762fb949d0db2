import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiCall, ApiTrouble } from '../../dev/slack-workspace/contract.ts';
import { RetryLater } from '../../src/surfaces/surface.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { approversAre } from '../support/role-settings.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const request = 'activate Reader --scope rg-web --for 1h --because checking';

/** People of the organisation who approve, each with an account in Slack that is known. */
async function seedApprovers(usher: TestUsher, count: number): Promise<{ ids: string[]; people: SlackPerson[] }> {
  const { prisma } = usher.usher;
  const made = Array.from({ length: count }, (_, index) => {
    const id = randomUUID();
    const userId = `UA${index}X${id.slice(0, 4).toUpperCase()}`;
    return { id, userId, name: `Approver ${index}`, mail: `approver-${index}-${id.slice(0, 4)}@contoso.example` };
  });
  await prisma.person.createMany({
    data: made.map(({ id, name, mail }) => ({
      id,
      version: 1,
      displayName: name,
      mail,
      userPrincipalName: mail,
      userType: 'Member',
      identities: ['contoso.example'],
      accountEnabled: true,
      createdAt: usher.now(),
    })),
  });
  const people = made.map(({ userId, name, mail }) =>
    usher.slack.person({ id: userId, name: userId.toLowerCase(), realName: name, email: mail }),
  );
  await prisma.chatAccount.createMany({
    data: made.map(({ id, userId }) => ({
      id: randomUUID(),
      version: 1,
      platform: 'slack',
      tenantId: 'T_CONTOSO',
      userId,
      personId: id,
      provenBy: 'platform',
      address: { team: 'T_CONTOSO', user: userId },
      lastSeenAt: usher.now(),
    })),
  });
  const ids = made.map(({ id }) => id);
  await approversAre(prisma, 'reader', ids);
  return { ids, people };
}

describe('a message to somebody in Slack', () => {
  let usher: TestUsher;
  let approver: SlackPerson;
  let approverId: string;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true });
  });
  afterAll(() => usher?.stop());
  beforeEach(async () => {
    usher.slack.clearTrouble();
    const { ids, people } = await seedApprovers(usher, 1);
    approver = people[0] as SlackPerson;
    approverId = ids[0] as string;
    // Whatever was asked for in another test is out of the way.
    if ((await waiting()) > 0) await usher.slack.approver.command('cancel');
    await eventually(async () => (await waiting()) === 0, 'the end of what was asked for');
  });

  const prisma = () => usher.usher.prisma;
  const waiting = () => prisma().request.count({ where: { status: 'PendingApproval' } });
  const toApprover = ({ args }: ApiCall) => String(args.channel).slice(1) === approver.id.slice(1);
  const trouble = (what: Omit<ApiTrouble, 'when'>) => usher.slack.trouble({ ...what, when: toApprover });
  const calls = (method: string) => usher.slack.calls.filter((call) => call.method === method && toApprover(call));
  const ask = async () => {
    await usher.slack.approver.command(request);
    return eventually(
      () => prisma().card.findFirst({ where: { recipientId: approverId, name: 'approval' } }),
      'the approval',
    );
  };
  const mailed = async () => {
    const person = await prisma().person.findUniqueOrThrow({ where: { id: approverId } });
    return (await usher.mails.list()).filter(({ to }) => to === person.mail);
  };
  const mailTo = async () => {
    const person = await prisma().person.findUniqueOrThrow({ where: { id: approverId } });
    return usher.mails.see(person.mail, /Reader/);
  };
  const own = () =>
    approver
      .messages()
      .map(shownText)
      .filter((text) => text.includes('Approve'));

  it('is posted once, without previews, and kept up to date', async () => {
    await ask();
    await approver.see('checking');
    expect(own()).toHaveLength(1);
    for (const { args } of calls('chat.postMessage'))
      expect(args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    await usher.slack.approver.say('status');
    await usher.slack.approver.see(/Cancel/);
    await usher.slack.approver.press(/^Cancel/);
    await approver.see(/[Cc]anceled/);
    expect(approver.messages()).toHaveLength(1);
  });

  it('waits as long as Slack asks to, however often, and goes by no mail because of that', async () => {
    trouble({ api: 'chat.postMessage', status: 429, retryAfterSeconds: 1, times: 11 });
    const card = await ask();
    await approver.see('checking', 90_000);
    await usher.slack.idle();
    const times = calls('chat.postMessage').map(({ at }) => at.getTime());
    expect(times).toHaveLength(12);
    for (const [index, at] of times.entries())
      if (index > 0) expect(at - (times[index - 1] as number)).toBeGreaterThanOrEqual(990);
    expect(await mailed()).toEqual([]);
    expect(await prisma().card.findUnique({ where: { id: card.id } })).toMatchObject({
      platform: 'slack',
      failedAt: null,
    });
  });

  it.each([
    ['user_disabled', 'user_disabled'],
    ['channel_not_found', 'channel_not_found'],
    // Of the app's own standing: nothing is wrong with the account.
    ['token_revoked', null],
  ])('goes to their account in Teams when Slack says %s', async (error, unreachable) => {
    const teams = usher.teams.person({ name: 'Approver', aadObjectId: randomUUID() });
    await teams.say('help');
    await prisma().chatAccount.updateMany({
      where: { platform: 'teams', userId: teams.aadObjectId },
      data: { personId: approverId, provenBy: 'code', lastSeenAt: new Date(0), version: { increment: 1 } },
    });
    trouble({ api: 'chat.postMessage', error, times: 99 });
    const card = await ask();
    await eventually(
      async () => (await prisma().card.findUnique({ where: { id: card.id } }))?.platform === 'teams',
      'the card in Teams',
    );
    expect(teams.screen()).toContain('checking');
    expect(await mailed()).toEqual([]);
    expect(calls('chat.postMessage')).toHaveLength(1);
    expect(await prisma().chatAccount.findFirst({ where: { userId: approver.id } })).toMatchObject({
      unreachable,
    });
  });

  it('goes by mail when they have nothing else, at once', async () => {
    trouble({ api: 'chat.postMessage', error: 'user_disabled', times: 99 });
    await ask();
    await mailTo();
    expect(calls('chat.postMessage')).toHaveLength(1);
  });

  it('comes in Slack again once they have written there', async () => {
    trouble({ api: 'chat.postMessage', error: 'user_disabled' });
    await ask();
    await mailTo();
    await approver.say('help');
    await usher.slack.idle();
    expect(await prisma().chatAccount.findFirst({ where: { userId: approver.id } })).toMatchObject({
      unreachable: null,
    });
  });

  it('that is cut off after it was done comes twice at most', async () => {
    trouble({ api: 'chat.postMessage', cutAfter: true });
    await ask();
    await eventually(async () => calls('chat.postMessage').length === 2, 'another try');
    await usher.slack.idle();
    expect(own().length).toBeLessThanOrEqual(2);
    expect(await mailed()).toEqual([]);
  });

  it('that was deleted is not brought up to date for ever', async () => {
    const card = await ask();
    await approver.see('checking');
    trouble({ api: 'chat.update', error: 'message_not_found', times: 99 });
    await prisma().card.update({ where: { id: card.id }, data: { wanted: { increment: 1 }, queuedAt: new Date(0) } });
    await eventually(async () => {
      const { shown, wanted } = await prisma().card.findUniqueOrThrow({ where: { id: card.id } });
      return shown === wanted;
    }, 'the end of it');
    await usher.slack.idle();
    expect(calls('chat.update')).toHaveLength(1);
    expect(await mailed()).toEqual([]);
    expect(calls('chat.postMessage')).toHaveLength(1);
  });

  it('is brought up to date when Slack is back', async () => {
    const card = await ask();
    await approver.see('checking');
    trouble({ api: 'chat.update', status: 503, times: 2 });
    await prisma().card.update({ where: { id: card.id }, data: { wanted: { increment: 1 }, queuedAt: new Date(0) } });
    await eventually(async () => {
      const { shown, wanted } = await prisma().card.findUniqueOrThrow({ where: { id: card.id } });
      return shown === wanted;
    }, 'the update');
    expect(calls('chat.update')).toHaveLength(3);
  });
});

describe('a message that no channel carries', () => {
  it('is told to the administrators', async () => {
    const usher = await startTestUsher({
      slack: true,
      wrap: {
        mail: (mail) => ({
          ...mail,
          send: async (message) => {
            if (message.to.startsWith('approver-0')) throw new RetryLater('no such mailbox', 0);
            return mail.send(message);
          },
        }),
      },
    });
    try {
      const { ids } = await seedApprovers(usher, 1);
      usher.slack.trouble({
        api: 'chat.postMessage',
        error: 'user_disabled',
        times: 99,
        when: ({ args }: ApiCall) => String(args.channel).startsWith('UA0'),
      });
      await usher.slack.admin.say('help');
      await usher.slack.approver.command(request);
      await usher.slack.admin.see(/could not be delivered|not be told|undeliver/i, 90_000);
      expect(await usher.usher.prisma.card.findFirst({ where: { recipientId: ids[0] as string } })).toMatchObject({
        failedAt: expect.any(Date),
      });
      expect(await usher.usher.prisma.auditEntry.count({ where: { action: 'delivery.fail' } })).toBe(1);
    } finally {
      await usher.stop();
    }
  });
});

describe('a hundred approvers in Slack, which counts calls', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: { rates: { factor: 1.7 } } });
  });
  afterAll(() => usher?.stop());

  it('are told once each, and every card tells the decision', async () => {
    const { people, ids } = await seedApprovers(usher, 100);
    await usher.slack.approver.command(request);
    for (const person of people) await person.see('checking');
    for (const person of people) expect(person.messages()).toHaveLength(1);
    const [first] = people as [SlackPerson, ...SlackPerson[]];
    await first.press('Approve');
    await eventually(async () => first.modal() !== null, 'the form');
    await first.type(/./, 'fine');
    await first.submit();
    for (const person of people) await person.see(/[Aa]pproved/);
    for (const person of people) expect(person.messages()).toHaveLength(1);
    const updates = usher.slack.calls.filter(({ method }) => method === 'chat.update');
    const refused = updates.filter(({ answered }) => answered?.status === 429);
    expect(refused.length).toBeLessThan(60);
    expect((await usher.mails.list()).filter(({ to }) => to.startsWith('approver-'))).toEqual([]);
    expect(await usher.usher.prisma.card.count({ where: { recipientId: { in: ids }, failedAt: { not: null } } })).toBe(
      0,
    );
    expect(await usher.usher.prisma.auditEntry.count({ where: { action: 'activation.approve' } })).toBe(1);
  });
});
