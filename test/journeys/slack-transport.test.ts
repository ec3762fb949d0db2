import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Writes } from '../../src/commands/ports.ts';
import type { Taken } from '../../src/surfaces/slack/taken.ts';
import { fakeAppToken, type SlackPerson } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const sorry = 'Something went wrong';
const down = new Error('the database is away');

describe('what Slack delivers', () => {
  let usher: TestUsher;
  let take: ((real: Taken['take'], ...args: Parameters<Taken['take']>) => Promise<boolean>) | null = null;
  let commit: ((real: Writes['commit'], ...args: Parameters<Writes['commit']>) => ReturnType<Writes['commit']>) | null =
    null;
  let paul: SlackPerson;
  let ada: SlackPerson;

  beforeAll(async () => {
    usher = await startTestUsher({
      slack: true,
      wrap: {
        taken: (taken) => ({ ...taken, take: (...args) => (take ? take(taken.take, ...args) : taken.take(...args)) }),
        writes: (writes) => ({
          ...writes,
          commit: (...args) => (commit ? commit(writes.commit, ...args) : writes.commit(...args)),
        }),
      },
    });
    paul = usher.slack.approver;
    ada = usher.slack.admin;
    await paul.say('help');
    await ada.say('help');
    await usher.slack.idle();
  });
  afterAll(() => usher?.stop());
  beforeEach(() => usher.slack.clearTrouble());
  afterEach(async () => {
    take = null;
    commit = null;
    await usher.slack.idle();
    await ada.close();
  });

  const prisma = () => usher.usher.prisma;
  const invited = (email: string) => prisma().person.count({ where: { mail: email } });
  const audited = (action: string) => prisma().auditEntry.count({ where: { action } });
  let lastGuest = 0;
  const newGuest = () => {
    lastGuest += 1;
    return `guest${lastGuest}@partner.example`;
  };
  const inviteLine = (email: string) => `invite ${email} --role Contributor --scope rg-expenses --for 90d`;
  const failing = () => {
    take = async () => {
      throw down;
    };
  };
  /** A form to invite, filled in but not sent. */
  const openInvitation = async (email: string) => {
    await ada.command('invite');
    await eventually(async () => ada.modal() !== null, 'the form');
    await ada.type(/mail/i, email);
  };

  it('is written down before Slack hears that it is taken care of', async () => {
    const order: string[] = [];
    take = async (real, ...args) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const isNew = await real(...args);
      order.push(`written ${(await prisma().taken.count({ where: { key: args[0], body: { not: 'null' } } })) > 0}`);
      return isNew;
    };
    const email = newGuest();
    await ada.command(inviteLine(email));
    order.push('acknowledged');
    expect(order).toEqual(['written true', 'acknowledged']);
    await eventually(async () => (await invited(email)) === 1, 'the guest');
  });

  it('is forgotten when it is done, but for its key', async () => {
    await paul.command('roles');
    await usher.slack.idle();
    const rows = await eventually(async () => {
      const all = await prisma().taken.findMany();
      return all.every(({ body }) => body === null) && all;
    }, 'the end of it');
    expect(rows.every(({ leasedUntil }) => leasedUntil === null)).toBe(true);
  });

  describe('while the database is away,', () => {
    it('a command: the person is told, and nothing is done', async () => {
      failing();
      const email = newGuest();
      expect(await ada.command(inviteLine(email))).toMatchObject({ ok: true });
      await ada.see(sorry);
      await usher.slack.idle();
      expect(await invited(email)).toBe(0);
      take = null;
      await ada.command(inviteLine(email));
      await eventually(async () => (await invited(email)) === 1, 'the guest');
    });

    it('a click: the person is told beside what they clicked', async () => {
      await paul.say('help');
      await paul.see('My roles');
      await usher.slack.idle();
      failing();
      const calls = usher.slack.calls.length;
      expect(await paul.press('My roles')).toMatchObject({ ok: true });
      await eventually(async () => usher.slack.calls.length > calls, 'what is said beside it');
      await usher.slack.idle();
      await paul.see(sorry);
      expect(usher.slack.calls.slice(calls).map(({ method }) => method)).toEqual(['response_url']);
      expect(paul.find('My roles')).toBeDefined();
    });

    it('a submission: it says so at the first field, and what was typed stays', async () => {
      const email = newGuest();
      await openInvitation(email);
      failing();
      const { ok, errors } = await ada.submit();
      expect(ok).toBe(true);
      expect(Object.values(errors)).toEqual([expect.stringContaining(sorry)]);
      expect(ada.modal()).toContain(email);
      expect(await invited(email)).toBe(0);
      take = null;
      await ada.submit();
      await eventually(async () => (await invited(email)) === 1, 'the guest');
    });

    it('a shortcut: the person is told', async () => {
      failing();
      await paul.shortcut('request-access');
      await eventually(async () => paul.modal()?.includes(sorry), 'what is said in a modal');
      await usher.slack.idle();
      await paul.close();
    });

    it('an event: Slack sends it again, and then it works', async () => {
      let failures = 0;
      take = async (real, ...args) => {
        failures += 1;
        if (failures <= 2) throw down;
        return real(...args);
      };
      const email = newGuest();
      const from = usher.slack.deliveries.length;
      await ada.say(inviteLine(email));
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await usher.slack.idle();
      const statuses = usher.slack.deliveries.slice(from).map(({ status }) => status);
      expect(statuses.slice(0, 2).every((status) => status !== null && status >= 500)).toBe(true);
      expect(statuses[2]).toBe(200);
    });

    it('a database that does not answer is not waited for until Slack loses patience', async () => {
      take = () => new Promise(() => undefined);
      expect(await ada.command('roles')).toMatchObject({ ok: true });
      await ada.see(sorry);
      expect(ada.notices()).toEqual([]);
    });
  });

  describe('is acknowledged while its work is under way:', () => {
    /** The work waits until the test lets it go on. */
    const hold = (): (() => void) => {
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      commit = async (real, ...args) => {
        await held;
        return real(...args);
      };
      return letGo;
    };

    it('a command', async () => {
      const letGo = hold();
      const email = newGuest();
      expect(await ada.command(inviteLine(email))).toMatchObject({ ok: true });
      expect(await invited(email)).toBe(0);
      expect(ada.notices()).toEqual([]);
      letGo();
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await ada.see(email);
    });

    it('a submission: the modal says to wait, and then how it went', async () => {
      const email = newGuest();
      await openInvitation(email);
      const letGo = hold();
      expect(await ada.submit()).toMatchObject({ ok: true, errors: {} });
      expect(ada.modal()).toContain('One moment');
      expect(ada.notices()).toEqual([]);
      expect(await invited(email)).toBe(0);
      letGo();
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await ada.seeGone('One moment');
      await ada.see(`The invitation to ${email} is on its way`);
    });

    it('an event', async () => {
      const letGo = hold();
      const email = newGuest();
      const from = usher.slack.deliveries.length;
      await ada.say(inviteLine(email));
      await usher.slack.quiet();
      const events = usher.slack.deliveries.slice(from);
      expect(events.map(({ attempt, status }) => [attempt, status])).toEqual([[1, 200]]);
      expect(await invited(email)).toBe(0);
      letGo();
      await eventually(async () => (await invited(email)) === 1, 'the guest');
    });
  });

  describe('comes more than once:', () => {
    it('an event whose answer is lost is answered once', async () => {
      usher.slack.trouble({ delivery: 'event', drop: true, times: 3 });
      const email = newGuest();
      const [from, before] = [usher.slack.deliveries.length, await audited('invitation.send')];
      const said = ada.messages().length;
      await ada.say(inviteLine(email));
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await eventually(async () => usher.slack.deliveries.length - from >= 4, 'the retries');
      await usher.slack.idle();
      expect(await audited('invitation.send')).toBe(before + 1);
      const more = ada.messages().slice(said);
      // What she said, and the invitation's own card.
      expect(more).toHaveLength(2);
    });

    it('a message that comes twice at once is answered once', async () => {
      usher.slack.trouble({ delivery: 'event', duplicate: 4 });
      const said = paul.messages().length;
      await paul.say('status');
      await usher.slack.idle();
      expect(paul.messages().slice(said)).toHaveLength(2);
    });

    it('a click that comes twice at once has one effect', async () => {
      await paul.say('help');
      await usher.slack.idle();
      const calls = usher.slack.calls.length;
      usher.slack.trouble({ delivery: 'action', duplicate: 4 });
      await paul.press('My status');
      await usher.slack.idle();
      expect(
        usher.slack.calls.slice(calls).filter(({ method }) => /update|open|postMessage|response/.test(method)),
      ).toHaveLength(1);
    });

    it('a submission that comes twice at once has one effect', async () => {
      const email = newGuest();
      await openInvitation(email);
      const before = await audited('invitation.send');
      usher.slack.trouble({ delivery: 'submission', duplicate: 3 });
      await ada.submit();
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await usher.slack.idle();
      expect(await audited('invitation.send')).toBe(before + 1);
    });

    it('what was recorded and is sent again an hour later is acknowledged, and nothing is done', async () => {
      const email = newGuest();
      await ada.command(inviteLine(email));
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await usher.slack.idle();
      const request = usher.slack.lastRequest() as NonNullable<ReturnType<typeof usher.slack.lastRequest>>;
      const [calls, before] = [usher.slack.calls.length, await prisma().auditEntry.count()];
      expect(await usher.slack.post(usher.slack.signed(request.body))).toMatchObject({ status: 200 });
      await usher.slack.idle();
      expect(usher.slack.calls).toHaveLength(calls);
      expect(await prisma().auditEntry.count()).toBe(before);
    });
  });

  describe('left lying by a process that died', () => {
    /** As if the process that took it on had died 20 seconds ago: the work has not begun. */
    const died = async (act: () => Promise<unknown>): Promise<string> => {
      let key = '';
      take = async (real, given, body) => {
        key = given;
        await real(given, body);
        // This process acknowledges, and does nothing.
        return false;
      };
      await act();
      take = null;
      await usher.slack.quiet();
      expect(key).not.toBe('');
      await prisma().taken.update({ where: { key }, data: { leasedUntil: new Date(Date.now() - 1_000) } });
      return key;
    };
    const done = (key: string) =>
      eventually(async () => (await prisma().taken.findUnique({ where: { key } }))?.body === null, 'the end of it');

    it('a command is done by another, once, and the person is told', async () => {
      const email = newGuest();
      const before = await audited('invitation.send');
      const key = await died(() => ada.command(inviteLine(email)));
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await ada.see(email);
      await done(key);
      expect(await audited('invitation.send')).toBe(before + 1);
    });

    it('a command that asks something is answered where it was asked', async () => {
      const key = await died(() => paul.command('status'));
      await done(key);
      expect(paul.view().notices).toEqual([]);
      const last = paul.messages().at(-1);
      expect(last?.from).not.toBe('Paul Approver');
    });

    it('a message is answered', async () => {
      const said = paul.messages().length;
      await died(() => paul.say('roles'));
      await eventually(async () => paul.messages().length >= said + 2, 'the answer');
    });

    it('a click has its effect', async () => {
      await paul.say('help');
      await usher.slack.idle();
      const calls = usher.slack.calls.length;
      const key = await died(() => paul.press('My roles'));
      await done(key);
      expect(usher.slack.calls.slice(calls).some(({ method }) => /update|postMessage|response/.test(method))).toBe(
        true,
      );
    });

    it('what was done already is not done again', async () => {
      const email = newGuest();
      let key = '';
      take = async (real, given, body) => {
        key = given;
        return real(given, body);
      };
      await ada.command(inviteLine(email));
      await eventually(async () => (await invited(email)) === 1, 'the guest');
      await usher.slack.idle();
      await done(key);
      const before = await audited('invitation.send');
      const body = new URLSearchParams(usher.slack.lastRequest()?.body);
      await prisma().taken.update({
        where: { key },
        data: { body: Object.fromEntries(body), leasedUntil: new Date(Date.now() - 1_000) },
      });
      await done(key);
      expect(await audited('invitation.send')).toBe(before);
    });

    it('what fails again and again is left, after its person was told', async () => {
      commit = async () => {
        throw down;
      };
      const key = await died(() => ada.command(inviteLine(newGuest())));
      await ada.see(sorry);
      await done(key);
    });
  });
});

/** Nothing is delivered over HTTP from here on. */
async function connected({ slack }: TestUsher): Promise<void> {
  slack.deliverTo();
  await eventually(async () => (await slack.guest.openHome()).ok, 'a socket');
}

describe('over a socket', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true, env: { SLACK_APP_TOKEN: fakeAppToken, SLACK_SIGNING_SECRET: '' } });
    await connected(usher);
  });
  afterAll(() => usher?.stop());

  it('a guest is invited, and a role activated', async () => {
    const { approver, admin } = usher.slack;
    await admin.command('invite guest@partner.example --role Contributor --scope rg-expenses --for 90d');
    await admin.see('guest@partner.example');
    await approver.command('roles');
    await approver.see('rg-web');
    await approver.command('activate Reader --scope rg-web --for 1h --because checking');
    await approver.see(/Active|active/);
    await usher.slack.idle();
    expect(usher.slack.deliveries.length).toBeGreaterThan(2);
    expect(usher.slack.deliveries.every(({ request }) => request === null)).toBe(true);
    expect(usher.slack.deliveries.every(({ late }) => !late)).toBe(true);
    expect(approver.notices()).toEqual([]);
  });

  it('a form is sent, and its faults are said at its fields', async () => {
    const { admin } = usher.slack;
    await admin.command('invite');
    await eventually(async () => admin.modal() !== null, 'the form');
    await admin.type(/mail/i, 'somebody@blocked.example');
    const { errors } = await admin.submit();
    expect(Object.values(errors).join()).toMatch(/blocked\.example|not allowed/i);
    await admin.close();
  });

  it('goes on when Slack asks to connect anew', async () => {
    const { approver } = usher.slack;
    usher.slack.refreshSockets();
    await usher.slack.idle();
    await eventually(async () => {
      const said = approver.messages().length;
      await approver.say('roles');
      await usher.slack.idle();
      return approver.messages().length > said + 1;
    }, 'an answer over another socket');
    expect(usher.slack.deliveries.every(({ request }) => request === null)).toBe(true);
  });

  it('answers nothing over HTTP', async () => {
    const response = await fetch(`${usher.url}/slack/events`, { method: 'POST', body: '{}' });
    expect([401, 404]).toContain(response.status);
  });

  describe('of its own', () => {
    // What starting takes on a busy machine is not what this is about.
    let other: TestUsher;
    beforeAll(async () => {
      other = await startTestUsher({ slack: true, env: { SLACK_APP_TOKEN: fakeAppToken, SLACK_SIGNING_SECRET: '' } });
      await connected(other);
    });
    afterAll(() => other?.stop());

    it('stops without leaving a connection', async () => {
      await other.slack.approver.say('roles');
      await other.usher.stop();
      const from = other.slack.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(other.slack.calls.slice(from)).toEqual([]);
      expect(await other.slack.approver.command('roles')).toMatchObject({ ok: false });
    });
  });
});

describe('Slack alone', () => {
  it('has no Teams and no demo beside it', async () => {
    const usher = await startTestUsher({
      slack: true,
      env: { MicrosoftAppId: '', MicrosoftAppPassword: '', MicrosoftAppTenantId: '' },
    });
    try {
      const post = await fetch(`${usher.url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'message', text: 'roles' }),
      });
      expect(post.status).toBe(404);
      expect(await (await fetch(`${usher.url}/`)).text()).not.toMatch(/demo|mailbox/i);
      await usher.slack.approver.command('roles');
      await usher.slack.approver.see('rg-web');
    } finally {
      await usher.stop();
    }
  });
});
