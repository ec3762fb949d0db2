import type { Mailbox } from './usher.ts';

/** The first link in a mail's text. */
export const linkIn = (text: string): string => {
  const [link] = /https?:\/\/\S+/.exec(text) ?? [];
  if (!link) throw new Error(`no link in the mail: ${text}`);
  return link.replace(/[.,)>]+$/, '');
};

export const codeIn = (text: string): string => {
  const digits = /\b(\d{4}) ?(\d{4})\b/.exec(text);
  if (!digits) throw new Error(`no code in the mail: ${text}`);
  return `${digits[1]}${digits[2]}`;
};

interface Page {
  readonly status: number;
  readonly html: string;
  readonly url: string;
}

/** Forms of a page as a browser sends them: the action and the hidden fields of the form with this button. */
function formWith(page: Page, button: string): { action: string; fields: URLSearchParams } {
  for (const [, attributes = '', inner = ''] of page.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    if (!inner.includes(`>${button}</button>`)) continue;
    const fields = new URLSearchParams();
    for (const [input] of inner.matchAll(/<input\b[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      if (name && /type="hidden"/.test(input)) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
    }
    const pressed = new RegExp(`<button\\b([^>]*)>${button}</button>`).exec(inner)?.[1] ?? '';
    const name = /name="([^"]*)"/.exec(pressed)?.[1];
    if (name) fields.set(name, /value="([^"]*)"/.exec(pressed)?.[1] ?? '');
    return { action: new URL(/action="([^"]*)"/.exec(attributes)?.[1] ?? '', page.url).href, fields };
  }
  throw new Error(`no form with the button “${button}”: ${page.html}`);
}

export async function open(url: string, language?: string): Promise<Page> {
  const response = await fetch(url, { headers: language ? { 'accept-language': language } : {} });
  return { status: response.status, html: await response.text(), url: response.url };
}

export async function submit(
  page: Page,
  button: string,
  values: Record<string, string> = {},
  language?: string,
): Promise<Page> {
  const { action, fields } = formWith(page, button);
  for (const [name, value] of Object.entries(values)) fields.set(name, value);
  const response = await fetch(action, {
    method: 'POST',
    body: fields,
    headers: language ? { 'accept-language': language } : {},
  });
  return { status: response.status, html: await response.text(), url: response.url };
}

/** Redeems an invitation as the guest would, up to and with Accept. */
export async function redeem(mails: Mailbox, address: string): Promise<Page> {
  const invitation = await mails.see(address, /You have been invited/);
  const landing = await open(linkIn(invitation.text));
  const entry = await submit(landing, 'Send me a code');
  const code = codeIn((await mails.see(address, /Your code/)).text);
  return submit(entry, 'Accept the invitation', { code, terms: 'yes' });
}
