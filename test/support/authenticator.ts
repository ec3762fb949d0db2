import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** CBOR as far as an attestation needs it: small maps of integers, texts and bytes. */
type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor>;

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const pairs = [...(value as ReadonlyMap<number | string, Cbor>)].flatMap(([key, one]) => [cbor(key), cbor(one)]);
  return Buffer.concat([head(5, pairs.length / 2), ...pairs]);
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();

const userPresent = 0x01;
const userVerified = 0x04;
const attested = 0x40;

export interface Signing {
  readonly challenge: string;
  readonly origin: string;
  /** False: it was touched, and asked for no finger, face or PIN. */
  readonly verified?: boolean;
  readonly rpId?: string;
}

/** A security key in software: one passkey, which signs whatever it is told to, as an attacker's would. */
export function createAuthenticator() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  let counter = 0;

  const authenticatorData = (
    flags: number,
    { rpId = 'localhost', verified = true }: Signing,
    more = Buffer.alloc(0),
  ) => {
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(counter);
    const flag = Buffer.from([flags | userPresent | (verified ? userVerified : 0)]);
    return Buffer.concat([sha256(rpId), flag, counted, more]);
  };
  const clientData = (type: string, { challenge, origin }: Signing) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const answer = (response: Record<string, unknown>) =>
    JSON.stringify({
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      clientExtensionResults: {},
      response,
    });

  return {
    /** What the browser hands back when a passkey is made. */
    enrol(signing: Signing): string {
      const key = new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]);
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cbor(key)]);
      const attestation = cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authenticatorData(attested, signing, credential)],
        ]),
      );
      return answer({
        clientDataJSON: clientData('webauthn.create', signing).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['usb'],
      });
    },
    /** What it hands back when the passkey is used; `counted: false` is a copy that does not know of it. */
    confirm(signing: Signing, { counted = true } = {}): string {
      if (counted) counter += 1;
      const data = authenticatorData(0, signing);
      const client = clientData('webauthn.get', signing);
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey);
      return answer({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
      });
    },
  };
}
