// Preloaded into each Playground, which by itself listens on every interface, lets any web page in and asks the internet
// for fonts. Here it talks to this machine only, and it ends when the process that started it is gone, however that ended.
const http = require('node:http');
const net = require('node:net');

const isLocal = (host) => !host || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
const isLocalUrl = (url) => URL.canParse(url) && isLocal(new URL(url).hostname.replace(/^\[|\]$/g, ''));

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listenLocally(first, ...rest) {
  if (typeof first !== 'number') return listen.call(this, first, ...rest);
  const callbacks = rest.filter((argument) => typeof argument === 'function');
  return listen.call(this, { port: first, host: '127.0.0.1' }, ...callbacks);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connectLocally(...given) {
  // Node's own callers hand over one array of arguments.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const host = typeof first === 'object' && first !== null ? first.host : second;
  if (typeof host !== 'string' || isLocal(host)) return connect.apply(this, given);
  process.nextTick(() => this.destroy(new Error(`${host} is not on this machine`)));
  return this;
};

const policy = "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'none'";
const { emit } = http.Server.prototype;
http.Server.prototype.emit = function emitForLocals(event, ...args) {
  if (event !== 'request' && event !== 'upgrade') return emit.call(this, event, ...args);
  const [request, reply] = args;
  const { host, origin } = request.headers;
  if (!isLocalUrl(`http://${host}`) || (origin && !isLocalUrl(origin))) {
    if (event === 'upgrade') reply.destroy();
    else reply.writeHead(403).end();
    return true;
  }
  if (event === 'request') reply.setHeader('content-security-policy', policy);
  return emit.call(this, event, ...args);
};

process.on('disconnect', () => process.exit(0));
