import { Router } from 'express';
import { isLocalHost } from '../../runtime/local-host.ts';
import type { KeptMails } from '../email/mailer.ts';
import { html, page } from './html.ts';

/** A chat client that was started beside the bot. */
export interface ChatLink {
  readonly name: string;
  readonly url: string;
}

/** The page that a newcomer sees first: the chats, what to try, and the mails that would have been sent. Demo only. */
export function createStartPage(links: () => readonly ChatLink[], mails: KeptMails): Router {
  const router = Router();

  // The mails hold links and codes: they are for this machine only.
  router.use(['/mails', /^\/$/], (request, response, next) => {
    if (isLocalHost(request.headers.host)) return next();
    response.status(403).type('text').send('only this machine may look at the demo\n');
  });

  router.get('/', async (_request, response) => {
    const kept = await mails.list();
    response.type('html').send(
      page(
        'Usher',
        html`<h1>Usher is running</h1>
<p>Usher gives people access for as long as they need it, in the chat they already use. This is a demo organisation,
Contoso. Everything stays on this machine.</p>
<h2>The chats</h2>
${
  links().length > 0
    ? html`<ul>${links().map(({ name, url }) => html`<li><a href="${url}" target="_blank" rel="noopener">${name}</a></li>`)}</ul>`
    : html`<p class="hint">No chat client was started beside this bot.</p>`
}
<h2>What to try first</h2>
<ol>
<li>Open the three chats in Teams, or Slack, where you choose who you are and open Usher’s Home as each: so that everybody can
be written to. The guest is nobody yet, and in Slack connects with a code from a mail.</li>
<li>As the administrator, type (in Slack with <code>/usher</code> before it) <code>invite guest@partner.example --role Contributor --scope rg-expenses --eligible --for 90d --message "Welcome"</code></li>
<li>Open the mail below, and accept the invitation with the code that comes in a second mail.</li>
<li>As the guest, type <code>roles</code>, and activate Contributor with a reason.</li>
<li>As the approver, approve it on the card.</li>
<li>Watch every copy of the card change. Type <code>status</code> as the guest, <code>audit</code> and <code>audit verify</code> as the administrator.</li>
</ol>
<h2>Mails</h2>
${
  kept.length > 0
    ? html`<ul>${kept.map(({ id, to, subject, at }) => html`<li><a href="/mails/${id}">${subject}</a> <span class="hint">to ${to}, ${at.slice(11, 19)} UTC</span></li>`)}</ul>`
    : html`<p class="hint">None yet.</p>`
}
<p><a href="/">Look for new mails</a></p>`,
      ),
    );
  });

  router.get('/mails/:id', async (request, response) => {
    const mail = await mails.find(request.params.id);
    if (!mail) {
      response
        .status(404)
        .type('html')
        .send(page('No such mail', html`<h1>No such mail</h1><p><a href="/">Back</a></p>`));
      return;
    }
    // A mail brings its own styles, and still no script.
    response.set(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'",
    );
    response.type('html').send(mail.html);
  });

  return router;
}
