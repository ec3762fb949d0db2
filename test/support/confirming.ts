import { hotp, stepAt } from '../../src/domain/totp.ts';
import type { createAuthenticator } from './authenticator.ts';
import { open, submit } from './redeem.ts';

export type Page = Awaited<ReturnType<typeof open>>;
type Authenticator = ReturnType<typeof createAuthenticator>;

const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** What the page asks the authenticator for. */
export function optionsOn(page: Page): {
  challenge: string;
  allowCredentials?: { id: string }[];
  [more: string]: unknown;
} {
  const options = /data-options="([^"]*)"/.exec(page.html)?.[1];
  if (!options) throw new Error(`the page asks for no passkey: ${page.html}`);
  return JSON.parse(unescaped(options));
}

export const originOf = (page: Page) => new URL(page.url).origin;

/** The key that an authenticator app is given, as bytes. */
export function seedOn(page: Page): Buffer {
  const key = /<code id="secret">([^<]*)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? '';
  const bits = [...key].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export const codeAt = (seed: Uint8Array, now: Date, steps = 0): string => hotp(seed, stepAt(now) + steps);

/** Opens the link of an enrolment, as its person does. */
export const openEnrolment = async (link: string): Promise<Page> => submit(await open(link), 'Yes, go on');

export const enrolPasskey = (page: Page, authenticator: Authenticator, more: object = {}): Promise<Page> =>
  submit(page, 'Set up a passkey', {
    answer: authenticator.enrol({ challenge: optionsOn(page).challenge, origin: originOf(page), ...more }),
  });

export const enrolApp = (page: Page, code: string): Promise<Page> => submit(page, 'Set up the app', { code });

export const confirmByPasskey = (page: Page, authenticator: Authenticator, more: object = {}): Promise<Page> =>
  submit(page, 'Confirm with a passkey', {
    answer: authenticator.confirm({ challenge: optionsOn(page).challenge, origin: originOf(page), ...more }),
  });

export const confirmByCode = (page: Page, code: string): Promise<Page> =>
  submit(page, 'Confirm with the code', { code });

/** The address behind a link button of a card or of Slack's blocks, whichever holds it. */
export function linkOf(shown: unknown, to: '/enrol/' | '/step-up/'): string {
  const link = new RegExp(`https?://[^"\\s]*${to}[^"\\s\\\\]*`).exec(JSON.stringify(shown))?.[0];
  if (!link) throw new Error(`no link to ${to} in ${JSON.stringify(shown)}`);
  return link;
}
