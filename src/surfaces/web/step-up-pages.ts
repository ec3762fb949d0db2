import express, { type Request, type Response, Router } from 'express';
import type { createCredentials } from '../../commands/credentials.ts';
import type { Execute } from '../../commands/execute.ts';
import { isRefusal } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import { type Asked, type createStepUp, findStepUp, type Passkeys } from '../../commands/step-up.ts';
import type { CredentialKind } from '../../domain/credential.ts';
import type { CredentialSecrets } from '../../domain/credential-secrets.ts';
import type { EnrolmentId, RequestId } from '../../domain/ids.ts';
import { faultInStepUp } from '../../domain/pass-step-up.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type StepUp, serves } from '../../domain/step-up.ts';
import { givingShown } from '../../notifications/confirm-cards.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import { type ConfirmingWords, confirmingWords } from './confirming-words.ts';
import { type Html, html } from './html.ts';
import { field, key, keyOf, problem, readingOf, refused, send } from './page-parts.ts';
import { allowScripts, codeForm, passkeyForm, passkeyScripts } from './passkey-forms.ts';

/** What is being confirmed, for whoever is asked to. */
interface About {
  readonly what: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/**
 * The page of a step-up: what is being confirmed, and a passkey or a code to confirm it with. Its link came to one
 * person's chat; what is shown on it counts only if it is theirs, and once.
 */
export function createStepUpPages(parts: {
  readonly execute: Execute;
  readonly stepUp: ReturnType<typeof createStepUp>;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly reads: Reads;
  readonly secrets: CredentialSecrets;
  readonly passkeys: Passkeys;
  readonly tracked: Pick<TrackedCards, 'requestCard'>;
  readonly clock: () => Date;
}): Router {
  const { execute, credentials, reads, secrets, passkeys, clock } = parts;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '32kb' });

  async function ofRequest({ stepUp }: Asked, request: Request, say: ConfirmingWords): Promise<About['facts']> {
    const found = await reads.request(stepUp.subjectId as RequestId);
    if (!found) return [];
    const reader = { ...readingOf(request), personId: stepUp.personId, latest: true };
    const { role, scope, duration, justification, requester } = await parts.tracked.requestCard(found, reader);
    return [
      [say.role, role],
      [say.where, scope],
      [say.howLong, duration],
      ...(stepUp.purpose === 'decide' ? ([[say.requester, requester]] as const) : []),
      [say.reason, justification],
      ...(stepUp.wish?.justification ? ([[say.yourReason, stepUp.wish.justification]] as const) : []),
    ];
  }

  const about: Record<StepUp['purpose'], (asked: Asked, request: Request, say: ConfirmingWords) => Promise<About>> = {
    activate: async (asked, request, say) => ({
      what: say.aboutToActivate,
      facts: await ofRequest(asked, request, say),
    }),
    decide: async (asked, request, say) => ({ what: say.aboutToApprove, facts: await ofRequest(asked, request, say) }),
    administer: async ({ stepUp }, request, say) => {
      const shown = await givingShown(reads, stepUp, readingOf(request).language);
      return {
        what: say.aboutToGive,
        facts: [
          ...(shown.principal ? ([[say.whom, shown.principal]] as const) : []),
          [say.role, shown.role],
          [say.where, shown.scope],
          [say.howLong, shown.permanent ? say.permanent : (shown.duration ?? say.usualDuration)],
          ...(stepUp.wish?.justification ? ([[say.yourReason, stepUp.wish.justification]] as const) : []),
        ],
      };
    },
    enrol: async ({ person }, _request, say) => ({
      what: say.aboutToChange,
      facts: [[say.account, `${person.displayName} (${person.mail})`]],
    }),
  };

  /** The step-up while it can be passed; else its page has been sent. */
  async function open(response: Response, token: string): Promise<Asked | null> {
    const asked = await findStepUp(reads, secrets, token);
    const fault = isRefusal(asked) ? asked.refusal : faultInStepUp(asked.stepUp, clock());
    if (!fault) return asked as Asked;
    refused(response, fault);
    return null;
  }

  async function show(response: Response, status: number, token: string, asked: Asked, fault: Refusal | null) {
    const { stepUp, credentials: own } = asked;
    const say = confirmingWords[readingOf(response.req).language];
    const { what, facts } = await about[stepUp.purpose](asked, response.req, say);
    const keys = own.filter((one) => one.kind === 'passkey');
    const app = own.some(({ kind }) => kind === 'totp') && serves('totp', stepUp.strength);
    const passkey = passkeys.usable && keys.length > 0;
    const challenge = secrets.challengeOf(stepUp);
    allowScripts(response);
    const ways: Html =
      passkey || app
        ? html`${passkey ? passkeyForm('confirm', `/step-up/${token}/passkey`, await passkeys.optionsToConfirm(challenge, keys), say) : null}
${app ? html`<h2>${passkey ? say.orByCode : say.byCode}</h2><p>${say.whereCode}</p>${codeForm(`/step-up/${token}/code`, say.code, say.confirmByCode, fault?.code === 'step-up-wrong')}` : null}`
        : html`<p>${stepUp.strength === 'passkey' ? say.noPasskeyYet : say.nothingToConfirmWith}</p>
<form method="post" action="/step-up/${token}/enrol">${key()}<p><button type="submit">${say.setUpNow}</button></p></form>`;
    send(
      response,
      status,
      say.confirm,
      html`<h1>${say.confirm}</h1>
${fault ? problem(response, fault) : null}
<p>${what}</p>
<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
<p class="hint">${say.caution}</p>
${ways}`,
      passkeyScripts,
    );
  }

  router.get('/step-up/:token', async (request, response) => {
    const asked = await open(response, request.params.token);
    if (asked) await show(response, 200, request.params.token, asked, null);
  });

  /** Where it goes on: the page that asked for it, or back to the chat. */
  const goOn = (response: Response, { purpose, subjectId }: Pick<StepUp, 'purpose' | 'subjectId'>) => {
    switch (purpose) {
      case 'enrol':
        return response.redirect(303, `/enrol/${secrets.enrolmentToken(subjectId as EnrolmentId, 'page')}`);
      case 'activate':
      case 'decide':
      case 'administer': {
        const say = confirmingWords[readingOf(response.req).language];
        return send(response, 200, say.confirmed, html`<h1>${say.confirmed}</h1><p>${say.backToChat}</p>`);
      }
      default:
        return purpose satisfies never;
    }
  };

  const pass = (kind: CredentialKind, name: string) =>
    router.post(`/step-up/:token/${kind === 'passkey' ? 'passkey' : 'code'}`, form, async (request, response) => {
      const token = request.params.token as string;
      const asked = await findStepUp(reads, secrets, token);
      if (isRefusal(asked)) return refused(response, asked.refusal);
      const outcome = await execute(parts.stepUp.pass, {
        caller: { by: 'link', personId: asked.person.id },
        input: { token, kind, answer: field(request.body, name) },
        key: keyOf(asked.stepUp.id, request.body),
      });
      if (outcome.accepted) return goOn(response, outcome.answer.stepUp);
      const { refusal } = outcome;
      if (refusal.code !== 'step-up-wrong' && refusal.code !== 'passkey-needed') return refused(response, refusal);
      const now = await open(response, token);
      return now && show(response, 422, token, now, refusal);
    });
  pass('passkey', 'answer');
  pass('totp', 'code');

  router.post('/step-up/:token/enrol', form, async (request, response) => {
    const token = request.params.token as string;
    const asked = await open(response, token);
    if (!asked) return;
    const outcome = await execute(credentials.forStepUp, {
      caller: { by: 'link', personId: asked.person.id },
      input: { token },
      key: keyOf(asked.stepUp.id, request.body),
    });
    if (!outcome.accepted) return refused(response, outcome.refusal);
    return response.redirect(303, `/enrol/${secrets.enrolmentToken(outcome.answer.enrolmentId, 'page')}`);
  });

  return router;
}
