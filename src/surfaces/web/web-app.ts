import { readFileSync } from 'node:fs';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import { errorFields } from '../../runtime/logger.ts';
import { projectFile } from '../../runtime/project-file.ts';
import { html, page } from './html.ts';

/** Everything off but our own style sheet and forms; the address of a page (it may hold a key) goes nowhere. */
const protect: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  next();
};

/** The web server's routes: chat platforms, pages, and two questions that load balancers ask. */
export function createWebApp(parts: {
  /** Each with its own paths and its own parsing of bodies. */
  readonly bots: readonly RequestHandler[];
  readonly pages: readonly Router[];
  /** Rejects when something that a request needs can't be reached. */
  readonly ready: () => Promise<void>;
  readonly log: Logger;
}): Express {
  const { bots, pages, ready, log } = parts;
  const style = readFileSync(projectFile('src/surfaces/web/style.css'), 'utf8');
  const app = express();
  app.disable('x-powered-by');
  for (const bot of bots) app.use(bot);
  app.use(protect);
  app.get('/healthz', (_request, response) => {
    response.type('text').send('ok\n');
  });
  app.get('/readyz', async (_request, response) => {
    await ready().then(
      () => response.type('text').send('ready\n'),
      (error: unknown) => {
        log.warn(errorFields(error), 'not ready');
        response.status(503).type('text').send('not ready\n');
      },
    );
  });
  app.get('/style.css', (_request, response) => {
    response.set('cache-control', 'max-age=3600').type('css').send(style);
  });
  // Browsers ask for it by themselves.
  app.get('/favicon.ico', (_request, response) => {
    response.status(204).end();
  });
  for (const router of pages) app.use(router);
  app.use((_request, response) => {
    response
      .status(404)
      .type('html')
      .send(
        page(
          'Not found',
          html`<h1>There is no such page</h1><p>Check the address, or use the link in the newest mail.</p>`,
        ),
      );
  });
  const sorry: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = typeof error?.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) log.error(errorFields(error), 'a page failed');
    response
      .status(status)
      .type('html')
      .send(
        page(
          'Something went wrong',
          html`<h1>Something went wrong</h1><p>Nothing was lost. Please try again in a moment.</p>`,
        ),
      );
  };
  app.use(sorry);
  return app;
}
