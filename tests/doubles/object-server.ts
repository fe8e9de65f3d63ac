import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does wrong. */
export interface ObjectFaults {
  /** Keeps all but the last byte of what it is sent. */
  truncates?: boolean;
  /** Knows an object and does not list it. */
  hides?: boolean;
  /** Answers the end of an upload in parts with 200 and an error in it. */
  failsAtEnd?: boolean;
  /** Ends its answers in the middle. */
  breaksOff?: boolean;
}

/** A real server that speaks as much of the S3 API as an upload needs, paths beginning with the bucket. It holds every request against its signature, and every body against its digest. */
export interface ObjectServer {
  url: string;
  host: string;
  objects: Map<string, Buffer>;
  /** Uploads in parts that nobody ended. */
  uploads: Map<string, Map<number, Buffer>>;
  /** Method and path of each request that was taken. */
  asked: string[];
  faults: ObjectFaults;
  stop(): Promise<void>;
}

export const access = { keyId: 'AKIDTEST', secret: 'canary/of+the/object/store', region: 'eu-test-1' };

/** Starts it on a port of 127.0.0.1. */
export async function startObjectServer(): Promise<ObjectServer> {
  const state = {
    objects: new Map<string, Buffer>(),
    uploads: new Map<string, Map<number, Buffer>>(),
    asked: [] as string[],
  };
  const faults: ObjectFaults = {};
  const server = createServer((request, response) => {
    void readBody(request).then((body) => answer({ request, response, body }, { ...state, faults }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...state,
    url: `http://${host}`,
    host,
    faults,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type State = Pick<ObjectServer, 'objects' | 'uploads' | 'asked' | 'faults'>;
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function answer({ request, response, body }: Exchange, state: State): void {
  const url = new URL(request.url ?? '', 'http://x');
  const refuse = (status: number, code: string): void =>
    void response.writeHead(status).end(request.method === 'HEAD' ? '' : `<Error><Code>${code}</Code></Error>`);
  const digest = createHash('sha256').update(body).digest('hex');
  if (request.headers['x-amz-content-sha256'] !== digest) return refuse(400, 'XAmzContentSHA256Mismatch');
  if (request.headers.authorization !== authorizationOf(request, url, digest))
    return refuse(403, 'SignatureDoesNotMatch');
  state.asked.push(`${request.method} ${url.pathname}${url.search}`);
  const key = decodeURIComponent(url.pathname.slice(1));
  const { objects, faults } = state;
  const keep = (bytes: Buffer): void => void objects.set(key, faults.truncates ? bytes.subarray(0, -1) : bytes);
  if (url.searchParams.has('list-type')) return list(response, { key, url, state });
  if (url.searchParams.has('uploads') || url.searchParams.has('uploadId'))
    return takeParts({ request, response, body }, { url, key, state, keep, refuse });
  const object = objects.get(key);
  if (request.method === 'PUT') {
    if (object !== undefined && request.headers['if-none-match'] === '*') return refuse(412, 'PreconditionFailed');
    keep(body);
    return void response.end();
  }
  if (object === undefined) return refuse(404, 'NoSuchKey');
  if (request.method === 'DELETE') {
    objects.delete(key);
    return void response.writeHead(204).end();
  }
  response.writeHead(200, { 'content-length': object.length });
  if (request.method === 'HEAD') return void response.end();
  if (!faults.breaksOff) return void response.end(object);
  response.write(object.subarray(0, Math.floor(object.length / 2)), () => response.destroy());
}

function list(response: ServerResponse, { key, url, state }: { key: string; url: URL; state: State }): void {
  const prefix = `${key}/${url.searchParams.get('prefix') ?? ''}`;
  const found = state.faults.hides ? [] : [...state.objects].filter(([name]) => name.startsWith(prefix));
  const lines = found.map(
    ([name, bytes]) => `<Contents><Key>${name.slice(key.length + 1)}</Key><Size>${bytes.length}</Size></Contents>`,
  );
  response.end(`<?xml version="1.0"?><ListBucketResult>${lines.join('')}</ListBucketResult>`);
}

interface PartScene {
  url: URL;
  key: string;
  state: State;
  keep: (bytes: Buffer) => void;
  refuse: (status: number, code: string) => void;
}

function takeParts({ request, response, body }: Exchange, { url, key, state, keep, refuse }: PartScene): void {
  const { uploads, objects, faults } = state;
  if (url.searchParams.has('uploads')) {
    const id = `upload-${uploads.size + 1}`;
    uploads.set(id, new Map());
    return void response.end(
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  const id = url.searchParams.get('uploadId') ?? '';
  const parts = uploads.get(id);
  if (parts === undefined) return refuse(404, 'NoSuchUpload');
  if (request.method === 'DELETE') {
    uploads.delete(id);
    return void response.writeHead(204).end();
  }
  if (request.method === 'PUT') {
    parts.set(Number(url.searchParams.get('partNumber')), body);
    return void response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
  }
  if (faults.failsAtEnd) return refuse(200, 'InternalError');
  if (objects.has(key) && request.headers['if-none-match'] === '*') return refuse(412, 'PreconditionFailed');
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]+)<\/ETag>/g)];
  const bytes = named.map(([, number, tag]) => {
    const part = parts.get(Number(number));
    const known = part && `&quot;${createHash('md5').update(part).digest('hex')}&quot;`;
    return known === tag ? part : undefined;
  });
  if (bytes.length === 0 || bytes.includes(undefined)) return refuse(400, 'InvalidPart');
  uploads.delete(id);
  keep(Buffer.concat(bytes as Buffer[]));
  response.end('<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>');
}

/** The header that a request has to carry, worked out from nothing but what came (AWS Signature Version 4). */
function authorizationOf({ method, headers }: IncomingMessage, url: URL, digest: string): string {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const names = signed.split(';');
  if (!names.includes('host') || !names.includes('x-amz-content-sha256') || !names.includes('x-amz-date'))
    return 'refused';
  const at = String(headers['x-amz-date']);
  const escape = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams].map(([name, value]) => `${escape(name)}=${escape(value)}`).toSorted();
  const path = url.pathname
    .split('/')
    .map((part) => escape(decodeURIComponent(part)))
    .join('/');
  const lines = names.map((name) => `${name}:${String(headers[name]).trim()}`);
  const canonical = [method, path, query.join('&'), ...lines, '', signed, digest].join('\n');
  const scope = `${at.slice(0, 8)}/${access.region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', at, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const chain = [at.slice(0, 8), access.region, 's3', 'aws4_request'];
  const key = chain.reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${access.secret}`,
  );
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=${access.keyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}
