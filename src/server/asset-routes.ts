import { readFileSync } from 'node:fs'
import type { Express, Request, Response } from 'express'
import type { Language } from '../page/languages.ts'
import { ICON_PATH } from '../page/pages.ts'
import { languageOf } from './answer.ts'
import { IntakeError } from './errors.ts'
import { type KeyringSource, requireKeyring, type ServedKeyring } from './keyring-source.ts'
import { makeOfflineSealer } from './offline-sealer.ts'
import { type Asset, makeAsset, type PageAssets } from './page-assets.ts'

/**
 * The page's own files, by their exact paths. They are served even when the keyring has expired:
 * the page that reports this needs them.
 */
export function addAssets(app: Express, page: PageAssets): void {
  app.get('/assets/:name', (request, response, next) => {
    const asset = page.get(request.path)
    if (asset === undefined) next()
    else sendAsset(request, response, asset)
  })
}

const ICON = makeAsset('image/svg+xml', readFileSync(new URL('../page/icon.svg', import.meta.url)))

export function addIcon(app: Express): void {
  app.get(ICON_PATH, (request, response) => sendAsset(request, response, ICON))
}

/**
 * Always served as a download: opened in the browser from here, the sealer would have network
 * access and a different policy.
 */
export function addOfflineSealer(
  app: Express,
  { page, keyring }: { page: PageAssets; keyring: KeyringSource },
): void {
  const made = new WeakMap<ServedKeyring, Map<Language, Asset | null>>()
  /**
   * Made once for each keyring and language: it is the largest response that anybody can request.
   */
  const assetFor = (served: ServedKeyring, language: Language): Asset | null => {
    const assets = made.get(served) ?? new Map<Language, Asset | null>()
    made.set(served, assets)
    if (!assets.has(language))
      assets.set(language, makeOfflineSealer(page, served, language, keyring.organisation))
    return assets.get(language) ?? null
  }
  app.get('/offline-sealer.html', (request, response) => {
    const asset = assetFor(requireKeyring(keyring), languageOf(request))
    if (asset === null) throw new IntakeError('NOT_FOUND', 'no offline sealer in this build')
    response.attachment('page.html')
    sendAsset(request, response, asset)
  })
}

export function sendAsset(request: Request, response: Response, asset: Asset): void {
  response.vary('Accept-Encoding').type(asset.type)
  if (request.acceptsEncodings('gzip') !== 'gzip') return void response.send(asset.body)
  response.set('Content-Encoding', 'gzip').send(asset.gzipped)
}
