import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GroupId } from '../../src/domain/ids.ts';
import { aGroup, batch } from '../contracts/store-fixtures.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { Message, TeamsPerson } from '../fakes/teams.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const contoso = '/managementGroups/contoso';
const expenses = '/subscriptions/finance/resourceGroups/rg-expenses';

describe('settings of roles', () => {
  let t: TestUsher;
  let ada: TeamsPerson;
  let paul: TeamsPerson;
  let admin: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ admin } = t.slack);
    await t.admin.open();
    await t.approver.open();
    await admin.command('help');
    await admin.see('Ada Administrator');
  });
  afterAll(() => t?.stop());
  beforeEach(async () => {
    t.teams.clearTrouble();
    ada = t.teams.person({ name: 'Ada Administrator', aadObjectId: t.admin.aadObjectId });
    paul = t.teams.person({ name: 'Paul Approver', aadObjectId: t.approver.aadObjectId });
    await t.slack.act(admin.id, { kind: 'reload' });
  });

  const say = async (person: TeamsPerson, text: string): Promise<string> => {
    const before = person.messages.length;
    onScreen.delete(person);
    expect(await person.say(text)).toBe(200);
    return person.messages
      .slice(before)
      .map(({ card }) => textOf(card ?? {}))
      .join('\n---\n');
  };
  /** What took the place of the card that this person clicked last. */
  const onScreen = new Map<TeamsPerson, Message>();
  const click = async (person: TeamsPerson, title: string, inputs: Record<string, string> = {}): Promise<string> => {
    const clicked = onScreen.get(person);
    const { card } = await person.click(title, inputs, clicked ? { message: clicked } : {});
    if (card) onScreen.set(person, { id: '1', postedAt: new Date(), card, versions: [card] });
    return textOf(card ?? {});
  };
  const forge = async (person: TeamsPerson, verb: string, data: object) =>
    textOf((await person.forge(verb, data)).card ?? {});
  const rows = (roleId: string) =>
    t.usher.prisma.roleSettings.findMany({ where: { roleId }, orderBy: [{ scopeId: 'asc' }, { audience: 'asc' }] });
  const newest = async () => (await t.usher.reads.auditAfter((await t.usher.reads.auditHead()).sequence - 1, 1))[0];

  describe('in Teams', () => {
    it('are shown with where they come from, who is affected, and how many approvers are asked', async () => {
      const shown = await say(ada, 'settings contributor --scope rg-expenses');
      expect(shown).toContain('Set above, at: contoso');
      expect(shown).toContain('Longest activation: 8 hours');
      expect(shown).toContain(
        'Stage 1: approvers: approver@contoso.example, nora@contoso.example, admin@contoso.example',
      );
      expect(shown).toContain('May activate it there: 0');
      expect(shown).toContain('Stage 1 asks 3 people at present; 1 of them has to approve.');
      expect(await say(ada, 'settings reader --scope production')).toContain('May activate it there: 1');
    });

    it('are changed by a form, looked at, and saved, with before and after on the record', async () => {
      await say(ada, 'settings contributor --scope rg-expenses');
      expect(await click(ada, 'Activation')).toContain('Ticket to activate');
      const confirm = await click(ada, 'See what changes', {
        'activation.maximum': '4 hours',
        'activation.ticket': 'on',
      });
      expect(confirm).toContain('Longest activation: 8 hours → 4 hours');
      expect(confirm).toContain('Ticket to activate: off → on');
      expect(confirm).not.toContain('Justification');
      expect(await rows('contributor')).toHaveLength(1);
      const saved = await click(ada, 'Save');
      expect(saved).toContain('Saved.');
      expect(saved).toContain('Set here.');
      expect(await rows('contributor')).toMatchObject([
        { scopeId: contoso, version: 1 },
        { scopeId: expenses, version: 1, rules: { activationMaximumMinutes: 240, ticketRequired: true } },
      ]);
      expect(await newest()).toMatchObject({
        action: 'settings.change',
        role: 'Contributor',
        scope: 'rg-expenses',
        actor: { surface: 'teams' },
        details: { 'before.activation.maximum': '8 hours', 'after.activation.maximum': '4 hours', version: 1 },
      });
    });

    it('are not saved by a button that was made before somebody else saved', async () => {
      await say(ada, 'settings contributor --scope rg-expenses --set lifetime=12h');
      await click(ada, 'Save');
      const before = await rows('contributor');
      await say(ada, 'settings contributor --scope rg-expenses --set lifetime=6h');
      const stale = await ada.see('Save these settings?');
      await say(ada, 'settings contributor --scope rg-expenses --set lifetime=8h');
      await click(ada, 'Save');
      const late = await ada.click('Save', {}, { message: stale });
      expect(textOf(late.card ?? {})).toContain('Requests time out after: 8 hours');
      await ada.see('Somebody else changed these settings');
      expect((await rows('contributor'))[1]).toMatchObject({
        version: (before[1]?.version ?? 0) + 1,
        rules: { requestLifetimeMinutes: 480 },
      });
    });

    it('keep a form open that is wrong, with what is wrong at its input', async () => {
      await say(ada, 'settings contributor --scope rg-expenses');
      await click(ada, 'Approval');
      const inputs = { 'approval.required': 'on', 'approval.stage1.approvers': 'paul@nowhere.example' };
      const wrong = await click(ada, 'See what changes', inputs);
      expect(wrong).toContain('I know nobody and no group called “paul@nowhere.example”');
      expect(wrong).toContain('paul@nowhere.example');
      const quorum = await click(ada, 'See what changes', {
        'approval.stage1.approvers': 'approver@contoso.example',
        'approval.stage1.quorum': '2',
      });
      expect(quorum).toContain('2 can’t approve where there are 1 at the most');
    });

    it('warn of requests that nobody could approve before they are saved', async () => {
      const board = aGroup({ id: '00000000-0000-4000-8000-0000000000aa' as GroupId, name: 'Empty board' });
      await t.usher.writes.commit(batch({ put: [{ entity: 'Group', value: { ...board, roleAssignable: false } }] }));
      const nobody = await say(
        ada,
        'settings reader --scope rg-web --set "approvers=Empty board" --set "backups=group:empty board"',
      );
      expect(nobody).toContain('Careful: Stage 1: nobody could approve at present');
      expect(nobody).toContain('Approval to activate: off → on');
      const own = await say(
        ada,
        'settings reader --scope rg-web --set approvers=approver@contoso.example --set backups=approver@contoso.example',
      );
      expect(own).toContain('For 1 person who may activate the role, too few others are left');
    });

    it('of guests are their own, and everyone’s until then', async () => {
      const shown = await say(ada, 'settings contributor --scope contoso --guests');
      expect(shown).toContain('Guests have no settings of their own');
      await say(ada, 'settings contributor --scope contoso --guests --set maximum=1h --set require=MFA');
      expect(await click(ada, 'Save')).toContain('Set here.');
      expect((await rows('contributor')).map(({ audience, scopeId }) => [audience, scopeId])).toEqual([
        ['everyone', contoso],
        ['guests', contoso],
        ['everyone', expenses],
      ]);
    });

    it('that are a scope’s own are taken back, and those above apply', async () => {
      await say(ada, 'settings owner --scope rg-web --set ticket=off');
      await click(ada, 'Save');
      await say(ada, 'settings owner --scope rg-web');
      const confirm = await click(ada, 'Take own settings back');
      expect(confirm).toContain('those above apply again');
      expect(confirm).toContain('Ticket to activate: off → on');
      expect(await click(ada, 'Save')).toContain('Set above, at: contoso');
      expect((await rows('owner'))[1]).toMatchObject({ version: 2, rules: null });
    });

    it('apply to the next activation', async () => {
      await say(ada, 'settings reader --scope rg-web --set maximum=30m');
      await click(ada, 'Save');
      expect(await say(paul, 'activate reader --scope rg-web --for 1h --because "Reading"')).toContain(
        '30 minutes at the most',
      );
    });

    it('are for who manages the role there alone, at every step', async () => {
      expect(await say(paul, 'settings contributor --scope rg-expenses')).toContain(
        'you need one of these roles to be active: Owner or User Access Administrator',
      );
      const place = { roleId: 'contributor', scopeId: expenses, audience: 'everyone' };
      expect(await forge(paul, 'settings-form', { ...place, section: 'approval' })).toContain('You may not do that');
      expect(
        await forge(paul, 'settings-propose', { ...place, section: 'activation', 'activation.maximum': '24 hours' }),
      ).toContain('You may not do that');
      await say(ada, 'settings contributor --scope rg-expenses --set maximum=24h');
      const proposal = await t.usher.prisma.settingsProposal.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
      const before = await rows('contributor');
      expect(await forge(paul, 'settings-save', { proposalId: proposal.id })).toContain('is not yours');
      expect(await forge(ada, 'settings-save', { proposalId: 'nonsense' })).toContain('is not yours');
      t.passMinutes(61);
      await click(ada, 'Save');
      await ada.see('waited for too long');
      expect(await rows('contributor')).toEqual(before);
    });

    it.each([
      ['an unknown role', 'settings contributer --scope rg-web', 'Did you mean Contributor?'],
      ['no scope', 'settings contributor', 'Add --scope with one of these'],
      ['a directory role below the directory', 'settings "Guest Inviter" --scope rg-web', 'can’t be held at'],
      ['a group that is not there', 'settings --group "Empty bord"', 'Did you mean Empty board?'],
      ['an unknown setting', 'settings contributor --scope rg-web --set colour=red', 'There is no setting “colour”'],
      ['what they are already', 'settings contributor --scope rg-web --set maximum=8h', 'like that already'],
      [
        'a span out of range',
        'settings contributor --scope rg-web --set maximum=25h',
        'to 1 day, in steps of 30 minutes',
      ],
    ])('with %s are refused with the reason', async (_what, line, words) => {
      expect(await say(ada, line)).toContain(words);
    });

    it('of a group’s membership and ownership are a group’s own', async () => {
      expect(await say(ada, 'settings --group "empty board" --set maximum=2h')).toContain('Group member');
      expect(await click(ada, 'Save')).toContain('Where: Empty board');
      expect(await say(ada, 'settings --group "Empty board" --owner')).toContain('Role: Group owner');
      expect(await rows('groupMember')).toMatchObject([{ scopeId: '/groups/00000000-0000-4000-8000-0000000000aa' }]);
    });
  });

  describe('in Slack', () => {
    const read = async (words: string | RegExp) => shownText(await admin.see(words));

    it('are found by a form, changed in a modal, looked at, and saved', async () => {
      await admin.command('settings');
      await admin.see('[Show settings]');
      await admin.choose('Role', 'Contributor');
      await admin.choose('Where (not for directory roles)', 'rg-payroll (resource group)');
      expect(await admin.submit()).toMatchObject({ ok: true });
      expect(await read('Set above, at: contoso')).toContain('Longest activation: 8 hours');
      await admin.press('Approval');
      await admin.see('[See what changes]');
      await admin.type('Stage 1: approvers', 'nobody@contoso.example');
      expect(await admin.submit()).toMatchObject({
        closed: false,
        errors: { 'approval.stage1.approvers': expect.stringContaining('I know nobody') },
      });
      await admin.type('Stage 1: approvers', 'nora@contoso.example, Empty board');
      await admin.type('Stage 2: how many have to approve', '1');
      expect(await admin.submit()).toMatchObject({ ok: true });
      const confirm = await read('Save these settings?');
      expect(confirm).toContain('→ nora@contoso.example, group:Empty board');
      expect(confirm).toContain('Stage 2: approvers: not there → the role’s administrators');
      expect(confirm).toContain('Stage 2 asks 1 person at present');
      await admin.press('Save');
      await admin.see('Saved. It applies from now on.');
      expect(await t.usher.reads.storedSettings()).toContainEqual(
        expect.objectContaining({
          roleId: 'contributor',
          scopeId: '/subscriptions/finance/resourceGroups/rg-payroll',
          version: 1,
        }),
      );
      expect(await newest()).toMatchObject({ action: 'settings.change', actor: { surface: 'slack' } });
    });

    it('have a form for notifications, and for assignments', async () => {
      await admin.command('settings "guest inviter"');
      await admin.see('Nothing is set: these are the defaults.');
      await admin.press('Notifications');
      await admin.see('[See what changes]');
      await admin.choose('Activated: administrators', 'told what is critical');
      await admin.type('Activated: with the administrators, also', 'soc@contoso.example, not an address');
      expect(await admin.submit()).toMatchObject({
        errors: { 'notifications.activated.admin.extra': expect.stringContaining('is not an e-mail address') },
      });
      await admin.type('Activated: with the administrators, also', 'soc@contoso.example');
      await admin.submit();
      expect(await read('Save these settings?')).toContain('nobody → soc@contoso.example');
      await admin.press('Don’t save');
      await admin.see('Nothing is set: these are the defaults.');
      await admin.press('Assignment');
      await admin.see('[See what changes]');
      await admin.choose('Eligible without an end', 'off');
      await admin.type('Longest eligible assignment', '90d');
      await admin.submit();
      expect(await read('Save these settings?')).toContain('Longest eligible assignment: 365 days → 90 days');
      await admin.press('Save');
      await admin.see('Set here.');
      expect(await rows('guestInviter')).toMatchObject([
        { scopeId: '/', rules: { eligibleMaximumMinutes: 90 * 1440 } },
      ]);
    });
  });
});
