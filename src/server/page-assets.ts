import { CodedError } from '../errors/coded-error.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** One static file of the page, kept in memory, so that responses never depend on the disk. */
export interface Asset {
  type: string
  body: Buffer
  gzipped: Buffer
}

/** The built page (`npm run build`), by path: `/assets/…`. */
export type PageAssets = ReadonlyMap<string, Asset>

export class PageError extends CodedError<'NOT_BUILT'> {
  override readonly name = 'PageError'
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * @param dir folder of the build, which contains `assets/`
 * @throws PageError if there is no build
 */
export function loadPageAssets(dir: string): PageAssets {
  try {
    const names = readdirSync(join(dir, 'assets'))
    return new Map(names.map((name) => [`/assets/${name}`, readAsset(join(dir, 'assets', name))]))
  } catch (cause) {
    throw new PageError(
      'NOT_BUILT',
      `the source's page is not built in ${dir}: run "npm run build"`,
      { cause },
    )
  }
}

export function makeAsset(type: string, body: Buffer): Asset {
  return { type, body, gzipped: gzipSync(body, { level: 9 }) }
}

function readAsset(path: string): Asset {
  return makeAsset(TYPES[extname(path)] ?? 'application/octet-stream', readFileSync(path))
}
