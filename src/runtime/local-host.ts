/**
 * Whether a request was sent to this machine by its own name. Web pages elsewhere can point a name of theirs at it (DNS
 * rebinding), but they can't choose this header.
 */
export const isLocalHost = (host = ''): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(host.replace(/:\d+$/, ''));
