import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { confirmByPasskey, enrolPasskey, linkOf } from '../support/confirming.ts';
import { eventually } from '../support/eventually.ts';
import { open, submit } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const ada = 'admin@contoso.example';
const paul = 'approver@contoso.example';

const idOf = async (usher: TestUsher, mail: string) => (await usher.usher.reads.personByMail(mail))?.id as PersonId;
const elevated = async (usher: TestUsher, mail: string) =>
  usher.usher.prisma.directoryGrant.count({
    where: { principalId: await idOf(usher, mail), roleId: 'userAccessAdministrator', scopeId: '/' },
  });
const recorded = async (usher: TestUsher) =>
  (
    await usher.usher.prisma.auditEntry.findMany({
      where: { action: { startsWith: 'elevation.' } },
      orderBy: { sequence: 'asc' },
    })
  ).map(({ action }) => action);

/** Paul becomes a Global Administrator, too. */
async function promote(usher: TestUsher): Promise<void> {
  await usher.admin.forge('assign', {
    principal: paul,
    role: 'Global Administrator',
    kind: 'active',
    duration: '30d',
    justification: 'Two of us',
  });
  await eventually(
    async () =>
      (await usher.usher.reads.heldRoles(await idOf(usher, paul), usher.now())).some(
        ({ roleId }) => (roleId as string) === 'globalAdministrator',
      ),
    'Paul as a Global Administrator',
  );
}

describe('a Global Administrator elevates themselves, in Teams', () => {
  let usher: TestUsher;
  const authenticator = createAuthenticator();
  beforeAll(async () => {
    usher = await startTestUsher();
    await usher.admin.open();
    await usher.approver.open();
  });
  afterAll(() => usher?.stop());

  it('asks for how long and why, and says what it means', async () => {
    await usher.admin.say('elevate');
    const { card } = await usher.admin.see(/Elevate yourself/);
    expect(textOf(card ?? {})).toContain('The other Global Administrators are told at once');
    const refused = await usher.admin.forge('elevate', { duration: '60', justification: '' });
    expect(textOf(refused.card ?? {})).toContain('A justification is required');
  });

  it('is refused to anybody else', async () => {
    const refused = await usher.approver.forge('elevate', { duration: '60', justification: 'Let me' });
    expect(textOf(refused.card ?? {})).toContain('Global Administrator');
    expect(textOf(refused.card ?? {})).toContain('elevate yourself');
  });

  it('takes effect when they have confirmed that it is them, and the others are told', async () => {
    await promote(usher);
    await usher.admin.say('elevate --for 2h --because "Nobody owns rg-web any more"');
    const link = linkOf((await usher.admin.see(/Confirm by: /)).card, '/step-up/');
    expect(await elevated(usher, ada)).toBe(0);
    expect(usher.approver.find(/Elevated access/)).toBeUndefined();

    await enrolPasskey(await submit(await open(link), 'Set it up now'), authenticator);
    const page = await open(link);
    for (const words of ['User Access Administrator', '2 hours', 'Nobody owns rg-web any more'])
      expect(page.html).toContain(words);
    await confirmByPasskey(page, authenticator);

    await usher.admin.see(/Your request\nActive until/);
    expect(await elevated(usher, ada)).toBe(1);
    const { card } = await usher.approver.see(/Elevated access\nActive/);
    for (const words of ['Ada Administrator', 'Nobody owns rg-web any more', 'Until: '])
      expect(textOf(card ?? {})).toContain(words);
    expect(await recorded(usher)).toEqual(['elevation.request', 'elevation.grant', 'elevation.confirm']);
  });

  it('is refused while it is there, until when that is', async () => {
    const again = await usher.admin.forge('elevate', { duration: '60', justification: 'Once more' });
    expect(textOf(again.card ?? {})).toContain('active already, until');
  });

  it('is given up before five minutes are over, which everybody’s card shows', async () => {
    const shown = await usher.admin.see(/Your request\nActive until/);
    const button = JSON.stringify(shown.card).match(/"assignmentId":"([^"]+)"/)?.[1];
    await usher.admin.forge('deactivate', { assignmentId: button });
    await usher.approver.see(/Elevated access\nEnded – the access is gone/);
    await eventually(async () => (await elevated(usher, ada)) === 0, 'no elevation');
  });
});

describe('a Global Administrator elevates themselves, in Slack', () => {
  let usher: TestUsher;
  const authenticator = createAuthenticator();
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true });
    await usher.slack.admin.openHome();
    await usher.slack.approver.openHome();
    await usher.slack.admin.command(`assign ${paul} --role "Global Administrator" --active --for 30d --because "Two"`);
    await eventually(
      async () => (await usher.usher.reads.heldRoles(await idOf(usher, paul), usher.now())).length > 0,
      'Paul as a Global Administrator',
    );
  });
  afterAll(() => usher?.stop());

  it('takes effect when they have confirmed, is told to the others, and ends by itself', async () => {
    await usher.slack.admin.command('elevate --because "Nobody owns rg-web any more"');
    const link = linkOf(await usher.slack.admin.see(/Confirm by: /), '/step-up/');
    await enrolPasskey(await submit(await open(link), 'Set it up now'), authenticator);
    await confirmByPasskey(await open(link), authenticator);
    await usher.slack.approver.see(/Elevated access[\s\S]*Active/);
    await eventually(async () => (await elevated(usher, ada)) === 1, 'the elevation');
    usher.passMinutes(60);
    await eventually(async () => (await elevated(usher, ada)) === 0, 'its end');
    await usher.slack.approver.see(/Ended – the access is gone/);
  });
});
