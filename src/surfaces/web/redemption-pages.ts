import { randomUUID } from 'node:crypto';
import express, { type Response, Router } from 'express';
import type { Execute } from '../../commands/execute.ts';
import { isRefusal } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import { type createRedemption, findRedemption } from '../../commands/redemption.ts';
import type { DerivedSecrets } from '../../domain/derived-secrets.ts';
import type { Redemption } from '../../domain/guest.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { refusalCard } from '../../notifications/sentences.ts';
import { type Html, html, page } from './html.ts';

/** Pages have no reader's time zone: UTC, and it says so. */
const time = (instant: Date): string =>
  `${new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' }).format(instant)} (UTC)`;

const send = (response: Response, status: number, title: string, body: Html) =>
  response.status(status).type('html').send(page(title, body));

const problem = (refusal: Refusal): Html => {
  const { title, text, next } = refusalCard(refusal, time);
  return html`<div class="problem" role="alert" id="problem"><p><strong>${title}.</strong> ${text} ${next ?? ''}</p></div>`;
};

const refused = (response: Response, refusal: Refusal) => {
  const { title, text, next } = refusalCard(refusal, time);
  const status = refusal.code === 'link-stale' ? 410 : 409;
  return send(response, status, title, html`<h1>${title}</h1><p>${text}</p><p>${next ?? ''}</p>`);
};

/** Each form carries a key of its own: sent twice, it takes effect once. */
const key = () => html`<input type="hidden" name="key" value="${randomUUID()}">`;

/**
 * The pages that an invitation's link leads to: what the organisation will see, its terms, a one-time passcode, Accept or
 * Decline (Microsoft Entra B2B, "Invitation redemption"). They need no script and no cookie: the link is the key.
 */
export function createRedemptionPages(parts: {
  readonly execute: Execute;
  readonly redemption: ReturnType<typeof createRedemption>;
  readonly reads: Reads;
  readonly secrets: DerivedSecrets;
}): Router {
  const { execute, redemption, reads, secrets } = parts;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '8kb' });

  /** The invitation while it is open; else its page has been sent. */
  async function open(response: Response, token: string): Promise<Redemption | null> {
    const found = await findRedemption(reads, secrets, token);
    if (isRefusal(found)) {
      refused(response, found.refusal);
      return null;
    }
    const { state } = found.invitation;
    if (state.status === 'Pending') return found;
    if (state.status === 'Accepted') {
      const { name } = found.organisation;
      send(
        response,
        200,
        `Welcome to ${name}`,
        html`<h1>Welcome to ${name}</h1>
<p>You have accepted the invitation. Your account is ready.</p>
<h2>What to do next</h2>
<p>Write <code>roles</code> to Usher in the chat that you use with ${name}. You will see what you can activate. If Usher
does not know you there, it asks for your e-mail address and sends you a code.</p>`,
      );
    } else refused(response, { code: 'invitation-closed', outcome: state.status });
    return null;
  }

  const decline = (token: string) =>
    html`<form method="post" action="/redeem/${token}/decline">${key()}<button class="quiet" type="submit">Decline</button></form>`;

  async function codePage(response: Response, status: number, token: string, found: Redemption, fault: Refusal | null) {
    const { organisation, guest } = found;
    const described = fault ? 'problem hint' : 'hint';
    const terms = organisation.terms
      ? html`<label class="check"><input type="checkbox" name="terms" value="yes"> I accept the terms of use of ${organisation.name} (version ${organisation.terms.version})</label>`
      : null;
    send(
      response,
      status,
      `Enter the code – ${organisation.name}`,
      html`<h1>Enter the code from your mail</h1>
${fault ? problem(fault) : null}
<p id="hint">A code of eight digits is on its way to ${guest.mail}. It is good for 30 minutes.</p>
<form method="post" action="/redeem/${token}/accept">${key()}
<label for="code">Code</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required aria-describedby="${described}"${fault ? html` aria-invalid="true"` : null}>
${terms}
<p><button type="submit">Accept the invitation</button></p>
</form>
<form method="post" action="/redeem/${token}/code">${key()}<button class="quiet" type="submit">Send another code</button></form>
${decline(token)}`,
    );
  }

  router.get('/redeem/:token', async (request, response) => {
    const { token } = request.params;
    const found = await open(response, token);
    if (!found) return;
    const { organisation, invitation, guest } = found;
    const inviter = await reads.person(invitation.inviterId);
    const { name, terms } = organisation;
    send(
      response,
      200,
      `Invitation to ${name}`,
      html`<h1>${name} invites you</h1>
<p>${inviter?.displayName ?? name} has invited <strong>${guest.mail}</strong> to work with ${name} as a guest.</p>
${invitation.message ? html`<blockquote>${invitation.message}</blockquote>` : null}
<h2>What ${name} will be able to see and do</h2>
<ul>
<li>See your name, your e-mail address and your chat account.</li>
<li>Keep a record of what you do with the access that you are given.</li>
<li>Give you access, and take it away again.</li>
</ul>
<p class="hint">Accept only if you know ${name} and expected this. You can decline.</p>
${terms ? html`<h2>Terms of use, version ${terms.version}</h2><blockquote>${terms.text}</blockquote>` : null}
<form method="post" action="/redeem/${token}/code">${key()}<button type="submit">Send me a code</button></form>
${decline(token)}`,
    );
  });

  router.get('/redeem/:token/code', async (request, response) => {
    const found = await open(response, request.params.token);
    if (found) await codePage(response, 200, request.params.token, found, null);
  });

  const caller = (found: Redemption) => ({ by: 'link', personId: found.guest.id }) as const;
  /** By the invitation's id: the token opens a door, and is stored nowhere. */
  const keyOf = ({ invitation }: Redemption, body: unknown) => {
    const given = (body as { key?: unknown } | undefined)?.key;
    return `web:${invitation.id}:${invitation.generation}:${typeof given === 'string' ? given.slice(0, 64) : randomUUID()}`;
  };

  router.post('/redeem/:token/code', form, async (request, response) => {
    const token = request.params.token as string;
    const found = await open(response, token);
    if (!found) return;
    const outcome = await execute(redemption.requestCode, {
      caller: caller(found),
      input: { token },
      key: keyOf(found, request.body),
    });
    if (outcome.accepted) return response.redirect(303, `/redeem/${token}/code`);
    if (outcome.refusal.code === 'code-throttled') return codePage(response, 429, token, found, outcome.refusal);
    return refused(response, outcome.refusal);
  });

  router.post('/redeem/:token/accept', form, async (request, response) => {
    const token = request.params.token as string;
    const found = await open(response, token);
    if (!found) return;
    const body = (request.body ?? {}) as Record<string, unknown>;
    const input = { token, code: String(body.code ?? ''), termsAccepted: body.terms === 'yes' };
    const outcome = await execute(redemption.accept, { caller: caller(found), input, key: keyOf(found, request.body) });
    if (outcome.accepted) return response.redirect(303, `/redeem/${token}`);
    return codePage(response, 422, token, found, outcome.refusal);
  });

  router.post('/redeem/:token/decline', form, async (request, response) => {
    const token = request.params.token as string;
    const found = await open(response, token);
    if (!found) return;
    const outcome = await execute(redemption.decline, {
      caller: caller(found),
      input: { token },
      key: keyOf(found, request.body),
    });
    if (!outcome.accepted) return refused(response, outcome.refusal);
    return send(
      response,
      200,
      'Invitation declined',
      html`<h1>You have declined</h1>
<p>Nothing was shared. If you change your mind, ask the person who invited you to send the invitation again.</p>`,
    );
  });

  return router;
}
