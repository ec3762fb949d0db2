import express, { type Response, Router } from 'express';
import { type createCredentials, findEnrolment } from '../../commands/credentials.ts';
import type { Execute, OpenCommand, Outcome } from '../../commands/execute.ts';
import { isRefusal } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import type { Passkeys } from '../../commands/step-up.ts';
import { type Credential, inUse } from '../../domain/credential.ts';
import type { CredentialSecrets } from '../../domain/credential-secrets.ts';
import type { Enrolling } from '../../domain/enrol-credential.ts';
import { confirmedUntil, faultInEnrolment, faultInLink } from '../../domain/enrolling.ts';
import { faultInStepUp } from '../../domain/pass-step-up.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { base32, otpauthUri } from '../../domain/totp.ts';
import { type ConfirmingWords, confirmingWords } from './confirming-words.ts';
import { type Html, html } from './html.ts';
import { dayAndTime, field, key, keyOf, problem, readingOf, refused, send } from './page-parts.ts';
import { allowScripts, codeForm, passkeyForm, passkeyScripts, qrCode } from './passkey-forms.ts';

const nameOf = ({ kind }: Credential, say: ConfirmingWords) => (kind === 'passkey' ? say.passkey : say.app);

const sayTo = (response: Response) => confirmingWords[readingOf(response.req).language];

/**
 * The pages on which people set up how they confirm that it is them. The link that leads here can be opened once; what
 * it opens is a page with an address of its own, which no link in a chat or a mail shows.
 */
export function createEnrolPages(parts: {
  readonly execute: Execute;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly reads: Reads;
  readonly secrets: CredentialSecrets;
  readonly passkeys: Passkeys;
  readonly clock: () => Date;
}): Router {
  const { execute, credentials, reads, secrets, passkeys, clock } = parts;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '32kb' });

  /** The enrolment while its page is open; else another page has been sent. */
  async function open(response: Response, token: string): Promise<Enrolling | null> {
    const found = await findEnrolment(reads, secrets, token, 'page');
    const fault = isRefusal(found) ? found.refusal : faultInEnrolment(found.enrolment, found.credentials, clock());
    if (!fault) return found as Enrolling;
    refused(response, fault);
    return null;
  }

  function listed(response: Response, token: string, own: readonly Credential[], removable: boolean): Html {
    const say = sayTo(response);
    const when = (instant: Date) => dayAndTime(response.req, instant);
    const remove = (one: Credential) =>
      html`<form method="post" action="/enrol/${token}/remove">${key()}<input type="hidden" name="credential" value="${one.id}"><button class="quiet" type="submit" aria-label="${say.removeWhich(nameOf(one, say), when(one.enrolledAt))}">${say.remove}</button></form>`;
    return own.length === 0
      ? html`<p>${say.nothingYet}</p>`
      : html`<ul>${own.map(
          (one) =>
            html`<li><strong>${nameOf(one, say)}</strong>${say.setUpOn(when(one.enrolledAt), one.usedAt && when(one.usedAt))}
${removable ? remove(one) : null}</li>`,
        )}</ul>`;
  }

  async function adding(
    response: Response,
    token: string,
    { enrolment, person, credentials: all }: Enrolling,
    wrong: boolean,
  ) {
    const say = sayTo(response);
    const { name } = await reads.organisation();
    const known = inUse(all).filter((one) => one.kind === 'passkey');
    const seed = secrets.seedOf(enrolment);
    const uri = otpauthUri(seed, `Usher ${name}`, person.mail);
    const options = passkeys.usable
      ? await passkeys.optionsToEnrol(person, secrets.challengeOf(enrolment), known)
      : null;
    return html`<h2>${say.addPasskey}</h2>
<p>${say.aboutPasskeys}</p>
${options ? passkeyForm('enrol', `/enrol/${token}/passkey`, options, say) : html`<p class="hint">${say.noPasskeys}</p>`}
<h2>${say.addApp}</h2>
<p>${say.aboutApps}</p>
${qrCode(uri, say.qrCode)}
<p>${say.keyIs} <code id="secret">${base32(seed).replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
<p><a href="${uri}">${say.openApp}</a></p>
${codeForm(`/enrol/${token}/code`, say.code, say.setUpApp, wrong)}`;
  }

  async function show(response: Response, status: number, token: string, found: Enrolling, fault: Refusal | null) {
    const { enrolment, person } = found;
    const say = sayTo(response);
    const own = inUse(found.credentials);
    const confirmed = confirmedUntil(enrolment, clock()) !== null;
    const waiting = enrolment.forStepUpId && own.length > 0 ? await reads.stepUp(enrolment.forStepUpId) : null;
    const back = waiting && !faultInStepUp(waiting, clock()) ? `/step-up/${secrets.stepUpToken(waiting.id)}` : null;
    allowScripts(response);
    send(
      response,
      status,
      say.mine,
      html`<h1>${say.mine}</h1>
${fault ? problem(response, fault) : null}
<p>${say.forYou(person.displayName, person.mail)}</p>
${back ? html`<p><a href="${back}">${say.back}</a></p>` : null}
<h2>${say.whatIsSetUp}</h2>
${listed(response, token, own, confirmed)}
${
  own.length > 0 && !confirmed
    ? html`<p>${say.confirmFirst}</p>
<form method="post" action="/enrol/${token}/confirm">${key()}<p><button type="submit">${say.confirm}</button></p></form>`
    : await adding(response, token, found, fault?.code === 'enrolment-wrong')
}`,
      passkeyScripts,
    );
  }

  router.get('/enrol/:token', async (request, response) => {
    const { token } = request.params;
    if (!secrets.readEnrolmentToken(token, 'link')) {
      const found = await open(response, token);
      if (found) await show(response, 200, token, found, null);
      return;
    }
    const found = await findEnrolment(reads, secrets, token, 'link');
    const fault = isRefusal(found) ? found.refusal : faultInLink(found.enrolment, clock());
    if (fault || isRefusal(found)) {
      refused(response, fault ?? { code: 'enrolment-spent' });
      return;
    }
    const say = sayTo(response);
    const { displayName, mail } = found.person;
    // Programs that look at links, before people do, must not use it up: only the button opens it.
    send(
      response,
      200,
      say.mine,
      html`<h1>${say.mine}</h1>
<p>${say.isThatYou(displayName, mail)}</p>
<form method="post" action="/enrol/${token}/open">${key()}<p><button type="submit">${say.goOn}</button></p></form>
<p class="hint">${say.once}</p>`,
    );
  });

  const post = <Input, State, Answer>(
    path: string,
    command: OpenCommand<Input, State, Answer>,
    leadsTo: 'link' | 'page',
    inputOf: (body: unknown) => object,
    where: (answer: Answer, token: string) => string,
  ) =>
    router.post(`/enrol/:token/${path}`, form, async (request, response) => {
      const token = request.params.token as string;
      const found = await findEnrolment(reads, secrets, token, leadsTo);
      if (isRefusal(found)) return refused(response, found.refusal);
      const outcome: Outcome<Answer> = await execute(command, {
        caller: { by: 'link', personId: found.person.id },
        input: { token, ...inputOf(request.body) },
        key: keyOf(found.enrolment.id, request.body),
      });
      if (outcome.accepted) return response.redirect(303, where(outcome.answer, token));
      if (leadsTo === 'link' || outcome.refusal.code === 'enrolment-spent') return refused(response, outcome.refusal);
      const now = await open(response, token);
      return now && show(response, 422, token, now, outcome.refusal);
    });

  const again = (_answer: unknown, token: string) => `/enrol/${token}`;
  const nothing = () => ({});
  post('open', credentials.open, 'link', nothing, ({ enrolmentId }) => {
    return `/enrol/${secrets.enrolmentToken(enrolmentId, 'page')}`;
  });
  post('passkey', credentials.addPasskey, 'page', (body) => ({ answer: field(body, 'answer') }), again);
  post('code', credentials.addApp, 'page', (body) => ({ code: field(body, 'code') }), again);
  post('remove', credentials.remove, 'page', (body) => ({ credentialId: field(body, 'credential') }), again);
  post('confirm', credentials.confirm, 'page', nothing, ({ stepUpId }) => {
    return `/step-up/${secrets.stepUpToken(stepUpId)}`;
  });

  return router;
}
