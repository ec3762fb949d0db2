import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import {
  codeAt,
  confirmByCode,
  confirmByPasskey,
  enrolApp,
  enrolPasskey,
  linkOf,
  openEnrolment,
  seedOn,
} from '../support/confirming.ts';
import { eventually } from '../support/eventually.ts';
import { open, redeem, submit } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

/** What a role of the demo organisation asks for from now on. */
const asks = (usher: TestUsher, roleId: string, path: string, requirement: object) =>
  usher.usher.prisma.$executeRaw`
    UPDATE "RoleSettings" SET version = version + 1,
      rules = jsonb_set(rules, ${path}::text[], ${JSON.stringify(requirement)}::jsonb)
    WHERE "roleId" = ${roleId}`;
const onActivation = '{activationRequires}';
const onApproval = '{approval,decidingRequires}';
const onAssignment = '{activeAssignmentRequires}';

const idOf = async (usher: TestUsher, mail: string) => (await usher.usher.reads.personByMail(mail))?.id as PersonId;
const grantsOf = async (usher: TestUsher, mail: string) =>
  usher.usher.prisma.directoryGrant.count({ where: { principalId: await idOf(usher, mail) } });
const newestOf = async (usher: TestUsher, mail: string) => {
  const [request] = await usher.usher.reads.requestsOf(await idOf(usher, mail), 1);
  if (!request) throw new Error(`${mail} has asked for nothing`);
  return request;
};
const reader = 'reader';
const paul = 'approver@contoso.example';
const gia = 'guest@partner.example';
const mfa = { kind: 'mfa' };
const passkeyOnly = { kind: 'context', strength: 'passkey' };

describe('a role that asks for a step-up, in Teams', () => {
  let usher: TestUsher;
  const authenticator = createAuthenticator();
  let seed: Buffer;
  beforeAll(async () => {
    usher = await startTestUsher();
    await usher.admin.open();
    await usher.approver.open();
    await usher.admin.forge('invite', { email: gia, role: 'contributor', scope: 'rg-expenses', duration: '90d' });
    await redeem(usher.mails, gia);
    await usher.guest.open();
    // The guest's account is theirs by the id that the directory knows them by.
    await asks(usher, reader, onActivation, mfa);
    await asks(usher, 'contributor', onActivation, passkeyOnly);
    await asks(usher, 'contributor', onApproval, mfa);
  });
  afterAll(() => usher?.stop());

  const statusOf = async (mail: string) => (await newestOf(usher, mail)).state.status;
  const confirmLink = async () => linkOf((await usher.approver.see(/Confirm by: /)).card, '/step-up/');

  it('is not active before its holder has confirmed, who can set that up on the way', async () => {
    await usher.approver.say('activate Reader --because "Looking around" --for 1h');
    const link = await confirmLink();
    expect(await statusOf(paul)).toBe('PendingEvaluation');
    expect(await grantsOf(usher, paul)).toBe(0);

    const asked = await open(link);
    for (const words of ['You have asked to activate this role', 'Reader', 'rg-web', '1 hour', 'Looking around'])
      expect(asked.html).toContain(words);
    const enrolling = await submit(asked, 'Set it up now');
    const both = await enrolPasskey(enrolling, authenticator);
    seed = seedOn(both);
    const enrolled = await enrolApp(both, codeAt(seed, usher.now()));
    expect(enrolled.html).toContain('Go on with what you wanted to confirm');

    const done = await confirmByPasskey(await open(link), authenticator);
    expect(done.html).toContain('The chat shows what comes of it');
    await usher.approver.see(/Your request\nActive until/);
    expect(await grantsOf(usher, paul)).toBe(1);
    const request = await newestOf(usher, paul);
    const passed = await usher.usher.prisma.auditEntry.findFirst({ where: { action: 'step-up.pass' } });
    expect(passed).toMatchObject({ requestId: request.id, details: { purpose: 'activate', kind: 'passkey' } });
    const asks = await usher.usher.prisma.auditEntry.count({
      where: { action: 'activation.request', requestId: request.id },
    });
    expect(asks).toBe(1);
  });

  const giasForm = async () => {
    const [eligible] = await usher.usher.reads.openEligiblesOf(await idOf(usher, gia));
    return { assignmentId: eligible?.id as string, duration: '60', justification: 'Quarter end' };
  };
  const giasKey = createAuthenticator();
  const giasLink = async () => {
    await usher.guest.forge('activate', await giasForm());
    const { id } = await newestOf(usher, gia);
    const card = await eventually(
      async () =>
        usher.guest.messages.find(
          ({ card }) => JSON.stringify(card).includes('/step-up/') && JSON.stringify(card).includes(id),
        )?.card,
      'the card with the link',
    );
    return linkOf(card, '/step-up/');
  };

  it('says at once what is wrong with a wish, before it asks for anything', async () => {
    const before = await usher.usher.prisma.stepUp.count();
    const refused = await usher.guest.forge('activate', { ...(await giasForm()), justification: '' });
    expect(textOf(refused.card ?? {})).toContain('A justification is required');
    expect(await usher.usher.prisma.stepUp.count()).toBe(before);
  });

  it('lapses after five minutes, says how to ask again, and bothers no approver', async () => {
    const link = await giasLink();
    usher.passMinutes(5);
    await usher.guest.see(/Not confirmed in time/);
    expect(await statusOf(gia)).toBe('TimedOut');
    expect((await open(link)).status).toBe(410);
    expect(usher.approver.find(/Quarter end/)).toBeUndefined();
  });

  it('can be taken back before', async () => {
    await giasLink();
    await usher.guest.forge('cancel', { requestId: (await newestOf(usher, gia)).id });
    expect(await statusOf(gia)).toBe('Canceled');
  });

  it('that takes passkeys only takes no code', async () => {
    const link = await giasLink();
    const page = await submit(await open(link), 'Set it up now');
    const own = seedOn(page);
    await enrolApp(page, codeAt(own, usher.now()));
    // Each code counts once.
    usher.passMinutes(1);
    const asked = await open(link);
    expect(asked.html).toContain('This needs a passkey');
    expect(asked.html).not.toContain('Confirm with the code');
    const forced = await fetch(`${link}/code`, {
      method: 'POST',
      body: new URLSearchParams({ key: 'k', code: codeAt(own, usher.now()) }),
    });
    expect(forced.status).toBe(422);
    expect(await forced.text()).toContain('a code is not enough here');
    expect(await statusOf(gia)).toBe('PendingEvaluation');
    await usher.guest.forge('cancel', { requestId: (await newestOf(usher, gia)).id });
    await usher.admin.forge('security', { act: 'reset', email: gia });
  });

  it('goes to its approvers after the step-up, once however often that is passed at once', async () => {
    const link = await giasLink();
    await enrolPasskey(await submit(await open(link), 'Set it up now'), giasKey);
    const pages = await Promise.all([open(link), open(link)]);
    await Promise.all(pages.map((page) => confirmByPasskey(page, giasKey)));
    await usher.approver.see(/Quarter end/);
    expect(await statusOf(gia)).toBe('PendingApproval');
    const { id } = await newestOf(usher, gia);
    expect(await usher.usher.prisma.auditEntry.count({ where: { action: 'step-up.pass', requestId: id } })).toBe(1);
    expect(
      await usher.usher.prisma.card.count({
        where: { name: 'approval', subjectId: id, recipientId: await idOf(usher, paul) },
      }),
    ).toBe(1);
  });

  it('is approved only after its approver has confirmed, with the reason that was given before', async () => {
    const { id } = await newestOf(usher, gia);
    const wrong = await usher.approver.forge('approve', { requestId: id, justification: '' });
    expect(JSON.stringify(wrong)).not.toContain('/step-up/');
    await usher.approver.forge('approve', { requestId: id, justification: 'Agreed with finance' });
    const card = await usher.approver.see(/Your decision is kept until then/);
    expect(await statusOf(gia)).toBe('PendingApproval');

    const page = await open(linkOf(card.card, '/step-up/'));
    for (const words of ['You are about to approve this request', 'Contributor', 'Quarter end', 'Agreed with finance'])
      expect(page.html).toContain(words);
    const done = await confirmByCode(page, codeAt(seed, usher.now()));
    expect(done.html).toContain('The chat shows what comes of it');
    await usher.guest.see(/Your request\nActive until/);
    expect(await grantsOf(usher, gia)).toBe(1);
    expect((await newestOf(usher, gia)).state).toMatchObject({
      decision: { by: await idOf(usher, paul), justification: 'Agreed with finance' },
    });
  });

  describe('that is given as active access', () => {
    const key = createAuthenticator();
    const given = async (mail: string) =>
      usher.usher.prisma.assignment.findMany({
        where: { principalId: await idOf(usher, mail), kind: 'active', eligibilityId: null },
      });
    const asked = async (words: RegExp) => {
      const { card } = await eventually(
        async () =>
          usher.admin.messages.findLast(
            ({ card }) => textOf(card ?? {}).includes('To give this access') && words.test(textOf(card ?? {})),
          ),
        `the card that asks to confirm ${words}`,
      );
      return open(linkOf(card, '/step-up/'));
    };
    beforeAll(() => asks(usher, reader, onAssignment, mfa));

    it('is told what is wrong before that', async () => {
      await usher.admin.say(`assign ${paul} --role reader --scope rg-payroll --active --for 400d --because "Audit"`);
      await usher.admin.see('may last 180 days at the most');
      expect(usher.admin.find('To give this access')).toBeUndefined();
    });

    it('is given after its administrator has confirmed, as it was asked for', async () => {
      await usher.admin.say(`assign ${paul} --role reader --scope payroll --active --for 30d --because "Audit"`);
      const page = await asked(/Who: Paul Approver[\s\S]*Reader[\s\S]*rg-payroll[\s\S]*30 days/);
      expect(await given(paul)).toEqual([]);
      await enrolPasskey(await submit(page, 'Set it up now'), key);
      const ready = await asked(/rg-payroll/);
      for (const words of ['You are about to give this access', 'Paul Approver', 'rg-payroll', '30 days', 'Audit'])
        expect(ready.html).toContain(words);
      await Promise.all([confirmByPasskey(ready, key), confirmByPasskey(await asked(/rg-payroll/), key)]);
      await usher.admin.see(/Assignment\nActive[\s\S]*Paul Approver[\s\S]*rg-payroll/);
      expect(await given(paul)).toHaveLength(1);
      const passed = await usher.usher.prisma.auditEntry.findFirst({
        where: { action: 'step-up.pass' },
        orderBy: { sequence: 'desc' },
      });
      expect(passed).toMatchObject({ requestId: null, details: { purpose: 'administer', kind: 'passkey' } });
    });

    it('has its end moved after that, and asks again for each', async () => {
      const [before] = await given(paul);
      await usher.admin.say(`update ${before?.id.slice(-8)} --for 5d --because "Shorter"`);
      const page = await asked(/rg-payroll[\s\S]*5 days/);
      expect(await given(paul)).toEqual([before]);
      await confirmByPasskey(page, key);
      await eventually(
        async () => (await given(paul))[0]?.endsAt?.getTime() !== before?.endsAt?.getTime(),
        'another end',
      );
    });

    it('is given with an invitation after that, and not invited for before', async () => {
      const mail = 'new@partner.example';
      await usher.admin.say(`invite ${mail} --role reader --scope rg-web --active --for 30d --because "Audit"`);
      const page = await asked(/Who: new@partner.example/);
      expect(await usher.usher.reads.personByMail(mail)).toBeNull();
      await confirmByPasskey(page, key);
      expect(await given(mail)).toHaveLength(1);
    });

    it('asks nothing of who gives it as eligible', async () => {
      await usher.admin.say(`assign ${paul} --role reader --scope rg-payroll --for 30d`);
      await usher.admin.see(/Eligible – can be activated[\s\S]*rg-payroll/);
    });
  });
});

describe('a role that asks for a step-up, in Slack', () => {
  let usher: TestUsher;
  const authenticator = createAuthenticator();
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true });
    await usher.slack.approver.openHome();
    await usher.slack.admin.openHome();
    await asks(usher, reader, onActivation, mfa);
    await asks(usher, 'contributor', onApproval, mfa);
  });
  afterAll(() => usher?.stop());

  it('is active after its holder has confirmed', async () => {
    await usher.slack.approver.command('activate Reader --because "Looking around" --for 1h');
    const shown = await usher.slack.approver.see(/Confirm by: /);
    const link = linkOf(shown, '/step-up/');
    await enrolPasskey(await submit(await open(link), 'Set it up now'), authenticator);
    await confirmByPasskey(await open(link), authenticator);
    await usher.slack.approver.see(/Active until/);
    expect(await grantsOf(usher, paul)).toBe(1);
  });

  it('is approved after its approver has confirmed what they typed', async () => {
    await usher.slack.admin.command(`invite ${gia} --role Contributor --scope rg-expenses --for 90d`);
    await redeem(usher.mails, gia);
    await usher.guest.open();
    const [eligible] = await usher.usher.reads.openEligiblesOf(await idOf(usher, gia));
    const form = { assignmentId: eligible?.id as string, duration: '60', justification: 'Quarter end' };
    await usher.guest.forge('activate', form);
    await usher.slack.approver.see(/Quarter end/);
    await usher.slack.approver.command('approve --because "Agreed with finance"');
    const shown = await usher.slack.approver.see(/Your decision is kept until then/);
    await confirmByPasskey(await open(linkOf(shown, '/step-up/')), authenticator);
    await eventually(async () => (await grantsOf(usher, gia)) === 1, 'access after the approval');
    expect((await newestOf(usher, gia)).state).toMatchObject({ decision: { justification: 'Agreed with finance' } });
  });

  it('is given as active access after its administrator has confirmed, by the form', async () => {
    const { admin } = usher.slack;
    await asks(usher, reader, onAssignment, mfa);
    await admin.command(`assign ${paul}`);
    await admin.see('Assign a role');
    await admin.choose('Role', 'Reader');
    await admin.choose('Where', 'rg-payroll (resource group)');
    await admin.choose('As', 'Active: they have it all the time');
    await admin.type('Why?', 'Month end');
    expect(await admin.submit()).toMatchObject({ ok: true });
    const link = linkOf(await admin.see(/To give this access/), '/step-up/');
    const key = createAuthenticator();
    await enrolPasskey(await submit(await open(link), 'Set it up now'), key);
    await confirmByPasskey(await open(link), key);
    await admin.see(/Assignment[\s\S]*Active[\s\S]*Paul Approver[\s\S]*rg-payroll/);
  });
});

describe('an enrolment, when nothing waits for it', () => {
  it('leads back to no step-up', async () => {
    const usher = await startTestUsher();
    try {
      await usher.approver.open();
      const { card } = await usher.approver.forge('security', {});
      const page = await openEnrolment(linkOf(card, '/enrol/'));
      const enrolled = await enrolPasskey(page, createAuthenticator());
      expect(enrolled.html).not.toContain('Go on with what you wanted to confirm');
    } finally {
      await usher.stop();
    }
  });
});
