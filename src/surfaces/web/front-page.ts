import { Router } from 'express';
import { html, page } from './html.ts';

/** What is at the address that stands in mails and in the app's own description, for whoever looks there. */
export function createFrontPage(): Router {
  const router = Router();
  router.get('/', (_request, response) => {
    response.type('html').send(
      page(
        'Usher',
        html`<h1>Usher is running here</h1>
<p>It gives people access for as long as they need it, in the chat they already use. There is nothing to do on this page:
open Usher in Slack or in Teams, and say <code>help</code>.</p>
<p>An invitation or a code has come by mail? Use the link in that mail.</p>`,
      ),
    );
  });
  return router;
}
