/** Stand-ins on loopback for the services from which pods get credentials, which know each pod by a token in a file. */
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { s3Credentials } from './s3-server.ts';

export interface CredentialServer {
  readonly endpoint: string;
  /** The tokens that were shown, in order of their first use. */
  readonly seen: ReadonlySet<string>;
  /** Requests that showed no token of the file. */
  readonly refused: number;
  stop(): Promise<void>;
}

/** How a service is asked and how it answers. */
interface Protocol {
  tokenOf(request: IncomingMessage, body: string): string | undefined;
  readonly contentType: string;
  answer(expiration: string): string;
}

const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey } = s3Credentials;

/** EKS Pod Identity, and ECS: `AWS_CONTAINER_CREDENTIALS_FULL_URI` and `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`. */
export const podIdentity: Protocol = {
  tokenOf: ({ headers }) => headers.authorization,
  contentType: 'application/json',
  answer: (expiration) =>
    JSON.stringify({
      AccessKeyId: accessKey,
      SecretAccessKey: secretKey,
      // The S3 server knows no sessions.
      Token: '',
      Expiration: expiration,
    }),
};

/** STS for IAM roles for service accounts: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`. */
export const webIdentity: Protocol = {
  tokenOf: (_, body) => {
    const form = new URLSearchParams(body);
    const isAsked = form.get('Action') === 'AssumeRoleWithWebIdentity' && form.get('RoleArn') !== null;
    return isAsked ? (form.get('WebIdentityToken') ?? undefined) : undefined;
  },
  contentType: 'text/xml',
  answer: (expiration) =>
    '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
    `<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${accessKey}</AccessKeyId>` +
    `<SecretAccessKey>${secretKey}</SecretAccessKey><SessionToken></SessionToken>` +
    `<Expiration>${expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>` +
    '</AssumeRoleWithWebIdentityResponse>',
};

/** Answers with credentials of the S3 server that expire at once, and with every answer puts a new token into the file. */
export async function startCredentialServer(
  protocol: Protocol,
  tokenFile: string,
): Promise<CredentialServer> {
  const valid = new Set<string>();
  const seen = new Set<string>();
  let refused = 0;
  const rotate = (): void => {
    const token = `token-${valid.size}`;
    valid.add(token);
    // Readers find the old token or the new one, as they do in a projected volume.
    writeFileSync(`${tokenFile}.new`, token);
    renameSync(`${tokenFile}.new`, tokenFile);
  };
  const server = createServer(async (request, answer) => {
    const token = protocol.tokenOf(request, await text(request));
    if (token === undefined || !valid.has(token)) {
      refused += 1;
      return void answer.writeHead(403).end();
    }
    seen.add(token);
    rotate();
    // The SDK renews what expires within minutes.
    const expiration = new Date(Date.now() + 60_000).toISOString();
    answer.writeHead(200, { 'content-type': protocol.contentType }).end(protocol.answer(expiration));
  }).listen(0, '127.0.0.1');
  rotate();
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    seen,
    get refused() {
      return refused;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
