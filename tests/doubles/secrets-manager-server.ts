import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  id: string;
  stages: string[];
  text: string | null;
  binary: Buffer | null;
}

/** A small real server that speaks GetSecretValue, PutSecretValue and UpdateSecretVersionStage of AWS Secrets Manager and refuses every request whose signature does not hold. */
export interface SecretsManagerServer {
  url: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  region: string;
  /** Names that were asked for with a good signature. */
  calls: string[];
  put(name: string, value: string | Buffer, stage?: string): void;
  /** Stages of every version of a secret that has one, in the order of writing. */
  stagesOf(name: string): string[][];
  /** Done once, ahead of the next request that moves this stage. */
  beforeMoveOf(stage: string, act: () => void): void;
  /** How it answers everything from now on; null for as it should. */
  behave(how: 'denied' | 'garbage' | 'hang' | 'broken' | 'deleted' | null): void;
  stop(): Promise<void>;
}

/** Starts it on a port of 127.0.0.1. */
export async function startSecretsManager(): Promise<SecretsManagerServer> {
  const credentials = { accessKeyId: 'AKIDDOUBLE', secretAccessKey: 'double-secret-access-key-93b1' };
  const region = 'eu-north-1';
  const secrets = new Map<string, Kept[]>();
  const calls: string[] = [];
  const ahead = new Map<string, () => void>();
  let mood: Parameters<SecretsManagerServer['behave']>[0] = null;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const fault = signatureFault(request, body, { ...credentials, region });
      if (fault !== null) return refuse(response, 400, 'InvalidSignatureException', fault);
      if (mood !== null) return misbehave(mood, response);
      calls.push(body.toString());
      const asked = JSON.parse(body.toString()) as Asked;
      const deed = String(request.headers['x-amz-target']).split('.')[1];
      if (deed === 'PutSecretValue') return write(asked, response, secrets);
      if (deed !== 'UpdateSecretVersionStage') return answer(asked, response, secrets);
      ahead.get(asked.VersionStage!)?.();
      ahead.delete(asked.VersionStage!);
      return move(asked, response, secrets);
    });
  });
  server.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials,
    region,
    calls,
    put: (name, value, stage = 'AWSCURRENT') => {
      const kept = secrets.get(name) ?? [];
      const id = `00000000-0000-4000-8000-${String(kept.length + 1).padStart(12, '0')}`;
      const isText = typeof value === 'string';
      secrets.set(name, [...kept, { id, stages: [], text: isText ? value : null, binary: isText ? null : value }]);
      attach(secrets.get(name)!, stage, id);
    },
    stagesOf: (name) =>
      (secrets.get(name) ?? []).map(({ stages }) => stages.toSorted()).filter((stages) => stages.length > 0),
    beforeMoveOf: (stage, act) => void ahead.set(stage, act),
    behave: (how) => {
      mood = how;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  SecretId: string;
  VersionId?: string;
  VersionStage?: string;
  VersionStages?: string[];
  ClientRequestToken?: string;
  SecretString?: string;
  SecretBinary?: string;
  MoveToVersionId?: string;
  RemoveFromVersionId?: string;
}

/** A stage stands on one version; what was current is previous then, as in AWS. */
function attach(kept: readonly Kept[], stage: string, id: string): void {
  const from = kept.find(({ stages }) => stages.includes(stage));
  for (const each of kept) each.stages = each.stages.filter((one) => one !== stage);
  kept.find((each) => each.id === id)!.stages.push(stage);
  if (stage === 'AWSCURRENT' && from !== undefined && from.id !== id) attach(kept, 'AWSPREVIOUS', from.id);
}

function write(asked: Asked, response: ServerResponse, secrets: Map<string, Kept[]>): void {
  const kept = secrets.get(asked.SecretId);
  if (!kept) return refuse(response, 400, 'ResourceNotFoundException', 'no such secret');
  const { ClientRequestToken: id = '', SecretString: text = null, SecretBinary: binary } = asked;
  if (id.length < 32) return refuse(response, 400, 'InvalidParameterException', 'no token');
  kept.push({ id, stages: [], text, binary: binary === undefined ? null : Buffer.from(binary, 'base64') });
  for (const stage of asked.VersionStages ?? ['AWSCURRENT']) attach(kept, stage, id);
  send(response, 200, { Name: asked.SecretId, VersionId: id });
}

function move(asked: Asked, response: ServerResponse, secrets: Map<string, Kept[]>): void {
  const kept = secrets.get(asked.SecretId);
  if (!kept) return refuse(response, 400, 'ResourceNotFoundException', 'no such secret');
  const { VersionStage: stage = '', MoveToVersionId: to, RemoveFromVersionId: from } = asked;
  const holder = kept.find(({ stages }) => stages.includes(stage));
  if (holder?.id !== from && !(to !== undefined && holder?.id === to))
    return refuse(response, 400, 'InvalidParameterException', 'the stage is attached to another version');
  if (to === undefined) holder!.stages = holder!.stages.filter((one) => one !== stage);
  else attach(kept, stage, to);
  send(response, 200, { Name: asked.SecretId });
}

function answer(
  { SecretId, VersionId, VersionStage }: Asked,
  response: ServerResponse,
  secrets: Map<string, Kept[]>,
): void {
  const kept = secrets.get(SecretId) ?? [];
  const found = kept.find(({ id, stages }) =>
    VersionId ? id === VersionId : stages.includes(VersionStage ?? 'AWSCURRENT'),
  );
  if (!found)
    return refuse(response, 400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  send(response, 200, {
    ARN: `arn:aws:secretsmanager:eu-north-1:123456789012:secret:${SecretId}-AbCdEf`,
    Name: SecretId,
    VersionId: found.id,
    VersionStages: found.stages,
    CreatedDate: 1_793_520_000.5,
    ...(found.text === null ? { SecretBinary: found.binary!.toString('base64') } : { SecretString: found.text }),
  });
}

function misbehave(mood: NonNullable<Parameters<SecretsManagerServer['behave']>[0]>, response: ServerResponse): void {
  if (mood === 'denied')
    refuse(response, 400, 'AccessDeniedException', 'not authorized to perform secretsmanager:GetSecretValue');
  if (mood === 'deleted') refuse(response, 400, 'InvalidRequestException', 'the secret is scheduled for deletion');
  if (mood === 'garbage') response.writeHead(200).end('<html>hello</html>');
  if (mood === 'broken') refuse(response, 500, 'InternalServiceError', 'broken');
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  send(response, status, { __type: type, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

/** Signature Version 4 of AWS ("Create a signed AWS API request"), checked from the bytes that came: why it does not hold, or null. */
function signatureFault(
  request: IncomingMessage,
  body: Buffer,
  key: { accessKeyId: string; secretAccessKey: string; region: string },
): string | null {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/secretsmanager\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const match = pattern.exec(request.headers.authorization ?? '');
  if (!match) return 'no authorization of this form';
  const [, id, day, region, signedHeaders, signature] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const date = String(request.headers['x-amz-date'] ?? '');
  if (id !== key.accessKeyId || region !== key.region || !date.startsWith(day)) return 'another key, region or day';
  if (!signedHeaders.split(';').includes('host')) return 'the host is not signed';
  const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}\n`);
  const canonical = [request.method, '/', '', headers.join(''), signedHeaders, hash(body)].join('\n');
  const scope = `${day}/${region}/secretsmanager/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n');
  const mac = (secret: string | Buffer, text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  const signing = ['aws4_request'].reduce(
    mac,
    mac(mac(mac(`AWS4${key.secretAccessKey}`, day), region), 'secretsmanager'),
  );
  const expected = mac(signing, toSign);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? null : 'the signature does not match';
}
