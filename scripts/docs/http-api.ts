import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { textsOf } from '../../src/page/all-texts.ts'
import { LANGUAGES } from '../../src/page/languages.ts'
import { ICON_PATH } from '../../src/page/pages.ts'
import {
  chunkType,
  envelopeField,
  envelopeType,
  keyringField,
  receiptHeader,
  receiptsPath,
  repliesPath,
  submissionsPath,
  tusVersion,
  uploadsPath,
} from '../../src/wire/names.ts'
import { problemStatus } from '../../src/wire/problem-codes.ts'
import { proofHeader } from '../../src/wire/proof-header.ts'
import type { RequestKind } from './problems.ts'
import { problemsOf } from './problems.ts'

type Json = Readonly<Record<string, unknown>>

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const content = (type: string, schema: Json = {}): Json => ({ content: { [type]: { schema } } })
const html = content('text/html')
const json = (name: string): Json => content('application/json', ref(name))
const pathParameter = (name: string, pattern: string): Json => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', pattern },
})
const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
})

/** One response for each status of the problems that this kind of request can cause. */
function refusals(kind: RequestKind): Json {
  const codes = Map.groupBy(problemsOf[kind], (code) => problemStatus[code])
  return Object.fromEntries(
    [...codes]
      .sort(([one], [other]) => one - other)
      .map(([status, group]) => [
        String(status),
        {
          description: group.toSorted().join(', '),
          content: {
            'application/problem+json': { schema: ref('Problem') },
            'text/html': {},
          },
        },
      ]),
  )
}

interface Operation {
  readonly summary: string
  readonly kind: RequestKind
  readonly more?: Json
  readonly responses: Json
}

function operation({ summary, kind, more = {}, responses }: Operation): Json {
  return { summary, ...more, responses: { ...responses, ...refusals(kind) } }
}

const readPage = (summary: string): Json => ({
  get: operation({
    summary,
    kind: 'page',
    responses: { 200: { description: 'The page', ...html } },
  }),
})
const readKeyring = (summary: string, type: string): Json => ({
  get: operation({
    summary,
    kind: 'keyring',
    responses: { 200: { description: 'The file', ...content(type) } },
  }),
})
const readAsset = (summary: string, type: string, kind: RequestKind = 'asset'): Json => ({
  get: operation({
    summary,
    kind,
    responses: { 200: { description: 'The file', ...content(type) } },
  }),
})

const proof = header(
  proofHeader,
  'A solution, or `none` from a client that can work one out. Without it no proof is asked for.',
)
const tusHeader = header('Tus-Resumable', tusVersion)

const submissions: Json = {
  post: operation({
    summary: 'Send a whole envelope, as a form or as it is',
    kind: 'submission',
    more: {
      parameters: [proof],
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: [envelopeField],
              properties: {
                [envelopeField]: { type: 'string', format: 'binary' },
                [keyringField]: {
                  type: 'string',
                  description: 'Fingerprint of the keyring the tip was sealed to; only counted',
                },
              },
            },
          },
          [envelopeType]: { schema: { type: 'string', format: 'binary' } },
        },
      },
    },
    responses: {
      201: {
        description: 'For a program: the envelope and its name are on the disk',
        ...json('Received'),
      },
      200: {
        description:
          'For a browser: a page with the receipt in one element, the one with `data-receipt`. No address holds it.',
        content: { 'text/html': { schema: { type: 'string' } } },
      },
    },
  }),
}

const uploads: Json = {
  post: operation({
    summary: 'Start a resumable upload (tus creation)',
    kind: 'creation',
    more: {
      parameters: [
        tusHeader,
        header('Upload-Length', 'Length of the whole envelope in bytes'),
        header('Upload-Metadata', `Only the key \`${keyringField}\` is read`),
        proof,
      ],
    },
    responses: { 201: { description: 'Created; `Location` is the address of the upload' } },
  }),
  options: operation({
    summary: 'What this server speaks (tus)',
    kind: 'creation',
    responses: { 204: { description: 'Version, extensions and largest size, in headers' } },
  }),
}

const upload: Json = {
  parameters: [pathParameter('id', '^[0-9a-f]{32}$')],
  head: operation({
    summary: 'How much of an upload has arrived',
    kind: 'upload',
    more: { parameters: [tusHeader] },
    responses: { 200: { description: '`Upload-Offset` and `Upload-Length`' } },
  }),
  patch: operation({
    summary: 'Continue an upload',
    kind: 'upload',
    more: {
      parameters: [tusHeader, header('Upload-Offset', 'Where this part starts')],
      requestBody: {
        required: true,
        ...content(chunkType, { type: 'string', format: 'binary' }),
      },
    },
    responses: {
      204: { description: `The part is kept. The last one is answered with \`${receiptHeader}\`` },
    },
  }),
  delete: operation({
    summary: 'Remove an unfinished upload (tus termination)',
    kind: 'upload',
    more: { parameters: [tusHeader] },
    responses: { 204: { description: 'Removed' } },
  }),
  options: operation({
    summary: 'What this server speaks (tus)',
    kind: 'upload',
    responses: { 204: { description: 'Version, extensions and largest size, in headers' } },
  }),
}

const receipts: Json = {
  get: readPage('A form to ask about a receipt')['get'],
  post: operation({
    summary: 'Ask about a receipt without writing it into an address',
    kind: 'receiptForm',
    more: {
      requestBody: {
        required: true,
        ...content('application/x-www-form-urlencoded', {
          type: 'object',
          properties: { receipt: { type: 'string' } },
        }),
      },
    },
    responses: { 200: { description: 'What became of the tip', ...json('State') } },
  }),
}

const receipt: Json = {
  parameters: [pathParameter('receipt', '^[0-9a-f]{64}$')],
  get: operation({
    summary: 'What became of a tip',
    kind: 'receipt',
    responses: { 200: { description: 'Its state', ...json('State') } },
  }),
}

const reply: Json = {
  parameters: [
    {
      ...pathParameter(
        'name',
        '^(index(-[0-9A-F]{16})?\\.json(\\.minisig)?|[0-9a-f]{32}\\.tar(\\.minisig)?|newest\\.tar|older-[1-9][0-9]*\\.tar)$',
      ),
      description:
        '`index.json` is the index of the first desk of the keyring, `index-<key id>.json` that of each further one; `<drop id>.tar` is a drop of 15 sealed answers and `opened.tags`; each of these has a `.minisig`. `newest.tar` holds the indexes, their signatures and the newest 14 drops, `older-1.tar` the next 14, and so on. The bytes are the same for everybody, and change at steps only. Without an index, all of them are NOT_FOUND.',
    },
  ],
  get: operation({
    summary: "The desk's answers",
    kind: 'reply',
    more: { parameters: [header('Range', 'One range of bytes, to go on with what broke off')] },
    responses: {
      200: {
        description: 'The file',
        content: { 'application/json': {}, 'text/plain': {}, 'application/x-tar': {} },
      },
      206: {
        description: 'The part that Range asks for',
        content: { 'application/json': {}, 'text/plain': {}, 'application/x-tar': {} },
      },
    },
  }),
}

/** Every address of the public listener, by its path in Express. */
export const paths: Readonly<Record<string, Json>> = {
  '/': readPage("The source's page, in the language that the browser asks for"),
  ...Object.fromEntries(
    LANGUAGES.map((language) => [`/${language}`, readPage(`The source's page, in ${language}`)]),
  ),
  ...Object.fromEntries(
    LANGUAGES.map((language) => [
      `/${language}/answers`,
      readPage(`Where a source reads answers, in ${language}`),
    ]),
  ),
  '/sealed': readPage('Where a browser without scripts arrives after sealing by hand'),
  '/assets/{name}': {
    parameters: [pathParameter('name', '^[A-Za-z0-9._-]+$')],
    ...readAsset("A file of the page's own", 'text/javascript'),
  },
  [ICON_PATH]: readAsset('The icon', 'image/svg+xml'),
  '/offline-sealer.html': readAsset(
    'A sealer that works without a network',
    'text/html',
    'receipt',
  ),
  '/keyring.json': readKeyring('The signed keyring', 'application/json'),
  '/keyring.json.minisig': readKeyring("The root's signature over the keyring", 'text/plain'),
  '/organisation.json': readKeyring('Who the organisation is, if it says so', 'application/json'),
  '/organisation.json.minisig': readKeyring(
    "The root's signature over organisation.json",
    'text/plain',
  ),
  '/recipients.txt': readKeyring('The post-quantum recipients, for `age -R`', 'text/plain'),
  '/recipients-x25519.txt': readKeyring('The classic recipients, for age before 1.3', 'text/plain'),
  [submissionsPath]: submissions,
  [uploadsPath]: uploads,
  [`${uploadsPath}/{id}`]: upload,
  [receiptsPath]: receipts,
  [`${receiptsPath}/{receipt}`]: receipt,
  [`${repliesPath}/{name}`]: reply,
}

const problemTexts = textsOf('en').problems.texts

const schemas: Json = {
  Receipt: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the envelope' },
  Received: {
    type: 'object',
    required: ['receipt', 'bytes'],
    properties: { receipt: ref('Receipt'), bytes: { type: 'integer' } },
  },
  State: {
    type: 'object',
    required: ['state'],
    properties: { state: { enum: ['accepted', 'stored', 'collected'] } },
  },
  ProblemCode: {
    type: 'string',
    description: 'Stable. Clients compare this and nothing else.',
    oneOf: Object.entries(problemStatus).map(([code, status]) => ({
      const: code,
      description: `${status}: ${problemTexts[code as keyof typeof problemTexts][0]}`,
    })),
  },
  Problem: {
    type: 'object',
    description: 'RFC 9457. `challenge` comes with PROOF_OF_WORK_NEEDED only.',
    required: ['type', 'status', 'code', 'title', 'detail'],
    properties: {
      type: { const: 'about:blank' },
      status: { type: 'integer' },
      code: ref('ProblemCode'),
      title: { type: 'string' },
      detail: { type: 'string' },
      challenge: { type: 'object' },
    },
  },
}

/** The content of docs/http-api.yaml. */
export function httpApiYaml(): string {
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Tumen, the public listener',
      version,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
      description:
        'What the intake answers on TUMEN_LISTEN and on the onion. Browsers get a page where programs get JSON, by the Accept header. The connection needs no account, cookie or token. Resumable uploads follow tus 1.0.0.',
    },
    paths,
    components: { schemas },
  }
  return `# Made by npm run docs from src/wire and scripts/docs; do not edit.\n${stringify(document, { aliasDuplicateObjects: false, lineWidth: 100 })}`
}
