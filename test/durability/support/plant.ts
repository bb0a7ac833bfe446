/**
 * A preload for a test, which no product code knows of. `PLANT=src/store/fs-stage.ts:0` turns the
 * first sync of that file into nothing, `PLANT=swap:3` puts two steps into the wrong order; in this
 * process and in its threads.
 */
import { registerHooks } from 'node:module'
import { swaps } from './swaps.ts'
import { withoutSync } from './syncs.ts'

const [place = '', number = '0'] = (process.env['PLANT'] ?? '').split(':')
const swap = place === 'swap' ? swaps[Number(number)] : undefined
const path = swap?.path ?? place

function change(source: string): string {
  if (swap === undefined) return withoutSync(source, Number(number))
  if (source.split(swap.from).length !== 2)
    throw new Error(`${swap.path} has changed: ${swap.what}`)
  return source.replace(swap.from, () => swap.to)
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (path === '' || !url.endsWith(`/${path}`)) return loaded
    return { ...loaded, source: change(String(loaded.source)) }
  },
})
