/**
 * A module to preload in tests that plants a fault into our source code, in this process and its
 * threads. `PLANT=src/store/fs-stage.ts:0` removes the first sync of that file; `PLANT=swap:3`
 * applies the swap with that index in `swaps.ts`, which reverses the order of two steps.
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
