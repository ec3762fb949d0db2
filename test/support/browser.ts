import { existsSync } from 'node:fs';
import { type Browser, chromium, type Locator } from 'playwright-core';

/** Debian's; the one that has no window needs a quarter of the processor time. */
const installed = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Chromium, the installed one or the one named by CHROMIUM, without its talks to the internet. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? installed.find(existsSync) ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What somebody can read there, in the lines that they see: hidden text does not count. */
export const visibleText = (locator: Locator): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: what is seen is the point, not what is in the document.
  locator.innerText();
