import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DerivedSecrets, deriveSecrets } from '../../src/domain/derived-secrets.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import { codeIn, linkIn, open, submit } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const hostile =
  '<script>alert(1)</script> & "quotes" **bold** [link](http://evil.example) ${x} {{DATE(2026-01-01)}} 日本語';
const escaped =
  '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; **bold** [link](http://evil.example) ${x} {{DATE(2026-01-01)}} 日本語';

type Page = Awaited<ReturnType<typeof open>>;

describe('the pages of an invitation', () => {
  let usher: TestUsher;
  let secrets: DerivedSecrets;
  let guests = 0;
  beforeAll(async () => {
    usher = await startTestUsher();
    secrets = deriveSecrets((await usher.usher.prisma.secret.findUniqueOrThrow({ where: { id: 1 } })).value);
    await usher.admin.open();
  });
  afterAll(() => usher?.stop());

  /** What the mails hold, without waiting for them; the first test reads the mails themselves. */
  const linkOf = async (mail: string): Promise<string> => {
    const invitation = await invitationOf(mail);
    return `${usher.url}/redeem/${secrets.redemptionToken(invitation.id, invitation.generation)}`;
  };
  const codeOf = async (mail: string): Promise<string> => {
    const challenge = await usher.usher.reads.newestChallenge('redeem', (await invitationOf(mail)).id);
    return challenge ? secrets.codeOf(challenge.id) : '';
  };
  const invitationOf = async (mail: string) => {
    const invitation = await usher.usher.reads.invitationOf((await personOf(mail))?.id as PersonId);
    if (!invitation) throw new Error(`${mail} was not invited`);
    return invitation;
  };
  /** Invites somebody new, by a click, which Teams answers without a message. */
  const invite = async (more: Record<string, string> = {}): Promise<{ mail: string; link: string }> => {
    guests += 1;
    const mail = `guest${guests}@partner.example`;
    await usher.admin.forge('invite', { email: mail, ...more });
    return { mail, link: await linkOf(mail) };
  };
  const resend = async (mail: string) => {
    await usher.admin.forge('resend', { invitationId: (await invitationOf(mail)).id });
    return linkOf(mail);
  };
  const askForCode = async (link: string): Promise<Page> => submit(await open(link), 'Send me a code');
  const accept = (page: Page, code: string, terms = 'yes') => submit(page, 'Accept the invitation', { code, terms });
  const wrong = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, '0');
  const personOf = (mail: string) => usher.usher.reads.personByMail(mail);
  const auditCount = (action: string, subjectId: string) =>
    usher.usher.prisma.auditEntry.count({ where: { action, subjectId } });

  it('say who invites, to what, with which words and terms, and take nothing by being looked at', async () => {
    const { mail, link } = await invite({ message: 'Welcome aboard' });
    const page = await open(link);
    expect(page.status).toBe(200);
    for (const words of ['Contoso invites you', 'Ada Administrator', mail, 'Welcome aboard', 'Terms of use, version 1'])
      expect(page.html).toContain(words);
    expect(await personOf(mail)).toMatchObject({
      externalUserState: 'PendingAcceptance',
      identities: ['contoso.example'],
    });
    expect(await codeOf(mail)).toBe('');
  });

  it('show hostile words of the invitation literally, in the page and in the mail', async () => {
    const { mail, link } = await invite({ message: hostile });
    const page = await open(link);
    expect(page.html).toContain(escaped);
    expect(page.html).not.toContain('<script');
    const sent = await usher.mails.see(mail, /invited/);
    expect(sent.html).toContain(escaped);
    expect(sent.html).not.toContain('<script');
    expect(sent.html).not.toContain('href="http://evil.example');
    expect(sent.text).toContain(hostile);
  });

  it.each(['', '/code'])('come with headers that forbid what they do not need (%s)', async (path) => {
    const { link } = await invite();
    const { headers } = await fetch(`${link}${path}`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toContain('script-src');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('let in with the link and the code of the mails, and say what to do next', async () => {
    const { mail } = await invite();
    const entry = await askForCode(linkIn((await usher.mails.see(mail, /You have been invited/)).text));
    expect(entry.html).toContain(`is on its way to ${mail}`);
    const code = codeIn((await usher.mails.see(mail, /Your code/)).text);
    const done = await accept(entry, `${code.slice(0, 4)} ${code.slice(4)}`);
    expect(done.status).toBe(200);
    expect(done.html).toContain('You have accepted the invitation');
    expect(done.html).toContain('<code>roles</code>');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'Accepted', identities: ['mail'] });
  });

  it('refuse a wrong code, and say how many tries are left', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const page = await accept(entry, wrong(await codeOf(mail)));
    expect(page.status).toBe(422);
    expect(page.html).toContain('The code is wrong; 4 tries are left.');
    expect(page.html).toContain('aria-invalid="true"');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
  });

  it('kill a code after five wrong tries, and let in with a new one', async () => {
    const { mail, link } = await invite();
    let page = await askForCode(link);
    const code = await codeOf(mail);
    for (const left of ['4 tries are', '3 tries are', '2 tries are', '1 try is']) {
      page = await accept(page, wrong(code));
      expect(page.html).toContain(`${left} left`);
    }
    page = await accept(page, wrong(code));
    expect(page.html).toContain('This code no longer works');
    page = await accept(page, code);
    expect(page.status).toBe(422);
    expect(page.html).toContain('This code no longer works');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });

    usher.passMinutes(1);
    page = await submit(page, 'Send another code');
    const fresh = await codeOf(mail);
    expect(fresh).not.toBe(code);
    expect((await accept(page, fresh)).html).toContain('You have accepted the invitation');
  });

  it('count five tries that come at the same time as five', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const code = await codeOf(mail);
    const token = new URL(link).pathname;
    const attempt = (key: string) =>
      fetch(`${usher.url}${token}/accept`, {
        method: 'POST',
        body: new URLSearchParams({ key, code: wrong(code), terms: 'yes' }),
      });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(attempt));
    expect((await accept(entry, code)).html).toContain('This code no longer works');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
  });

  it('take no code before one was asked for', async () => {
    const { mail, link } = await invite();
    const page = await open(`${link}/code`);
    expect((await accept(page, '00000000')).html).toContain('This code no longer works');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
  });

  it('take an older code no more once a newer was sent', async () => {
    const { mail, link } = await invite();
    const page = await askForCode(link);
    const first = await codeOf(mail);
    usher.passMinutes(1);
    await askForCode(link);
    const second = await codeOf(mail);
    expect((await accept(page, first)).html).toContain('The code is wrong');
    expect((await accept(await open(`${link}/code`), second)).html).toContain('You have accepted the invitation');
  });

  it('take a code for half an hour', async () => {
    const { mail, link } = await invite();
    const page = await askForCode(link);
    const code = await codeOf(mail);
    usher.passMinutes(30);
    expect((await accept(page, code)).html).toContain('This code no longer works');
  });

  it('take one person’s code for nobody else', async () => {
    const one = await invite();
    const other = await invite();
    await askForCode(one.link);
    const page = await askForCode(other.link);
    await codeOf(other.mail);
    expect((await accept(page, await codeOf(one.mail))).html).toContain('The code is wrong');
    expect(await personOf(other.mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
  });

  it('send no second code within half a minute', async () => {
    const { mail, link } = await invite();
    await askForCode(link);
    const soon = await askForCode(link);
    expect(soon.status).toBe(429);
    expect(soon.html).toMatch(/You can ask for another at \d\d:\d\d:\d\d \(UTC\)/);
    // The one that was sent can still be entered there.
    expect((await accept(soon, await codeOf(mail))).html).toContain('You have accepted the invitation');
  });

  it('send five codes an hour', async () => {
    const eager = await invite();
    for (let count = 1; count <= 5; count += 1) {
      expect((await askForCode(eager.link)).status).toBe(200);
      usher.passMinutes(1);
    }
    expect((await askForCode(eager.link)).status).toBe(429);
    expect(await auditCount('code.issue', (await personOf(eager.mail))?.id as string)).toBe(5);
    usher.passMinutes(60);
    expect((await askForCode(eager.link)).status).toBe(200);
  });

  it('ask for the terms before they let in, and the code is not used up by that', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const code = await codeOf(mail);
    const refused = await accept(entry, code, 'no');
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('asks you to accept its terms of use');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
    expect((await accept(refused, code)).html).toContain('You have accepted the invitation');
  });

  it('let in once when the same form is sent twice at once', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const code = await codeOf(mail);
    const both = await Promise.all([accept(entry, code), accept(entry, code)]);
    for (const page of both) expect(page.html).toContain('You have accepted the invitation');
    const person = await personOf(mail);
    expect(await auditCount('invitation.accept', person?.id as string)).toBe(1);
  });

  it('send one code when the same form is sent twice at once', async () => {
    const { mail, link } = await invite();
    const landing = await open(link);
    const both = await Promise.all([submit(landing, 'Send me a code'), submit(landing, 'Send me a code')]);
    for (const page of both) expect(page.html).toContain('is on its way');
    await codeOf(mail);
    const person = await personOf(mail);
    expect(await auditCount('code.issue', person?.id as string)).toBe(1);
  });

  it('welcome again whoever opens a link that was used', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const code = await codeOf(mail);
    await accept(entry, code);
    expect((await open(link)).html).toContain('You have accepted the invitation');
    const again = await accept(entry, code);
    expect(again.html).toContain('You have accepted the invitation');
    expect((await submit(entry, 'Decline')).html).toContain('You have accepted the invitation');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'Accepted' });
  });

  it('stop an old link once a new one was sent', async () => {
    const { mail, link } = await invite();
    const old = await askForCode(link);
    const code = await codeOf(mail);
    const fresh = await resend(mail);
    expect(fresh).not.toBe(link);
    for (const page of [await open(link), await accept(old, code), await submit(old, 'Decline')]) {
      expect(page.status).toBe(410);
      expect(page.html).toContain('This link no longer works');
    }
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
    expect((await open(fresh)).status).toBe(200);
  });

  it('tell nothing to a link that was never made', async () => {
    const { mail, link } = await invite();
    const token = new URL(link).pathname.split('/').pop() as string;
    const [id, , mac = ''] = token.split('.');
    const flipped = `${mac.slice(0, -2)}${mac.at(-2) === 'A' ? 'B' : 'A'}${mac.at(-1)}`;
    const tampered = [
      `${id}.1.${flipped}`,
      `${id}.2.${mac}`,
      `${id}.1.`,
      `${id}.1`,
      `${id}.0.${mac}`,
      `00000000-0000-4000-8000-000000000000.1.${mac}`,
      'x',
      '%00',
      `${token}x`,
      'a'.repeat(4_000),
    ];
    for (const one of tampered) {
      const page = await open(`${usher.url}/redeem/${one}`);
      expect({ one, status: page.status }).toEqual({ one, status: 410 });
      expect(page.html).not.toContain(mail);
      for (const act of ['code', 'accept', 'decline']) {
        const response = await fetch(`${usher.url}/redeem/${one}/${act}`, {
          method: 'POST',
          body: new URLSearchParams({ key: 'k', code: '12345678', terms: 'yes' }),
        });
        expect(response.status).toBe(410);
      }
    }
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
    expect(await codeOf(mail)).toBe('');
  });

  it('take a no for an answer, and tell the inviter; the invitation can be sent again', async () => {
    const { mail, link } = await invite();
    const page = await submit(await open(link), 'Decline');
    expect(page.html).toContain('You have declined');
    expect((await open(link)).html).toContain('This invitation was declined already');
    expect((await personOf(mail))?.externalUserState).toBe('PendingAcceptance');
    await usher.admin.see(new RegExp(`Declined by the guest[\\s\\S]*${mail}`));
    const fresh = await resend(mail);
    expect((await open(fresh)).html).toContain('Contoso invites you');
  });

  it('close when the invitation is taken back', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const code = await codeOf(mail);
    await usher.admin.forge('revoke', { invitationId: (await invitationOf(mail)).id });
    for (const page of [await open(link), await accept(entry, code)])
      expect(page.html).toContain('This invitation was revoked already');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance', accountEnabled: false });
  });

  it('let nobody in whose domain was blocked after the invitation', async () => {
    const { mail, link } = await invite();
    const entry = await askForCode(link);
    const code = await codeOf(mail);
    const { prisma } = usher.usher;
    const { domains } = await prisma.organisation.findUniqueOrThrow({ where: { id: 1 } });
    await prisma.organisation.update({
      where: { id: 1 },
      data: { domains: { policy: 'deny', list: ['partner.example'] } },
    });
    const page = await accept(entry, code);
    expect(page.html).toContain('This domain is blocked');
    expect(await personOf(mail)).toMatchObject({ externalUserState: 'PendingAcceptance' });
    await prisma.organisation.update({ where: { id: 1 }, data: { domains: domains as object } });
    expect((await accept(entry, code)).html).toContain('You have accepted the invitation');
  });

  it('answer a form that is far too large, or none at all, with a page', async () => {
    const { link } = await invite();
    const large = await fetch(`${link}/accept`, {
      method: 'POST',
      body: new URLSearchParams({ code: '1'.repeat(20_000) }),
    });
    expect(large.status).toBe(413);
    expect(await large.text()).toContain('Something went wrong');
    const long = await fetch(`${link}/accept`, {
      method: 'POST',
      body: new URLSearchParams({ code: '1'.repeat(500), terms: 'yes' }),
    });
    expect(long.status).toBe(422);
    expect((await fetch(`${link}/accept`, { method: 'POST' })).status).toBe(422);
  });
});
