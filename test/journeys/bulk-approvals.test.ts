import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';
import { type Waiting, waitingRequests } from '../support/waiting-requests.ts';

describe('deciding several requests at once', () => {
  let t: TestUsher;
  let paul: SlackPerson;
  let ada: SlackPerson;
  let inTeams: TeamsPerson;
  let waiting: readonly Waiting[];
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    paul = t.slack.approver;
    ada = t.slack.admin;
  });
  afterAll(() => t?.stop());
  beforeEach(async () => {
    await prisma().request.updateMany({
      where: { status: 'PendingApproval' },
      data: { status: 'Canceled', closedAt: t.now() },
    });
    waiting = await waitingRequests(t, 7);
    for (const { id } of [paul, ada]) await t.slack.act(id, { kind: 'reload' });
    inTeams = t.teams.person({ name: 'Paul Approver', aadObjectId: t.approver.aadObjectId });
  });

  const prisma = () => t.usher.prisma;
  const nth = (number: number) => waiting[number - 1] as Waiting;
  const titleOf = ({ reference, requester }: Waiting) => `${reference} ${requester}: Contributor, 1 hour`;
  const statuses = async (...numbers: number[]) =>
    Promise.all(
      numbers.map(
        async (number) => (await prisma().request.findUniqueOrThrow({ where: { id: nth(number).id } })).status,
      ),
    );
  const justificationOf = async (number: number) =>
    (await prisma().request.findUniqueOrThrow({ where: { id: nth(number).id } })).decisionJustification;
  const approved = /^(PendingProvisioning|Provisioned)$/;

  describe('in Slack', () => {
    const opened = (person: SlackPerson, words: RegExp) =>
      eventually(async () => words.test(person.modal() ?? ''), `a modal of ${person.id} with ${words}`);
    const open = async (person: SlackPerson) => {
      await person.command('approvals');
      await person.see(/Waiting for your approval[\s\S]*1–5 of 7/);
      await person.press('Decide several');
      await opened(person, /Send decisions/);
    };

    it('takes one decision and one reason for those that are ticked, and tells what came of each', async () => {
      await open(paul);
      await paul.choose('Which ones?', titleOf(nth(1)), titleOf(nth(3)));
      await paul.choose('Your decision', 'Approve');
      await paul.type('Why?', 'Agreed *with* <finance>');
      expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
      const list = shownText(await paul.see('What came of each'));
      for (const number of [1, 3])
        expect(list).toContain(
          `${nth(number).reference}: Approved. Contributor at rg-expenses for ${nth(number).requester}, 1 hour.`,
        );
      expect(list).toMatch(/1–5 of 5|Reference:/);
      for (const status of await statuses(1, 3)) expect(status).toMatch(approved);
      expect(await statuses(2, 4, 5)).toEqual(Array(3).fill('PendingApproval'));
      expect(await justificationOf(3)).toBe('Agreed *with* <finance>');
    });

    it('denies likewise', async () => {
      await open(paul);
      await paul.choose('Which ones?', titleOf(nth(2)), titleOf(nth(5)));
      await paul.choose('Your decision', 'Deny');
      await paul.type('Why?', 'Not this quarter');
      expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
      await paul.see(`${nth(5).reference}: Denied.`);
      expect(await statuses(2, 5)).toEqual(['Denied', 'Denied']);
    });

    it('tells which one somebody else decided meanwhile; the others go through', async () => {
      await open(paul);
      await paul.choose('Which ones?', ...[1, 2, 3].map((number) => titleOf(nth(number))));
      await paul.choose('Your decision', 'Approve');
      await paul.type('Why?', 'All three');
      await ada.command(`deny ${nth(2).reference} --because "Not this one"`);
      await ada.see('Denied');
      expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
      const list = shownText(await paul.see('What came of each'));
      expect(list).toContain(`${nth(2).reference}: This request was denied already by Ada Administrator`);
      for (const number of [1, 3]) expect(list).toContain(`${nth(number).reference}: Approved.`);
      expect(await statuses(2)).toEqual(['Denied']);
      expect(await justificationOf(2)).toBe('Not this one');
    });

    it('asks for what is missing at its field, and keeps the rest', async () => {
      await open(paul);
      expect(await paul.submit()).toMatchObject({ ok: false });
      const fields = Object.keys(paul.view().modals.at(-1)?.errors ?? {}).sort();
      expect(fields).toEqual(['decision:several', 'justification:several', 'requestIds:several']);
      await paul.choose('Which ones?', titleOf(nth(1)), titleOf(nth(2)));
      await paul.choose('Your decision', 'Deny');
      await paul.type('Why?', '   ');
      await ada.command(`deny ${nth(2).reference} --because "Gone meanwhile"`);
      await ada.see('Denied');
      expect(await paul.submit()).toMatchObject({
        ok: true,
        closed: false,
        errors: { 'justification:several': expect.stringContaining('A justification is required.') },
      });
      expect(await statuses(1)).toEqual(['PendingApproval']);
      await paul.type('Why?', 'Now with a reason');
      expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
      await paul.see(`${nth(1).reference}: Denied.`);
    });

    it('has one effect when it is delivered three times', async () => {
      await open(paul);
      await paul.choose('Which ones?', titleOf(nth(1)), titleOf(nth(2)));
      await paul.choose('Your decision', 'Deny');
      await paul.type('Why?', 'Once is enough');
      const before = await prisma().auditEntry.count({ where: { action: 'activation.deny' } });
      t.slack.trouble({ delivery: 'submission', duplicate: 2 });
      expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
      await t.slack.idle();
      expect(await prisma().auditEntry.count({ where: { action: 'activation.deny' } })).toBe(before + 2);
      expect(shownText(await paul.see('What came of each'))).not.toContain('already');
    });

    it('shows five a page, and decides on the second', async () => {
      await paul.command('approvals');
      const first = shownText(await paul.see(/1–5 of 7/));
      expect(first.match(/\[Approve\]/g)).toHaveLength(5);
      await paul.press('Next page');
      const second = shownText(await paul.see(/6–7 of 7/));
      expect(second).toContain(nth(6).reference);
      await paul.press('Decide several', { in: /6–7 of 7/ });
      await opened(paul, /Send decisions/);
      await paul.choose('Which ones?', titleOf(nth(6)), titleOf(nth(7)));
      await paul.choose('Your decision', 'Approve');
      await paul.type('Why?', 'The last two');
      expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
      await paul.see(`${nth(7).reference}: Approved.`);
      for (const status of await statuses(6, 7)) expect(status).toMatch(approved);
    });

    it('takes them typed, by their references', async () => {
      await paul.command(`approve ${nth(1).reference} ${nth(4).reference} --because "Typed *both*"`);
      const list = shownText(await paul.see('What came of each'));
      for (const number of [1, 4]) expect(list).toContain(`${nth(number).reference}: Approved.`);
      for (const status of await statuses(1, 4)) expect(status).toMatch(approved);
      expect(await justificationOf(4)).toBe('Typed *both*');
      await paul.command(`deny ${nth(2).reference}, ${nth(3).reference} --because no`);
      await paul.see(`${nth(3).reference}: Denied.`);
      expect(await statuses(2, 3)).toEqual(['Denied', 'Denied']);
    });

    it('tells of each that is typed wrongly, or without a reason, that nothing was done', async () => {
      await paul.command(`approve ${nth(1).reference} ffffffff --because "One is wrong"`);
      const list = shownText(await paul.see('What came of each'));
      expect(list).toContain(`${nth(1).reference}: Approved.`);
      expect(list).toContain('ffffffff: There is no request like that for you.');
      await paul.command(`deny ${nth(2).reference} ${nth(3).reference}`);
      await paul.see(`${nth(3).reference}: A justification is required.`);
      expect(await statuses(2, 3)).toEqual(['PendingApproval', 'PendingApproval']);
    });

    it('decides nothing for somebody who is no approver', async () => {
      const { requester, personId } = nth(7);
      const { mail } = await prisma().person.findUniqueOrThrow({ where: { id: personId } });
      const id = `U${personId.slice(0, 8).toUpperCase()}`;
      const asker = t.slack.person({ id, name: 'asker', realName: requester, email: mail });
      await asker.command(`approve ${nth(1).reference} ${nth(7).reference} --because "Mine"`);
      const list = shownText(await asker.see('What came of each'));
      expect(list).not.toContain('Approved');
      expect(list).not.toContain(nth(1).requester);
      expect(await statuses(1, 7)).toEqual(['PendingApproval', 'PendingApproval']);
    });
  });

  describe('in Teams', () => {
    const list = async () => {
      await inTeams.say('approvals');
      return inTeams.see(/1–5 of 7/);
    };
    const several = (inputs: Readonly<Record<string, string>>) => inTeams.click('Send decisions', inputs);
    const idsOf = (...numbers: number[]) => numbers.map((number) => nth(number).id).join(',');

    it('takes one decision and one reason for those that are ticked, and tells what came of each', async () => {
      await list();
      const before = await prisma().card.count();
      const result = await inTeams.forge('decide-several', {
        view: 'approvals',
        'requestIds:several': idsOf(1, 3),
        'decision:several': 'approve',
        'justification:several': 'Agreed *with* <finance>',
      });
      const text = textOf(result.card ?? {});
      for (const number of [1, 3])
        expect(text).toContain(`Approved. Contributor at rg-expenses for ${nth(number).requester}`);
      for (const status of await statuses(1, 3)) expect(status).toMatch(approved);
      expect(await statuses(2)).toEqual(['PendingApproval']);
      expect(await prisma().card.count()).toBeGreaterThan(before);
    });

    it('sends what the form on the card holds', async () => {
      await list();
      const result = await several({ requestIds: nth(2).id, decision: 'deny', justification: 'By the form' });
      expect(textOf(result.card ?? {})).toContain('Denied.');
      expect(await statuses(2)).toEqual(['Denied']);
      expect(await justificationOf(2)).toBe('By the form');
    });

    it('shortens those that asked for more, and leaves the others as they are', async () => {
      await list();
      await prisma().request.update({ where: { id: nth(2).id }, data: { durationMinutes: 240 } });
      const lasting = async (number: number) =>
        (await prisma().assignment.findFirst({ where: { requestId: nth(number).id } }))?.durationMinutes;
      await inTeams.forge('decide-several', {
        view: 'approvals',
        requestIds: idsOf(1, 2),
        decision: 'approve',
        justification: 'Short',
        duration: '2h',
      });
      expect([await lasting(1), await lasting(2)]).toEqual([60, 120]);
      await inTeams.forge('approve', {
        view: 'approvals',
        requestId: nth(3).id,
        justification: 'Fine',
        duration: '30m',
      });
      expect(await lasting(3)).toBe(30);
    });

    it('tells which one somebody else decided meanwhile; the others go through', async () => {
      await list();
      await t.admin.forge('deny', { requestId: nth(1).id, justification: 'First' });
      const result = await inTeams.forge('decide-several', {
        view: 'approvals',
        requestIds: idsOf(1, 2),
        decision: 'approve',
        justification: 'Both',
      });
      const text = textOf(result.card ?? {});
      expect(text).toContain('This request was denied already by Ada Administrator');
      expect(text).toContain('Approved.');
      expect(await statuses(1)).toEqual(['Denied']);
      for (const status of await statuses(2)) expect(status).toMatch(approved);
    });

    it.each([
      [{ decision: 'approve', justification: 'x' }, /requestIds|choose at least one/i],
      [{ requestIds: 'all', justification: 'x' }, /has to be approve or deny/],
      [{ requestIds: 'all', decision: 'destroy', justification: 'x' }, /has to be approve or deny/],
      [{ requestIds: 'all', decision: 'deny', justification: '  ' }, /A justification is required\./],
    ])('says in words what is missing (%j), and decides nothing', async (given, words) => {
      await list();
      const data = 'requestIds' in given ? { ...given, requestIds: idsOf(1, 2) } : given;
      const result = await inTeams.forge('decide-several', { view: 'approvals', ...data });
      expect(result).toMatchObject({ httpStatus: 200, statusCode: 200 });
      expect(textOf(result.card ?? {})).toMatch(words);
      expect(await statuses(1, 2)).toEqual(['PendingApproval', 'PendingApproval']);
    });

    it('takes them typed, by their references', async () => {
      await inTeams.say(`approve ${nth(1).reference} ${nth(4).reference} --because "Typed both"`);
      const text = textOf((await inTeams.see('What came of each')).card ?? {});
      for (const number of [1, 4])
        expect(text).toContain(`Approved. Contributor at rg-expenses for ${nth(number).requester}`);
      for (const status of await statuses(1, 4)) expect(status).toMatch(approved);
    });

    it('shows five a page', async () => {
      const first = textOf((await list()).card ?? {});
      expect(first.match(/^Send approval$/gm)).toHaveLength(5);
      const next = await inTeams.click('Next page');
      const second = textOf(next.card ?? {});
      expect(second).toContain('6–7 of 7');
      expect(second).toContain(nth(7).reference);
    });
  });
});
