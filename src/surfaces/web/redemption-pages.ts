import express, { type Response, Router } from 'express';
import type { createCredentials } from '../../commands/credentials.ts';
import type { Execute } from '../../commands/execute.ts';
import { isRefusal } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import { type createRedemption, findRedemption } from '../../commands/redemption.ts';
import type { CredentialSecrets } from '../../domain/credential-secrets.ts';
import type { DerivedSecrets } from '../../domain/derived-secrets.ts';
import type { Redemption } from '../../domain/guest.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { html } from './html.ts';
import { key, keyOf as keyFor, problem, readingOf, refused, send } from './page-parts.ts';
import { redemptionWords } from './redemption-words.ts';

const sayTo = (response: Response) => redemptionWords[readingOf(response.req).language];

/**
 * The pages that an invitation's link leads to: what the organisation will see, its terms, a one-time passcode, Accept or
 * Decline (Microsoft Entra B2B, "Invitation redemption"). They need no script and no cookie: the link is the key.
 */
export function createRedemptionPages(parts: {
  readonly execute: Execute;
  readonly redemption: ReturnType<typeof createRedemption>;
  readonly reads: Reads;
  readonly secrets: DerivedSecrets;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly credentialSecrets: CredentialSecrets;
}): Router {
  const { execute, redemption, reads, secrets, credentials, credentialSecrets } = parts;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '8kb' });

  /** The invitation while it is open; else its page has been sent. */
  async function open(response: Response, token: string, enrol?: unknown): Promise<Redemption | null> {
    const found = await findRedemption(reads, secrets, token);
    if (isRefusal(found)) {
      refused(response, found.refusal);
      return null;
    }
    const { state } = found.invitation;
    if (state.status === 'Pending') return found;
    if (state.status === 'Accepted') {
      const { name } = found.organisation;
      const say = sayTo(response);
      send(
        response,
        200,
        say.welcome(name),
        html`<h1>${say.welcome(name)}</h1>
<p>${say.accepted}</p>
<h2>${say.whatNext}</h2>
<p>${say.next(name)}</p>
${
  typeof enrol === 'string' && credentialSecrets.readEnrolmentToken(enrol, 'link')
    ? html`<h2>${say.confirming}</h2><p>${say.confirmingWhy}</p><p><a href="/enrol/${enrol}">${say.confirming}</a></p>`
    : null
}`,
      );
    } else refused(response, { code: 'invitation-closed', outcome: state.status });
    return null;
  }

  const decline = (response: Response, token: string) =>
    html`<form method="post" action="/redeem/${token}/decline">${key()}<button class="quiet" type="submit">${sayTo(response).decline}</button></form>`;

  async function codePage(response: Response, status: number, token: string, found: Redemption, fault: Refusal | null) {
    const { organisation, guest } = found;
    const say = sayTo(response);
    const described = fault ? 'problem hint' : 'hint';
    const terms = organisation.terms
      ? html`<label class="check"><input type="checkbox" name="terms" value="yes"> ${say.acceptTerms(organisation.name, organisation.terms.version)}</label>`
      : null;
    send(
      response,
      status,
      say.codeTitle(organisation.name),
      html`<h1>${say.enterCode}</h1>
${fault ? problem(response, fault) : null}
<p id="hint">${say.codeSent(guest.mail)}</p>
<form method="post" action="/redeem/${token}/accept">${key()}
<label for="code">${say.code}</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required aria-describedby="${described}"${fault ? html` aria-invalid="true"` : null}>
${terms}
<p><button type="submit">${say.accept}</button></p>
</form>
<form method="post" action="/redeem/${token}/code">${key()}<button class="quiet" type="submit">${say.anotherCode}</button></form>
${decline(response, token)}`,
    );
  }

  router.get('/redeem/:token', async (request, response) => {
    const { token } = request.params;
    const found = await open(response, token, request.query.enrol);
    if (!found) return;
    const { organisation, invitation, guest } = found;
    const inviter = await reads.person(invitation.inviterId);
    const { name, terms } = organisation;
    const say = sayTo(response);
    send(
      response,
      200,
      say.invitationTo(name),
      html`<h1>${say.invites(name)}</h1>
<p>${say.hasInvited(inviter?.displayName ?? name, guest.mail, name)}</p>
${invitation.message ? html`<blockquote>${invitation.message}</blockquote>` : null}
<h2>${say.seeAndDo(name)}</h2>
<ul>
${say.sees.map((line) => html`<li>${line}</li>`)}
</ul>
<p class="hint">${say.caution(name)}</p>
${terms ? html`<h2>${say.terms(terms.version)}</h2><blockquote>${terms.text}</blockquote>` : null}
<form method="post" action="/redeem/${token}/code">${key()}<button type="submit">${say.sendCode}</button></form>
${decline(response, token)}`,
    );
  });

  router.get('/redeem/:token/code', async (request, response) => {
    const found = await open(response, request.params.token);
    if (found) await codePage(response, 200, request.params.token, found, null);
  });

  const caller = (found: Redemption) => ({ by: 'link', personId: found.guest.id }) as const;
  const keyOf = ({ invitation }: Redemption, body: unknown) =>
    keyFor(`${invitation.id}:${invitation.generation}`, body);

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
    if (!outcome.accepted) return codePage(response, 422, token, found, outcome.refusal);
    // Whoever has entered the passcode just now is known: the invitation's link alone never leads to an enrolment.
    const enrolment = await execute(credentials.afterRedemption, {
      caller: caller(found),
      input: {},
      key: keyOf(found, request.body),
    });
    const enrol = enrolment.accepted
      ? `?enrol=${credentialSecrets.enrolmentToken(enrolment.answer.enrolmentId, 'link')}`
      : '';
    return response.redirect(303, `/redeem/${token}${enrol}`);
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
    const say = sayTo(response);
    return send(
      response,
      200,
      say.declinedTitle,
      html`<h1>${say.declined}</h1>
<p>${say.nothingShared}</p>`,
    );
  });

  return router;
}
