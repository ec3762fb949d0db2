import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { languages, localeIn } from '../../domain/language.ts';
import type { Refusal, RefusalCode } from '../../domain/refusal.ts';
import type { Reading } from '../../notifications/sentence.ts';
import { refusalCard } from '../../notifications/sentences.ts';
import { type Html, html, page } from './html.ts';

/** As the browser asks for it; English where it asks for neither. It tells no time zone: UTC, and it says so. */
export const readingOf = (request: Request): Reading => {
  const asked = request.acceptsLanguages([...languages]);
  const language = asked === 'de' ? 'de' : 'en';
  // To the second: what is told here is when to try again.
  const format = new Intl.DateTimeFormat(localeIn(language, null), { timeStyle: 'medium', timeZone: 'UTC' });
  return { language, time: (instant) => `${format.format(instant)} (UTC)` };
};

export const dayAndTime = (request: Request, instant: Date): string => {
  const locale = localeIn(readingOf(request).language, null);
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(instant)} (UTC)`;
};

export const send = (
  response: Response,
  status: number,
  title: string,
  body: Html,
  scripts: readonly string[] = [],
) => {
  const { language } = readingOf(response.req);
  return response
    .status(status)
    .vary('accept-language')
    .type('html')
    .send(page(title, body, language, scripts));
};

export const problem = (response: Response, refusal: Refusal): Html => {
  const { title, text, next } = refusalCard(refusal, readingOf(response.req));
  return html`<div class="problem" role="alert" id="problem"><p><strong>${title}.</strong> ${text} ${next ?? ''}</p></div>`;
};

/** Links that are over. */
const gone: ReadonlySet<RefusalCode> = new Set(['link-stale', 'enrolment-spent', 'step-up-spent']);

export const refused = (response: Response, refusal: Refusal) => {
  const { title, text, next } = refusalCard(refusal, readingOf(response.req));
  return send(
    response,
    gone.has(refusal.code) ? 410 : 409,
    title,
    html`<h1>${title}</h1><p>${text}</p><p>${next ?? ''}</p>`,
  );
};

/** Each form carries a key of its own: sent twice, it takes effect once. */
export const key = () => html`<input type="hidden" name="key" value="${randomUUID()}">`;

/** By what the page is about: its token opens a door, and is stored nowhere. */
export const keyOf = (about: string, body: unknown) => {
  const given = (body as { key?: unknown } | undefined)?.key;
  return `web:${about}:${typeof given === 'string' ? given.slice(0, 64) : randomUUID()}`;
};

/** A field of a form, as text. */
export const field = (body: unknown, name: string): string => {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
};
