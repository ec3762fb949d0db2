import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMailFolder, createSmtpMailer } from '../../../src/surfaces/email/mailer.ts';
import { type Card, RetryLater } from '../../../src/surfaces/surface.ts';

const cardOf = (...texts: readonly string[]): Card => ({
  type: 'AdaptiveCard',
  fallbackText: 'Fallback',
  body: texts.map((text) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] })),
});

interface Smtp {
  readonly url: string;
  readonly received: { readonly recipients: string[]; readonly data: string }[];
}

/** As much of RFC 5321 as taking a mail needs. `refuse` answers the recipient instead. */
const startSmtp = async (options: { readonly refuse?: string; readonly silent?: boolean } = {}): Promise<Smtp> => {
  const received: { recipients: string[]; data: string }[] = [];
  const serve = (socket: Socket) => {
    let buffer = '';
    let recipients: string[] = [];
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    if (!options.silent) say('220 fake');
    const take = (line: string) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO' || verb === 'HELO') return say('250 fake');
      if (verb === 'RCPT') {
        if (options.refuse) return say(options.refuse);
        recipients.push(line);
        return say('250 ok');
      }
      if (verb === 'DATA') {
        inData = true;
        return say('354 go on');
      }
      if (verb === 'QUIT') return socket.end('221 bye\r\n');
      return say('250 ok');
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (;;) {
        const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          received.push({ recipients, data: part });
          recipients = [];
          inData = false;
          say('250 taken');
        } else take(part);
      }
    });
  };
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`, received };
};

const mail = {
  to: 'gia@partner.example',
  messageId: 'card-1@usher',
  card: cardOf('Your access ends soon', 'At noon.'),
};
const from = 'Usher <usher@contoso.example>';

describe('mail by SMTP', () => {
  it('is sent with its heading as subject, as text and as HTML, under the id that it was given', async () => {
    const smtp = await startSmtp();
    await createSmtpMailer({ url: smtp.url, from }).send(mail);
    const [sent] = smtp.received;
    expect(sent?.recipients).toEqual(['RCPT TO:<gia@partner.example>']);
    for (const words of [
      'From: Usher <usher@contoso.example>',
      'To: gia@partner.example',
      'Subject: Your access ends soon',
      'Message-ID: <card-1@usher>',
      'text/plain',
      'text/html',
    ])
      expect(sent?.data).toContain(words);
  });

  it('takes no line of a hostile card for a header or a recipient', async () => {
    const smtp = await startSmtp();
    const card = cardOf('Hello\r\nBcc: evil@evil.example\r\n\r\nBody', 'x\r\n.\r\nRCPT TO:<evil@evil.example>');
    await createSmtpMailer({ url: smtp.url, from }).send({ ...mail, card });
    expect(smtp.received).toHaveLength(1);
    const [sent] = smtp.received;
    expect(sent?.recipients).toEqual(['RCPT TO:<gia@partner.example>']);
    const headers = sent?.data.split('\r\n\r\n', 1)[0] ?? '';
    expect(headers).not.toMatch(/^bcc:/im);
  });

  it.each(['450 later', '550 no such mailbox'])('is tried again when the server says %s', async (refuse) => {
    const smtp = await startSmtp({ refuse });
    await expect(createSmtpMailer({ url: smtp.url, from }).send(mail)).rejects.toBeInstanceOf(RetryLater);
    expect(smtp.received).toEqual([]);
  });

  it('is tried again when no server is there', async () => {
    const mailer = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from });
    await expect(mailer.send(mail)).rejects.toMatchObject({ name: 'RetryLater', afterMs: null });
  });
});

describe('mail kept in a folder', () => {
  const aFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'usher-mails-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    let at = Date.parse('2026-03-01T12:00:00Z');
    return {
      folder,
      mails: createMailFolder(join(folder, 'mail'), () => {
        at += 1_000;
        return new Date(at);
      }),
    };
  };

  it('is empty before the first', async () => {
    expect(await aFolder().mails.list()).toEqual([]);
  });

  it('is listed newest first, and found by its id', async () => {
    const { mails } = aFolder();
    await mails.send(mail);
    await mails.send({ ...mail, messageId: 'card-2@usher', card: cardOf('Second') });
    const list = await mails.list();
    expect(list.map(({ subject }) => subject)).toEqual(['Second', 'Your access ends soon']);
    expect(await mails.find(list[0]?.id ?? '')).toMatchObject({ to: 'gia@partner.example', subject: 'Second' });
    expect(await mails.find('card-3_usher')).toBeNull();
  });

  it('is the same mail under the same id', async () => {
    const { mails } = aFolder();
    await mails.send(mail);
    await mails.send(mail);
    expect(await mails.list()).toHaveLength(1);
  });

  it('stays in its folder whatever its id', async () => {
    const { mails, folder } = aFolder();
    await mails.send({ ...mail, messageId: '../../evil@usher' });
    expect(readdirSync(folder)).toEqual(['mail']);
    expect(await mails.find('../mail/evil')).toBeNull();
  });

  it('lists no mail that is being written', async () => {
    const { mails, folder } = aFolder();
    await mails.send(mail);
    writeFileSync(join(folder, 'mail', 'half.json.part'), '{"id":');
    expect(await mails.list()).toHaveLength(1);
  });
});

describe('a mail’s subject', () => {
  it('is the card’s first line, shortened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usher-mails-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const mails = createMailFolder(folder, () => new Date());
    await mails.send({ ...mail, card: cardOf(`${'x'.repeat(400)}\nsecond`) });
    expect((await mails.list())[0]?.subject).toBe('x'.repeat(150));
  });
});

describe('instants in mails', () => {
  const { formatTime } = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from });
  const noon = new Date('2026-03-01T12:00:00Z');

  it('are in UTC where the reader’s zone is not known, and say so', () => {
    expect(formatTime(noon, { timeZone: null, locale: null })).toBe('1 Mar 2026, 12:00 (UTC)');
  });

  it('are in the zone and the language of the reader', () => {
    expect(formatTime(noon, { timeZone: 'Europe/Berlin', locale: 'de-DE' })).toBe('01.03.2026, 13:00 (Europe/Berlin)');
  });
});
