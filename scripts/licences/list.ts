import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Licences whose code may be part of a work under AGPL-3.0-or-later, according to the licence list
 * of the Free Software Foundation; BlueOak-1.0.0 is as permissive as MIT.
 */
const allowed = new Set([
  '0BSD',
  'AGPL-3.0-or-later',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Unlicense',
])

/**
 * Packages that are data of a development tool. They do not become a part of Tumen. caniuse-lite, a
 * table of browsers, is read by Babel, which mutation testing uses.
 */
const onlyRead = new Map([['caniuse-lite', 'CC-BY-4.0']])

/** The licences of packages that name theirs only in the README. */
const readByHand = new Map([['combine-errors@3.0.3', 'MIT']])

/** A package of the lock file. */
export interface Package {
  readonly name: string
  readonly version: string
  /** An SPDX expression, or `UNKNOWN`. */
  readonly licence: string
}

/** Whether an SPDX expression is allowed: one choice of an `OR` with every part of its `AND`. */
export function isAllowed(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())))
}

/** Whether Tumen may use the package at all. */
export function mayBeUsed({ name, licence }: Package): boolean {
  return isAllowed(licence) || onlyRead.get(name) === licence
}

/**
 * @param folder where package-lock.json and node_modules are
 * @returns the packages in the lock file's order, each name and version once
 */
export function listPackages(folder: string): Package[] {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; license?: string }>
  }
  const found = new Map<string, Package>()
  for (const [path, { version = '', license }] of Object.entries(lock.packages)) {
    if (path === '') continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const id = `${name}@${version}`
    const licence = license ?? installedLicence(join(folder, path)) ?? readByHand.get(id)
    found.set(id, { name, version, licence: licence ?? 'UNKNOWN' })
  }
  return [...found.values()]
}

/** Old packages have a list, `licenses`, which npm does not copy into the lock file. */
function installedLicence(folder: string): string | undefined {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return undefined
  const { license, licenses } = JSON.parse(readFileSync(path, 'utf8')) as {
    license?: string
    licenses?: { type: string }[]
  }
  return license ?? licenses?.map(({ type }) => type).join(' OR ')
}
