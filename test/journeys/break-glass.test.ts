import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondApprover } from '../../dev/demo-organisation.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { confirmByPasskey, enrolPasskey, linkOf } from '../support/confirming.ts';
import { eventually } from '../support/eventually.ts';
import { open, submit } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const paul = 'approver@contoso.example';
const nora = secondApprover.email;

const idOf = async (usher: TestUsher, mail: string) => (await usher.usher.reads.personByMail(mail))?.id as PersonId;
const ownsWeb = async (usher: TestUsher) =>
  (await usher.usher.prisma.directoryGrant.count({
    where: { principalId: await idOf(usher, paul), roleId: 'owner', scopeId: { endsWith: '/rg-web' } },
  })) === 1;
const recorded = async (usher: TestUsher) =>
  (
    await usher.usher.prisma.auditEntry.findMany({
      where: { action: { startsWith: 'break-glass.' } },
      orderBy: { sequence: 'asc' },
    })
  ).map(({ action }) => action);

describe('break-glass access, in Teams', () => {
  let usher: TestUsher;
  let noras: TeamsPerson;
  const authenticator = createAuthenticator();
  beforeAll(async () => {
    usher = await startTestUsher();
    noras = usher.teams.person({ name: secondApprover.displayName, aadObjectId: secondApprover.aadObjectId });
    for (const person of [usher.admin, usher.approver, noras]) await person.open();
    await usher.admin.forge('assign', {
      principal: nora,
      role: 'Privileged Role Administrator',
      kind: 'active',
      duration: '30d',
      justification: 'Looks after roles',
    });
    await eventually(
      async () => (await usher.usher.reads.heldRoles(await idOf(usher, nora), usher.now())).length > 0,
      'Nora as an administrator',
    );
  });
  afterAll(() => usher?.stop());

  const requestId = async () => (await usher.usher.reads.requestsOf(await idOf(usher, paul), 1))[0]?.id as string;

  it('is for nobody whom the settings don’t name', async () => {
    const refused = await usher.approver.forge('break-glass', {
      role: 'Owner',
      scope: 'rg-web',
      justification: 'Web is down',
    });
    expect(textOf(refused.card ?? {})).toContain('name you for break-glass access');
    await usher.approver.say('help');
    expect(usher.approver.find('Break-glass access')).toBeUndefined();
  });

  it('is for whom they name, as somebody who manages the role has said', async () => {
    await usher.admin.say(`settings Owner --scope contoso --set break-glass=${paul}`);
    const confirm = await usher.admin.see('Save these settings?');
    expect(textOf(confirm.card ?? {})).toContain(`Break-glass access: nobody → ${paul}`);
    await usher.admin.click('Save', {}, { message: confirm });
    await usher.approver.say('break-glass');
    const { card } = await usher.approver.see(/Which role, and where\?/);
    expect(textOf(card ?? {})).toContain('you have the role at once, without approval');
    const refused = await usher.approver.forge('break-glass', {
      place: 'owner /managementGroups/contoso',
      justification: '',
    });
    expect(textOf(refused.card ?? {})).toContain('A justification is required');
  });

  it('is there at once when they have confirmed that it is them, and everybody who oversees it is told', async () => {
    await usher.approver.say('break-glass Owner --scope rg-web --for 1h --because "Web is down, nobody answers"');
    const link = linkOf((await usher.approver.see(/Confirm by: /)).card, '/step-up/');
    expect(await ownsWeb(usher)).toBe(false);
    expect(usher.admin.find(/Web is down/)).toBeUndefined();

    await enrolPasskey(await submit(await open(link), 'Set it up now'), authenticator);
    await confirmByPasskey(await open(link), authenticator);
    await usher.approver.see(/Your request\nActive until/);
    expect(await ownsWeb(usher)).toBe(true);
    for (const person of [usher.admin, noras]) {
      const { card } = await person.see(/Break-glass access\nActive/);
      for (const words of ['Paul Approver', 'Owner', 'rg-web', 'Web is down, nobody answers', 'Until: '])
        expect(textOf(card ?? {})).toContain(words);
    }
    const again = await usher.approver.forge('break-glass', {
      role: 'Owner',
      scope: 'rg-web',
      justification: 'Web is down',
    });
    expect(textOf(again.card ?? {})).toContain('active already, until');
  });

  it('is ended by one of them, once, and every copy shows who it was', async () => {
    const id = await requestId();
    await usher.guest.open();
    const stranger = await usher.guest.forge('end-break-glass', { requestId: id });
    expect(textOf(stranger.card ?? {})).not.toContain('Paul Approver');
    const both = await Promise.all([1, 2].map(() => usher.admin.forge('end-break-glass', { requestId: id })));
    expect(both.map(({ httpStatus }) => httpStatus)).toEqual([200, 200]);
    for (const person of [usher.admin, noras])
      await person.see(/Break-glass access\nEnded – the access is gone[\s\S]*Ended by: Ada Administrator/);
    expect(await ownsWeb(usher)).toBe(false);
    expect((await recorded(usher)).filter((action) => action === 'break-glass.end')).toHaveLength(1);
  });

  it('is reviewed by them afterwards, where the first answer counts', async () => {
    const id = await requestId();
    await usher.admin.see(/Was this justified\?/);
    await noras.see(/Was this justified\?/);
    expect(usher.approver.find(/Was this justified\?/)).toBeUndefined();
    const answer = { requestId: id, result: 'not-justified' };
    const own = await usher.approver.forge('review-break-glass', { ...answer, result: 'justified' });
    expect(textOf(own.card ?? {})).toContain('You may not do that');
    await noras.forge('review-break-glass', { ...answer, justification: '' });
    expect(await recorded(usher)).not.toContain('break-glass.review');

    await noras.forge('review-break-glass', { ...answer, justification: 'Web was up all the time' });
    for (const person of [usher.admin, noras]) {
      const { card } = await person.see(/Was this justified\?\nNot justified\nSaid by/);
      for (const words of ['Said by: Nora Nguyen', 'Web was up all the time'])
        expect(textOf(card ?? {})).toContain(words);
    }
    const late = await usher.admin.forge('review-break-glass', { requestId: id, result: 'justified' });
    // Said beside the card, or in its place where Teams takes no more messages just then.
    const tooLate = /Nora Nguyen said on .* that it was not justified/;
    if (!tooLate.test(textOf(late.card ?? {}))) await usher.admin.see(tooLate);
    expect((await recorded(usher)).filter((action) => action === 'break-glass.review')).toHaveLength(1);
  });

  it('has a story that tells all of it', async () => {
    const requested = await requestId();
    const pages = [];
    for (const page of ['1', '2']) {
      const { card } = await usher.admin.forge('story', { requestId: requested, page });
      pages.push(textOf(card ?? {}));
    }
    for (const words of [
      'Break-glass access granted',
      'Identity confirmed',
      'Break-glass access confirmed by the target system',
      'Break-glass access ended by an administrator',
      'Said whether break-glass access was justified',
    ])
      expect(pages.join('\n')).toContain(words);
  });
});

describe('break-glass access, in Slack', () => {
  let usher: TestUsher;
  const authenticator = createAuthenticator();
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true });
    await usher.slack.admin.openHome();
    await usher.slack.approver.openHome();
    const named = JSON.stringify({ personIds: [await idOf(usher, paul)], groupIds: [] });
    await usher.usher.prisma.$executeRaw`
      UPDATE "RoleSettings" SET version = version + 1,
        rules = jsonb_set(rules, '{breakGlass}', ${named}::jsonb) WHERE "roleId" = 'owner'`;
  });
  afterAll(() => usher?.stop());

  const reviews = async () => usher.usher.prisma.card.count({ where: { name: 'break-glass-review' } });

  it('is there at once, ends by itself, and its review is asked for once more after a day', async () => {
    await usher.slack.approver.command('break-glass Owner --scope rg-web --because "Web is down"');
    const link = linkOf(await usher.slack.approver.see(/Confirm by: /), '/step-up/');
    await enrolPasskey(await submit(await open(link), 'Set it up now'), authenticator);
    await confirmByPasskey(await open(link), authenticator);
    await eventually(() => ownsWeb(usher), 'the access');
    await usher.slack.admin.see(/Web is down/);
    await usher.slack.approver.see(/Active until/);

    usher.passMinutes(120);
    await eventually(async () => !(await ownsWeb(usher)), 'its end');
    await usher.slack.admin.see(/Was this justified\?/);
    expect(await reviews()).toBe(1);
    usher.passMinutes(24 * 60);
    await eventually(async () => (await reviews()) === 2, 'the reminder');
    usher.passMinutes(24 * 60);

    await usher.slack.admin.press(/^Justified$/);
    await usher.slack.admin.see(/Comment \(optional\)|The record keeps it/);
    expect(await usher.slack.admin.submit()).toMatchObject({ ok: true });
    await usher.slack.admin.see(/Said by: Ada Administrator/);
    expect(await recorded(usher)).toEqual([
      'break-glass.request',
      'break-glass.grant',
      'break-glass.confirm',
      'break-glass.review-open',
      'break-glass.review',
    ]);
    expect(await reviews()).toBe(2);
  });
});
