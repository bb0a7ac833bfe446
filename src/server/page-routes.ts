import type { Express, Request, RequestHandler, Response } from 'express'
import { fingerprintGroups } from '../keyring/fingerprint.ts'
import { type Language, LANGUAGES } from '../page/languages.ts'
import {
  answersPage,
  homePage,
  type PageFrame,
  type ScriptFacts,
  sealedPage,
  type ServedFacts,
} from '../page/pages.ts'
import { keyringPath, keyringSignaturePath } from '../wire/names.ts'
import { languageOf } from './answer.ts'
import { type KeyringSource, requireKeyring, type ServedKeyring } from './keyring-source.ts'
import { IntakeError } from './errors.ts'
import { Memo } from './memo.ts'
import { type Asset, makeAsset, type PageAssets } from './page-assets.ts'
import { sendAsset } from './asset-routes.ts'
import { route, send, sendPage } from './routing.ts'

/**
 * Maximum of cached pages with scripts: for each language one for answers, and one start page for
 * each of the few host names of a service.
 */
const MOST_HOMES = 64

/** Adds the pages that need no script, and the keyring in all its formats. */
export function addPages(
  app: Express,
  { keyring, page }: { keyring: KeyringSource; page: PageAssets },
): void {
  const homes = new WeakMap<ServedKeyring, Memo<Asset>>()
  const cached = (served: ServedKeyring, key: string, make: () => string): Asset => {
    const memo = homes.get(served) ?? new Memo<Asset>(MOST_HOMES)
    homes.set(served, memo)
    return memo.get(key, () => makeAsset('text/html; charset=utf-8', Buffer.from(make())))
  }
  const scriptOf = ({ rootKey }: ServedKeyring, language: Language): ScriptFacts => ({
    rootKey,
    preloads: wordsOf(page, language),
  })
  const home: RequestHandler = (request, response) => {
    const frame = frameOf(request, response, keyring)
    const served = requireKeyring(keyring)
    const host = request.headers.host ?? ''
    const script = scriptOf(served, frame.language)
    const asset = cached(served, `${frame.language} ${host}`, () =>
      homePage({ ...frame, keyring: factsOf(served), host, script }),
    )
    sendAsset(request, response, asset)
  }
  const answers: RequestHandler = (request, response) => {
    const frame = frameOf(request, response, keyring)
    const served = requireKeyring(keyring)
    const script = scriptOf(served, frame.language)
    const asset = cached(served, `${frame.language}/answers`, () =>
      answersPage({ ...frame, script }),
    )
    sendAsset(request, response, asset)
  }
  const sealed: RequestHandler = (request, response) =>
    sendPage(
      request,
      response,
      sealedPage({
        ...frameOf(request, response, keyring),
        keyring: factsOf(requireKeyring(keyring)),
      }),
    )
  const file =
    (type: string, pick: (served: ServedKeyring) => string | Uint8Array): RequestHandler =>
    (_request, response) =>
      send(response, type, pick(requireKeyring(keyring)))
  const text = 'text/plain; charset=utf-8'
  addOrganisation(app, keyring)
  route(app, ['/', ...LANGUAGES.map((language) => `/${language}`)], home)
  route(
    app,
    LANGUAGES.map((language) => `/${language}/answers`),
    answers,
  )
  route(app, ['/sealed'], sealed)
  route(
    app,
    [keyringPath],
    file('application/json', (served) => served.json),
  )
  route(
    app,
    [keyringSignaturePath],
    file(text, (served) => served.signature),
  )
  route(
    app,
    ['/recipients.txt'],
    file(text, (served) => served.recipients),
  )
  route(
    app,
    ['/recipients-x25519.txt'],
    file(text, (served) => served.recipientsX25519),
  )
}

/** Serves the organisation's description exactly as the root signed it. */
function addOrganisation(app: Express, { organisation }: KeyringSource): void {
  const file =
    (type: string, content: Uint8Array | undefined): RequestHandler =>
    (_request, response) => {
      if (content === undefined) throw new IntakeError('NOT_FOUND', 'no organisation.json')
      send(response, type, content)
    }
  route(app, ['/organisation.json'], file('application/json', organisation?.bytes))
  route(
    app,
    ['/organisation.json.minisig'],
    file('text/plain; charset=utf-8', organisation?.signature),
  )
}

/** The texts that the app requests first. Announcing them saves a round trip on a slow circuit. */
function wordsOf(page: PageAssets, language: string): string[] {
  return [...page.keys()].filter((path) => path.startsWith(`/assets/words-${language}-first-`))
}

export function pageFrame(language: Language, { isDemo, organisation }: KeyringSource): PageFrame {
  return { language, isDemo, organisation: organisation?.organisation ?? null }
}

export function frameOf(request: Request, response: Response, keyring: KeyringSource): PageFrame {
  response.vary('Accept-Language')
  return pageFrame(languageOf(request), keyring)
}

function factsOf({ fingerprint, staff, expires }: ServedKeyring): ServedFacts {
  return {
    hex: fingerprint,
    fingerprint: fingerprintGroups(fingerprint).split(' '),
    recipients: staff,
    expires,
  }
}
