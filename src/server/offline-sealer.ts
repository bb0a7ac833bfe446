import { createHash } from 'node:crypto'
import type { LoadedOrganisation } from '../keyring/load-organisation.ts'
import type { Language } from '../page/languages.ts'
import { offlineSealerPage } from '../page/offline/document.ts'
import { organisationFor } from '../page/pages.ts'
import { titleOf } from '../page/view/frame.ts'
import type { ServedKeyring } from './keyring-source.ts'
import { type Asset, makeAsset, type PageAssets } from './page-assets.ts'

/** Paths of the offline sealer's parts in the build. */
const SCRIPT = '/assets/offline.js'
const STYLE = '/assets/style.css'

/**
 * The offline sealer for one keyring: a single file that makes no request and whose own policy
 * forbids every connection. Null if the build does not contain it.
 */
export function makeOfflineSealer(
  page: PageAssets,
  keyring: ServedKeyring,
  language: Language,
  organisation: LoadedOrganisation | null = null,
): Asset | null {
  const [script, style] = [page.get(SCRIPT), page.get(STYLE)]
  if (script === undefined || style === undefined) return null
  const parts = { script: script.body.toString('utf8'), style: style.body.toString('utf8') }
  const document = offlineSealerPage({
    ...parts,
    language,
    title: titleOf(organisationFor(organisation?.organisation ?? null, language)),
    policy: policyOf(parts),
    trust: {
      keyring: base64(keyring.json),
      signature: base64(keyring.signature),
      rootKey: keyring.rootKey,
      organisation: organisation && base64(organisation.bytes),
      organisationSignature: organisation && base64(organisation.signature),
    },
  })
  return makeAsset('text/html; charset=utf-8', Buffer.from(document))
}

function policyOf({ script, style }: { script: string; style: string }): string {
  return [
    `default-src 'none'`,
    `script-src ${digestSource(script)}`,
    `style-src ${digestSource(style)}`,
    `form-action 'none'`,
    `base-uri 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ')
}

/** The hash source (CSP Level 3 §2.3.1) that allows exactly this inline text. */
function digestSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
