import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Json } from './contract.ts';

const mostConnections = 10;
const pingEveryMs = 5_000;

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** The sockets over which an app without a public address is spoken to. */
export function createSocketMode(appId: string, host: () => string) {
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, { socket: WebSocket; answered: (payload: unknown) => void; lost: () => void }>();
  const server = new WebSocketServer({ noServer: true });
  let turn = 0;

  const debugInfo = { host: 'local', build_number: 1, approximate_connection_time: 18_060 };
  const tell = (socket: WebSocket, message: Json) => socket.send(JSON.stringify(message));

  server.on('connection', (socket: WebSocket) => {
    sockets.push(socket);
    const ping = setInterval(() => socket.ping(), pingEveryMs).unref();
    socket.on('message', (data) => {
      const { envelope_id: id, payload } = JSON.parse(String(data)) as { envelope_id?: string; payload?: unknown };
      if (!id) return;
      waiting.get(id)?.answered(payload);
      waiting.delete(id);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(ping);
      sockets.splice(sockets.indexOf(socket), 1);
      for (const [id, entry] of waiting) {
        if (entry.socket !== socket) continue;
        waiting.delete(id);
        entry.lost();
      }
    });
    tell(socket, {
      type: 'hello',
      num_connections: sockets.length,
      debug_info: debugInfo,
      connection_info: { app_id: appId },
    });
  });

  return {
    isConnected: () => sockets.length > 0,
    /** The address of a new socket, good for one connection. */
    open: (): string => {
      const ticket = randomBytes(12).toString('hex');
      tickets.add(ticket);
      return `ws://${host()}/link?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const ticket = new URL(request.url ?? '/', 'http://local').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket) || sockets.length >= mostConnections) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (made) => server.emit('connection', made, request));
    },
    /** What the app answered; @throws when its socket closes first. */
    deliver: (type: EnvelopeType, payload: Json, retry: Json): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const socket = sockets[turn++ % sockets.length];
        if (!socket) return reject(new Error('no socket is connected'));
        const id = randomUUID();
        waiting.set(id, { socket, answered: resolve, lost: () => reject(new Error('the socket closed')) });
        tell(socket, { envelope_id: id, type, accepts_response_payload: type !== 'events_api', payload, ...retry });
      }),
    refresh: (): void => {
      for (const socket of sockets)
        tell(socket, { type: 'disconnect', reason: 'refresh_requested', debug_info: debugInfo });
    },
    stop: (): void => {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}

export type SocketMode = ReturnType<typeof createSocketMode>;
