import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/ids.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import {
  codeAt,
  confirmByCode,
  confirmByPasskey,
  enrolApp,
  enrolPasskey,
  linkOf,
  openEnrolment,
  optionsOn,
  originOf,
  type Page,
  seedOn,
} from '../support/confirming.ts';
import { linkIn, open, redeem, submit } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

describe('how people confirm that it is them', () => {
  let usher: TestUsher;
  beforeAll(async () => {
    usher = await startTestUsher({ slack: true });
    await Promise.all([usher.admin.open(), usher.approver.open()]);
  });
  afterAll(() => usher?.stop());

  const paul = async () => (await usher.usher.reads.personByMail('approver@contoso.example'))?.id as PersonId;
  const ofPaul = async () => usher.usher.reads.credentialsOf(await paul());
  const audited = async (action: string) =>
    usher.usher.prisma.auditEntry.findMany({ where: { action }, orderBy: { sequence: 'desc' } });
  /** What a click on `security` answers in Teams, with its link: Teams is asked for no message, of which it takes few. */
  const ask = async (person = usher.approver) => linkOf((await person.forge('security', {})).card, '/enrol/');
  const startOver = () => usher.admin.forge('security', { act: 'reset', email: 'approver@contoso.example' });
  const pageOf = async (person = usher.approver) => openEnrolment(await ask(person));
  const wordsOn = ({ html }: Page) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  const confirmPage = (page: Page) => submit(page, 'Confirm that it is you');

  it('is set up on a page that the chat leads to: a passkey, then an app, then one is removed after a step-up', async () => {
    const authenticator = createAuthenticator();
    await usher.approver.say('security');
    const answer = await usher.approver.see(/You have set up nothing yet/);
    const page = await openEnrolment(linkOf(answer.card, '/enrol/'));
    expect(page.html).toContain('Paul Approver');
    expect(optionsOn(page)).toMatchObject({
      rp: { id: 'localhost' },
      authenticatorSelection: { userVerification: 'required' },
    });
    const withKey = await enrolPasskey(page, authenticator);
    expect(withKey.html).toContain('<strong>Passkey</strong>');
    await usher.approver.see(/has changed[\s\S]*What: Passkey/);

    const seed = seedOn(withKey);
    const both = await enrolApp(withKey, codeAt(seed, usher.now()));
    expect(both.html).toContain('<strong>Authenticator app</strong>');
    const [, app] = await ofPaul();
    expect(
      JSON.stringify(await usher.usher.prisma.credential.findMany(), (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toContain(seed.toString('base64url'));

    // Later, on another page, nothing is changed without a step-up.
    usher.passMinutes(20);
    const later = await pageOf();
    expect(later.html).toContain('To add or remove one, confirm first');
    expect(later.html).not.toContain('>Remove<');
    const asked = await confirmPage(later);
    expect(asked.html).toContain('You are about to change how you confirm that it is you.');
    const allowed = await confirmByPasskey(asked, authenticator);
    expect(allowed.html).toContain('>Remove<');
    const left = await submit(allowed, 'Remove', { credential: app?.id as string });
    expect(left.html).not.toContain('<strong>Authenticator app</strong>');
    await usher.approver.see(/You have removed this/);

    expect((await audited('step-up.pass'))[0]).toMatchObject({
      personId: await paul(),
      surface: 'web',
      details: { purpose: 'enrol', kind: 'passkey' },
    });
    for (const action of ['enrolment.open', 'credential.enrol', 'credential.remove'])
      expect((await audited(action))[0]).toMatchObject({ personId: await paul(), result: 'success' });
    await startOver();
  });

  it('can be set up right after an invitation was accepted, and never by the invitation’s link alone', async () => {
    await usher.admin.say('invite secure@partner.example');
    const welcome = await redeem(usher.mails, 'secure@partner.example');
    expect(welcome.html).toContain('Set up how you confirm that it is you</a>');
    const link = new URL(/href="(\/enrol\/[^"]*)"/.exec(welcome.html)?.[1] as string, welcome.url).href;
    const page = await openEnrolment(link);
    expect(page.html).toContain('secure@partner.example');
    expect((await enrolApp(page, codeAt(seedOn(page), usher.now()))).html).toContain('Authenticator app</strong>');
    const [entry] = await audited('credential.enrol');
    expect(entry).toMatchObject({ details: { provenBy: 'redemption', kind: 'totp' } });

    const mail = await usher.mails.see('secure@partner.example', /You have been invited/);
    const again = await open(linkIn(mail.text));
    expect(again.html).toContain('You have accepted');
    expect(again.html).not.toContain('/enrol/');
  });

  it('has pages that run our scripts alone, and no other page runs any', async () => {
    const link = await ask();
    const before = await fetch(link);
    expect(before.headers.get('content-security-policy')).not.toContain('script-src');
    const page = await openEnrolment(link);
    const { headers } = await fetch(page.url);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self'$/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const scripts = [...page.html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    expect(scripts.map(([, attributes, inner]) => [attributes, inner])).toEqual([
      [' src="/webauthn.js" defer', ''],
      [' src="/passkey.js" defer', ''],
    ]);
    for (const script of ['/webauthn.js', '/passkey.js'])
      expect((await fetch(`${usher.url}${script}`)).headers.get('content-type')).toContain('javascript');
  });

  describe('resists', () => {
    let authenticator = createAuthenticator();
    let seed: Buffer;
    /** Paul has a passkey and an app; a page of his asks for a step-up. */
    const asked = async () => confirmPage(await pageOf());
    const setUp = async () => {
      await startOver();
      authenticator = createAuthenticator();
      const withKey = await enrolPasskey(await pageOf(), authenticator);
      seed = seedOn(withKey);
      await enrolApp(withKey, codeAt(seed, usher.now()));
      // Wrong tries of the test before are forgotten in an hour.
      usher.passMinutes(61);
    };
    const refusedWith = (page: Page, status: number, words: string | RegExp) => {
      expect(wordsOn(page)).toMatch(words);
      expect(page.status).toBe(status);
    };

    it('a link that was opened, and one that is too old', async () => {
      await setUp();
      const link = await ask();
      const first = await open(link);
      await submit(first, 'Yes, go on');
      refusedWith(await open(link), 410, 'This link no longer works');
      const late = await ask();
      usher.passMinutes(10);
      refusedWith(await open(late), 410, 'This link no longer works');
    });

    it('a link that nobody made, and the page’s address made from the link’s', async () => {
      const link = await ask();
      const token = link.split('/').pop() as string;
      for (const forged of [`${token}x`, token.slice(0, -2), token.replace(/^.{8}/, '00000000'), 'x', '%00'])
        refusedWith(await open(`${usher.url}/enrol/${forged}`), 410, 'no longer works');
      for (const act of ['passkey', 'code', 'remove', 'confirm']) {
        const response = await fetch(`${link}/${act}`, { method: 'POST', body: new URLSearchParams({ key: act }) });
        expect(response.status).toBe(410);
      }
      for (const path of ['', '/passkey', '/code', '/enrol'])
        expect((await fetch(`${usher.url}/step-up/${token}${path}`, path ? { method: 'POST' } : {})).status).toBe(410);
    });

    it('another person’s passkey', async () => {
      const mallory = createAuthenticator();
      await enrolPasskey(await pageOf(usher.admin), mallory);
      const page = await asked();
      refusedWith(await confirmByPasskey(page, mallory), 422, 'It is not one of yours here');
      expect((await audited('step-up.fail'))[0]).toMatchObject({ result: 'failure', subjectId: await paul() });
    });

    it('a passkey that did not check who uses it, or signed for another place', async () => {
      for (const wrong of [{ verified: false }, { origin: 'https://evil.example' }, { rpId: 'evil.example' }])
        refusedWith(await confirmByPasskey(await asked(), authenticator, wrong), 422, 'It is not one of yours here');
    });

    it('a signature that was made for another step-up', async () => {
      await setUp();
      const one = await asked();
      const other = await asked();
      refusedWith(
        await confirmByPasskey(other, authenticator, { challenge: optionsOn(one).challenge }),
        422,
        'It is not one of yours here',
      );
    });

    it('a copy of the passkey, which does not know how often the real one was used', async () => {
      await setUp();
      await confirmByPasskey(await asked(), authenticator);
      const page = await asked();
      const stale = authenticator.confirm(
        { challenge: optionsOn(page).challenge, origin: originOf(page) },
        { counted: false },
      );
      refusedWith(await submit(page, 'Confirm with a passkey', { answer: stale }), 422, 'It is not one of yours here');
    });

    it('a page that was used, and one that is older than five minutes', async () => {
      await setUp();
      const page = await asked();
      const otherTab = await open(page.url);
      await confirmByPasskey(page, authenticator);
      refusedWith(await confirmByPasskey(otherTab, authenticator), 410, 'Confirmed already');
      refusedWith(await open(page.url), 410, 'Confirmed already');
      const late = await asked();
      usher.passMinutes(5);
      refusedWith(await confirmByPasskey(late, authenticator), 410, 'good for five minutes');
    });

    it('a code that was used before, on this step-up or another', async () => {
      await setUp();
      const code = codeAt(seed, usher.now());
      expect((await confirmByCode(await asked(), code)).html).toContain('>Remove<');
      refusedWith(await confirmByCode(await asked(), code), 422, 'was used before');
    });

    it('one step-up passed twice at once: it counts once', async () => {
      await setUp();
      const page = await asked();
      const code = codeAt(seed, usher.now());
      const before = (await audited('step-up.pass')).length;
      await Promise.all([confirmByCode(page, code), confirmByPasskey(page, authenticator), confirmByCode(page, code)]);
      expect((await audited('step-up.pass')).length).toBe(before + 1);
    });

    it('guessing: five wrong codes end a step-up, ten in an hour all of them', async () => {
      await setUp();
      const wrong = String((Number(codeAt(seed, usher.now())) + 1) % 1_000_000).padStart(6, '0');
      for (const round of [1, 2]) {
        let page = await asked();
        for (const left of ['4 tries are', '3 tries are', '2 tries are', '1 try is']) {
          page = await confirmByCode(page, wrong);
          refusedWith(page, 422, `${left} left`);
        }
        refusedWith(await confirmByCode(page, wrong), 410, `too many wrong tries`);
        expect(round).toBeLessThan(3);
      }
      refusedWith(await confirmByCode(await asked(), codeAt(seed, usher.now())), 409, 'Too many wrong tries');
      refusedWith(await confirmByPasskey(await asked(), authenticator), 409, 'Too many wrong tries');
      usher.passMinutes(61);
      expect((await confirmByCode(await asked(), codeAt(seed, usher.now()))).html).toContain('>Remove<');
    });

    it('adding or removing on a page that was not confirmed', async () => {
      await setUp();
      const page = await pageOf();
      const { enrolment } = usher.usher.prisma;
      expect(await enrolment.count({ where: { confirmedAt: { gt: usher.now() } } })).toBe(0);
      const before = await ofPaul();
      const post = (act: string, body: Record<string, string>) =>
        fetch(`${page.url}/${act}`, { method: 'POST', body: new URLSearchParams({ key: act, ...body }) });
      for (const credential of before) {
        const response = await post('remove', { credential: credential.id });
        expect(await response.text()).toContain('To change anything, confirm with that first');
      }
      expect((await post('code', { code: '123456' })).status).toBe(422);
      expect(await ofPaul()).toEqual(before);
    });

    it('removing somebody else’s', async () => {
      await setUp();
      const admin = (await usher.usher.reads.personByMail('admin@contoso.example'))?.id as PersonId;
      const before = await usher.usher.reads.credentialsOf(admin);
      const allowed = await confirmByPasskey(await asked(), authenticator);
      const [first] = before;
      refusedWith(await submit(allowed, 'Remove', { credential: first?.id as string }), 422, 'Nothing to remove');
      expect(first).toMatchObject({ removal: null });
      expect(await usher.usher.reads.credentialsOf(admin)).toEqual(before);
    });

    it('nonsense in place of an answer', async () => {
      await setUp();
      for (const answer of ['', '{', 'null', '"x"', '{"id":1}', '{"id":"x","response":{}}', 'x'.repeat(25_000)]) {
        const page = await submit(await asked(), 'Confirm with a passkey', { answer });
        expect([409, 410, 422]).toContain(page.status);
      }
    });
  });

  describe('a reset', () => {
    it('is for administrators, of others; whoever it happens to is told and begins anew', async () => {
      const page = await pageOf();
      const enrolled = page.html.includes('Set up a passkey') ? await enrolPasskey(page, createAuthenticator()) : page;
      await usher.approver.say('security reset admin@contoso.example');
      await usher.approver.see(/You may not do that[\s\S]*reset how somebody confirms/);
      await usher.admin.say('security reset admin@contoso.example');
      await usher.admin.see(/Nobody resets how they confirm/);
      await usher.admin.say('security reset nobody@contoso.example');
      await usher.admin.see(/Nobody by that address/);

      await usher.admin.say('security reset approver@contoso.example');
      await usher.admin.see(/Paul Approver has to set up anew/);
      await usher.approver.see(/An administrator has reset this[\s\S]*By: Ada Administrator/);
      expect((await audited('credential.reset'))[0]).toMatchObject({ subjectId: await paul() });
      // What was open before is over.
      expect((await open(enrolled.url)).status).toBe(410);
      expect((await pageOf()).html).toContain('You have set up nothing yet');
    });

    it('says what else can follow “security”', async () => {
      await usher.approver.say('security off');
      await usher.approver.see(/may only say “reset”/);
    });
  });

  it('is shown in Slack, too, with a button that leads to the page', async () => {
    await usher.slack.approver.command('security');
    const shown = await usher.slack.approver.see('You have set up nothing yet');
    const page = await openEnrolment(linkOf(shown, '/enrol/'));
    const enrolled = await enrolPasskey(page, createAuthenticator());
    expect(enrolled.html).toContain('<strong>Passkey</strong>');
    await usher.slack.approver.command('security');
    await usher.slack.approver.see(/Passkey[\s\S]*Set up/);
    await startOver();
  });
});
