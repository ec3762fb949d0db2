import { type Browser, chromium, type Locator } from 'playwright-core';

/** Debian's chromium, or the one named by CHROMIUM, without its talks to the internet. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
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
