import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailSurface } from '../../notifications/deliver-card.ts';
import { cardToHtml, cardToText } from '../../notifications/html.ts';
import { localTime } from '../chat/local-time.ts';
import { type Card, RetryLater } from '../surface.ts';

/** The first line of a card is its heading, and the subject of its mail. */
const subjectOf = (card: Card): string => cardToText(card).split('\n')[0]?.slice(0, 150) ?? 'Usher';

const content = (card: Card) => ({ subject: subjectOf(card), text: cardToText(card), html: cardToHtml(card) });

/** Sends by SMTP; the same message id marks a repeated mail as the same. */
export function createSmtpMailer({ url, from }: { readonly url: string; readonly from: string }): MailSurface {
  const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 8_000 };
  const transport = createTransport(url, timeouts as object);
  return {
    formatTime: localTime,
    send: async ({ to, messageId, card }) => {
      try {
        await transport.sendMail({ from, to, messageId: `<${messageId}>`, ...content(card) });
      } catch (error) {
        // A server may say "for good" (5xx) as well; what to do next is the same: the administrators are told at the end.
        throw new RetryLater('the mail server did not take the mail', null, { cause: error });
      }
    },
  };
}

export interface KeptMail {
  readonly id: string;
  readonly to: string;
  readonly at: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface KeptMails {
  /** Newest first. */
  list(): Promise<KeptMail[]>;
  find(id: string): Promise<KeptMail | null>;
}

/** Keeps mails as files, for the start page to show: nothing leaves the machine. */
export function createMailFolder(folder: string, clock: () => Date): MailSurface & KeptMails {
  const read = async (name: string): Promise<KeptMail> => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const names = async () => (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  return {
    formatTime: localTime,
    send: async ({ to, messageId, card }) => {
      await mkdir(folder, { recursive: true });
      const id = messageId.replace(/[^a-z0-9-]/gi, '_');
      const mail: KeptMail = { id, to, at: clock().toISOString(), ...content(card) };
      const path = join(folder, `${id}.json`);
      await writeFile(`${path}.part`, JSON.stringify(mail));
      await rename(`${path}.part`, path);
    },
    list: async () => (await Promise.all((await names()).map(read))).sort((a, b) => (a.at < b.at ? 1 : -1)),
    find: async (id) => ((await names()).includes(`${id}.json`) ? read(`${id}.json`) : null),
  };
}
